// A law fitted to a table that was made elsewhere: which columns it has, which of them a law wants, and the fit with the
// figures that show it. The same fits as for runs of the lab.
import type { Figure, FigureLine, Quantity } from '../catalog/studies/study.ts';
import { LabError } from '../core/failure.ts';
import { parseJsonLines, parseSeparated, type Table } from '../core/files/table.ts';
import { allocationCurves } from '../core/fits/allocation-curves.ts';
import { type ComparedForm, compareForms } from '../core/fits/compare-forms.ts';
import { fitting } from '../core/fits/fitting.ts';
import { type HeldRow, heldRows } from '../core/fits/held-rows.ts';
import { type Counting, type Fit, flopsPerParameterExample, type Law } from '../core/fits/law.ts';
import { type LawId, laws } from '../core/fits/laws.ts';
import { pointsOf, rowOf, type Sample } from '../core/fits/points.ts';
import { sampleOf } from '../core/fits/table-sample.ts';
import { type DrawnFigure, drawnFigure } from './drawn-figures.ts';

export interface TableFile {
  /** Its ending says how it is read: .csv, .tsv, .jsonl or .ndjson. */
  readonly name: string;
  readonly text: string;
}

export interface ColumnView {
  readonly name: string;
  /** Cells that are finite numbers, of all rows. */
  readonly numbers: number;
  /** The first cells, as text. */
  readonly examples: readonly string[];
}

export interface TableQuestion {
  readonly law: LawId;
  /** A column for each input of the law. */
  readonly x: readonly string[];
  readonly y: string;
  readonly group: string | null;
  readonly holdout: number;
  readonly resamples: number;
  readonly seed: number;
  readonly counting: Counting;
}

export interface TableFit {
  readonly fit: Omit<Fit, 'draws'>;
  readonly held: readonly HeldRow[];
  /** The law first. */
  readonly figures: readonly DrawnFigure[];
  /** Laws of one variable, the most credible first; empty where the law has several inputs. */
  readonly forms: readonly ComparedForm[];
}

/** @throws LabError `dataset-invalid` that names the file, the row and the column */
export function tableOf({ name, text }: TableFile): Table {
  if (/\.(jsonl|ndjson)$/i.test(name)) return parseJsonLines(name, text);
  return parseSeparated(name, text, /\.tsv$/i.test(name) ? 'tab' : 'comma');
}

const isNumber = (cell: unknown): boolean =>
  typeof cell === 'number'
    ? Number.isFinite(cell)
    : typeof cell === 'string' && cell.trim() !== '' && Number.isFinite(Number(cell));

export function columnsOf(file: TableFile): { columns: readonly ColumnView[]; rows: number } {
  const { columns, rows } = tableOf(file);
  return {
    rows: rows.length,
    columns: columns.map((name) => ({
      name,
      numbers: rows.filter(({ cells }) => isNumber(cells[name])).length,
      examples: rows.slice(0, 3).map(({ cells }) => String(cells[name] ?? '')),
    })),
  };
}

/** What people call the inputs of the laws, beside their letters. */
const NAMES: Readonly<Record<string, RegExp>> = {
  N: /^(n|params?|parameters|model.?size)$/i,
  D: /^(d|tokens|examples|images|data|train.?size)$/i,
  T: /^(t|examples.?seen|seen)$/i,
  C: /^(c|flops?|compute|training.?flops?)$/i,
  B: /^(b|batch|batch.?size|train\.batchSize)$/i,
};
const OUTCOMES = /loss|error|nll|perplexity|steps/i;

/** Columns that a law is likely to want: by letter, by name, else the first numbers that are left. */
export function guessColumns(
  law: Law,
  columns: readonly ColumnView[],
): { readonly x: readonly string[]; readonly y: string } {
  const numeric = columns.filter(({ numbers }) => numbers > 0).map(({ name }) => name);
  const outcomes = numeric.filter((name) => OUTCOMES.test(name));
  const y = outcomes.at(-1) ?? numeric.at(-1) ?? '';
  const left = numeric.filter((name) => name !== y);
  const x: string[] = [];
  for (const { name: letter } of law.inputs) {
    const free = left.filter((name) => !x.includes(name));
    x.push(
      free.find((name) => name === letter) ?? free.find((name) => NAMES[letter]?.test(name)) ?? free[0] ?? '',
    );
  }
  return { x, y };
}

const shown = (label: string): Quantity => ({ label, scale: 'log' });
const MOST_POINTS = 400;

function pointsIn(xs: Iterable<number>, ys: Iterable<number>): FigureLine['points'] {
  const y = [...ys];
  const all = [...xs].map((x, index) => ({
    x,
    y: y[index] as number,
    interval: null,
    runs: 1,
    doubt: null,
  }));
  const every = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, index) => index % every === 0);
}

