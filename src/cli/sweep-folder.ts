// The folder of `lab sweep`: one folder a trial, named by its run id, and `sweep.json` with the link and the grid. What
// is done is read off the trials' own files, so the folder alone is enough to go on.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../catalog/studies/study.ts';
import type { Failure } from '../core/failure.ts';
import type { Curve } from '../core/measurement.ts';
import type { Pruned } from '../experiment/prune.ts';
import type { Cell } from '../experiment/sweep/sweep.ts';
import type { Trial, TrialList } from '../experiment/sweep/trials.ts';
import { METRICS, RUN } from './run-folder.ts';
import type { TrainAnswer } from './train-on-page.ts';
import { UsageError } from './usage.ts';

const SWEEP = 'sweep.json';
const LOCK = 'sweep.lock';
const FINDING = 'finding.json';
/** Hexadecimal digits of the run id that name a trial's folder. */
const NAME_DIGITS = 16;

export const trialFolder = (out: string, { id }: Pick<Trial, 'id'>): string =>
  join(out, id.slice(0, NAME_DIGITS));

/** What the runs of a study say so far: its figures with every fitted law, and the verdict. */
export const writeFinding = (out: string, finding: Finding & Readonly<Record<string, unknown>>): void =>
  writeFileSync(join(out, FINDING), `${JSON.stringify(finding, null, 2)}\n`);

/** What `run.json` records of a trial, as far as a sweep asks. */
export interface TrialRecord {
  readonly id: string;
  readonly outcome: string;
  readonly dataset: { readonly sha256: string } | null;
  readonly environment: Pick<TrainAnswer, 'backend' | 'runner' | 'adapter'>;
  readonly measurement: Pick<TrainAnswer, 'steps' | 'seconds' | 'examplesPerSecond' | 'train' | 'test'>;
  readonly failure: Failure | null;
  readonly pruned?: Pruned;
}

/** Null where the folder has no whole record of this trial on this data. */
export function readRecord(folder: string, { id }: Trial, sha256: string): TrialRecord | null {
  const path = join(folder, RUN);
  if (!existsSync(path)) return null;
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as TrialRecord;
    return record.id === id && record.dataset?.sha256 === sha256 ? record : null;
  } catch {
    return null; // Cut off while it was written: the trial is trained anew.
  }
}

/** Nothing is left to train: finished, diverged, or given up for a rival. */
export const isSettled = ({ outcome, pruned }: TrialRecord): boolean =>
  outcome === 'finished' || outcome === 'diverged' || pruned !== undefined;

/** The validation losses of a trial's folder. */
export function validationLosses(folder: string): Curve {
  const path = join(folder, METRICS);
  const [steps, values]: [number[], number[]] = [[], []];
  if (!existsSync(path)) return { steps, values };
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (!line.includes('"validation/loss"')) continue;
    const row = JSON.parse(line) as { step: number; 'validation/loss': number | null };
    steps.push(row.step);
    values.push(row['validation/loss'] ?? Number.NaN);
  }
  return { steps, values };
}

interface SweepFile {
  readonly link: string;
  readonly trials: readonly {
    readonly folder: string;
    readonly runId: string;
    readonly cells: readonly Cell[];
    readonly mismatches: Trial['mismatches'];
  }[];
  readonly refused: readonly { readonly cell: Cell; readonly message: string }[];
}

export function writeSweep(out: string, link: string, { trials, refused }: TrialList): void {
  mkdirSync(out, { recursive: true });
  const file: SweepFile = {
    link,
    trials: trials.map((trial) => ({
      folder: trial.id.slice(0, NAME_DIGITS),
      runId: trial.id,
      cells: trial.cells,
      mismatches: trial.mismatches,
    })),
    refused: refused.map(({ cell, failure }) => ({ cell, message: failure.message })),
  };
  writeFileSync(join(out, SWEEP), `${JSON.stringify(file, null, 2)}\n`);
}

/** The link of a folder that an earlier `lab sweep` wrote. */
export function readSweepLink(out: string): string {
  const path = join(out, SWEEP);
  if (!existsSync(path)) throw new UsageError(`${path}: there is no sweep to go on with; name one.`);
  return (JSON.parse(readFileSync(path, 'utf8')) as SweepFile).link;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Keeps a second `lab sweep` out of the folder; the result lets it in again. */
export function lockFolder(out: string): () => void {
  mkdirSync(out, { recursive: true });
  const path = join(out, LOCK);
  if (existsSync(path)) {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0 && isAlive(pid))
      throw new Error(`${out}: another lab sweep (process ${pid}) works on this folder.`);
    rmSync(path, { force: true }); // It was killed.
  }
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  return () => rmSync(path, { force: true });
}
