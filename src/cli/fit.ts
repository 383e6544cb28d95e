// `lab fit`: a law fitted to a table or to the runs of a folder, as JSON, without a browser.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { LabError } from '../core/failure.ts';
import { parseJsonLines, parseSeparated, type Table } from '../core/files/table.ts';
import { fitting } from '../core/fits/fitting.ts';
import type { Counting, Fit, Law } from '../core/fits/law.ts';
import { type LawId, laws } from '../core/fits/laws.ts';
import { sampleOf } from '../core/fits/table-sample.ts';
import { curveRowsOf, type Row, rowOf, rowToTarget, targetOf } from '../experiment/measurement-row.ts';
import { readRuns } from './run-folders.ts';
import { UsageError } from './usage.ts';

export interface FitArguments {
  readonly law: LawId;
  /** Names of columns, comma-separated. */
  readonly x: string;
  readonly y: string;
  readonly holdout: number;
  readonly bootstrap: number;
  readonly seed: number;
  /** A column whose equal values make one configuration. */
  readonly group?: string;
  /** How column C was counted, and is counted where it is made. */
  readonly counting: Counting;
}

/** The one line that `lab fit` answers with. */
export type FitAnswer = Omit<Fit, 'draws'>;

type Report = (note: string) => void;

/** The rows of a file, by its ending, or of a folder of runs. `left` says what was left out. */
function readTable(
  path: string,
  { law, y, counting }: FitArguments,
): { table: Table; left: readonly string[] } {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such file or folder.`);
  if (statSync(path).isDirectory()) return runTable(path, laws[law], y, counting);
  const text = readFileSync(path, 'utf8');
  if (/\.(jsonl|ndjson)$/i.test(path)) return { table: parseJsonLines(path, text), left: [] };
  return { table: parseSeparated(path, text, /\.tsv$/i.test(path) ? 'tab' : 'comma'), left: [] };
}

function runTable(folder: string, law: Law, y: string, counting: Counting) {
  const runs = readRuns(folder);
  const left: string[] = [];
  const rows: { place: string; cells: Row }[] = [];
  for (const run of runs) {
    const place = `run ${run.name}`;
    if (run.outcome !== 'finished') {
      left.push(
        `Left out ${place}: it ${run.outcome === 'diverged' ? 'diverged' : `is ${run.outcome}, not finished`}.`,
      );
    } else if (targetOf(y)) {
      const row = rowToTarget(run, y, counting);
      if (row) rows.push({ place, cells: row });
      else left.push(`Left out ${place}: goal not reached.`);
    } else {
      const cells = law.id === laws.envelope.id ? curveRowsOf(run, y, counting) : [rowOf(run, counting)];
      rows.push(...cells.map((row) => ({ place, cells: row })));
    }
  }
  if (rows.length === 0) {
    throw new LabError(
      'dataset-invalid',
      `${folder}: none of its ${runs.length} runs can be fitted. ${left.join(' ')}`,
    );
  }
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))].sort();
  return { table: { name: folder, columns, rows }, left };
}

function requireColumns({ name, columns }: Table, wanted: readonly string[]): void {
  const missing = wanted.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  throw new UsageError(
    `${name} has no column ${missing.map((column) => `"${column}"`).join(', ')}. There are: ${columns.join(', ')}.`,
  );
}

/**
 * Fits and reports progress.
 * @throws UsageError for a file or column that is not there; LabError `dataset-invalid` where the rows cannot be fitted
 */
export function fitTable(path: string, options: FitArguments, report: Report): FitAnswer {
  const { y, group, counting, holdout, bootstrap, seed } = options;
  const law: Law = laws[options.law];
  const x = options.x.split(',').map((name) => name.trim());
  const { table, left } = readTable(path, options);
  requireColumns(table, [...x, y, ...(group === undefined ? [] : [group])]);
  for (const note of left) report(note);
  const sample = sampleOf(law, table, { x, y, group, counting });
  report(`Fitting ${law.label.toLowerCase()}, ${law.form}, to ${table.rows.length} rows.`);
  const steps = fitting(law, sample, { holdout, bootstrap, seed, counting });
  for (;;) {
    const { done, value } = steps.next();
    if (!done) {
      if (value.resamples % 250 === 0 && value.resamples > 0)
        report(`${value.resamples} of ${bootstrap} resamples`);
      continue;
    }
    const { draws: _, ...answer } = value;
    for (const warning of answer.warnings) report(`warning: ${warning}`);
    return { ...answer, warnings: [...left, ...answer.warnings] };
  }
}