/** The law and its rows, held-out ones aside. Rows of several inputs stand at their size. */
function mainFigure(
  law: Law,
  fit: Fit,
  held: readonly HeldRow[],
  sample: Sample,
  asked: TableQuestion,
): Figure {
  const { points } = pointsOf(law, sample);
  const rows = law.reduce?.(points, { counting: asked.counting }) ?? points;
  const k = law.id === laws['loss-surface'].id ? flopsPerParameterExample(asked.counting) : 1;
  const sizeAt = (row: number): number => k * law.size(rowOf(rows.inputs, row));
  const isHeld = new Set(held.map(({ inputs, y }) => `${inputs.join(' ')} ${y}`));
  const kept = [...rows.y.keys()].filter(
    (row) => !isHeld.has(`${rowOf(rows.inputs, row).join(' ')} ${rows.y[row]}`),
  );
  const several = law.inputs.length > 1 && !law.reduce;
  const x = several
    ? k > 1
      ? 'C, training FLOPs'
      : law.inputs.map(({ name }) => name).join(' × ')
    : `${law.inputs[0]?.name}, ${law.inputs[0]?.meaning}`;
  const line: FigureLine = {
    label: law.reduce ? 'optimal N' : asked.y,
    points: pointsIn(
      kept.map(sizeAt),
      kept.map((row) => rows.y[row] as number),
    ),
    fit,
    held: several ? held.map((row) => ({ ...row, inputs: [k * law.size(row.inputs)] })) : held,
    isScatter: true,
  };
  const y = law.reduce ? 'N, optimal parameters' : asked.y;
  return { title: `${law.label}: ${asked.y}`, x: shown(x), y: shown(y), lines: [line] };
}

/** Measured over predicted, row by row. */
function residualFigure(law: Law, fit: Fit, sample: Sample, { counting }: TableQuestion): Figure {
  const { points } = pointsOf(law, sample);
  const rows = law.reduce?.(points, { counting }) ?? points;
  const estimates = law.parameters.map(({ name }) => fit.parameters[name] as number);
  const at = [...rows.y.keys()];
  const ratio = at.map(
    (row) => (rows.y[row] as number) / law.predict(estimates, rowOf(rows.inputs, row), counting),
  );
  return {
    title: 'Residuals: measured over predicted',
    x: shown(law.inputs.length > 1 ? 'size' : (law.inputs[0]?.name ?? 'x')),
    y: { label: 'measured / predicted', scale: 'linear' },
    lines: [
      {
        label: 'rows',
        points: pointsIn(
          at.map((row) => law.size(rowOf(rows.inputs, row))),
          ratio,
        ),
        fit: null,
        isScatter: true,
      },
    ],
    rules: [{ at: 'y', value: 1, words: '' }],
  };
}

/** How a compute is best spent, by a law that has a and G. */
function allocationFigure(fit: Fit, computes: readonly number[], counting: Counting): Figure {
  const over = [Math.min(...computes), 4 * Math.max(...computes)] as const;
  return {
    title: 'Best use of a compute',
    x: { label: 'Training compute', unit: 'FLOP', scale: 'log' },
    y: shown('parameters, examples'),
    lines: allocationCurves(fit, over, counting).map((curve) => ({ ...curve, points: [], fit: null })),
  };
}

function figuresOf(law: Law, fit: Fit, sample: Sample, asked: TableQuestion): TableFit {
  const { counting } = asked;
  const held = heldRows(law, fit, sample, asked);
  const main = mainFigure(law, fit, held, sample, asked);
  const computes = main.lines.flatMap(({ points }) => points.map(({ x }) => x));
  const allocates = 'a' in { ...fit.parameters, ...fit.derived };
  const figures = [
    main,
    ...(allocates ? [allocationFigure(fit, computes, counting)] : []),
    residualFigure(law, fit, sample, asked),
  ];
  const { draws: _, ...rest } = fit;
  return {
    fit: rest,
    held,
    figures: figures.map((figure) => drawnFigure(figure, counting)),
    forms: formsOf(law, sample, asked.holdout),
  };
}

function formsOf(law: Law, sample: Sample, holdout: number): readonly ComparedForm[] {
  if (law.inputs.length > 1) return [];
  try {
    return compareForms(sample, holdout);
  } catch (error) {
    if (error instanceof LabError) return []; // Too little would be left for the others.
    throw error;
  }
}

/** Steps between which intervals are drawn again. */
const SHOWN = [0, 100, 250, 500];

/**
 * The fit without intervals, then with ever more resamples.
 * @throws LabError `dataset-invalid` that names what the table or the law lacks
 */
export function* fittingTable(
  file: TableFile,
  asked: TableQuestion,
): Generator<{ readonly fit: TableFit; readonly isFinal: boolean }> {
  const law: Law = laws[asked.law];
  const table = tableOf(file);
  const wanted = [...asked.x, asked.y, ...(asked.group === null ? [] : [asked.group])];
  const missing = wanted.find((name) => !table.columns.includes(name));
  if (missing !== undefined) {
    throw new LabError(
      'dataset-invalid',
      `${table.name} has no column "${missing}". There are: ${table.columns.join(', ')}.`,
    );
  }
  const sample = sampleOf(law, table, { ...asked, group: asked.group ?? undefined });
  const { holdout, resamples, seed, counting } = asked;
  const steps = fitting(law, sample, { bootstrap: resamples, seed, holdout, counting });
  for (;;) {
    const { done, value } = steps.next();
    if (done || SHOWN.includes(value.resamples)) {
      yield { fit: figuresOf(law, value, sample, asked), isFinal: done === true };
    }
    if (done) return;
  }
}
