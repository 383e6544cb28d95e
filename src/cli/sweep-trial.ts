// One trial of `lab sweep` on a page: gone on with or begun, its folder written, its line printed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '../experiment/address.ts';
import type { Lab, TrainOptions, TrainProgress, TrainResult } from '../experiment/lab-api.ts';
import type { BackendChoice, RunnerChoice } from '../experiment/protocol.ts';
import { areRivals } from '../experiment/prune.ts';
import { isOwnFailure } from '../experiment/queue.ts';
import type { Cell, Sweep } from '../experiment/sweep/sweep.ts';
import type { Trial } from '../experiment/sweep/trials.ts';
import type { LabPage } from './page.ts';
import { CHECKPOINT, recordedExecution, writeRun } from './run-folder.ts';
import { keepSnapshots } from './snapshots.ts';
import { readRecord, trialFolder, validationLosses } from './sweep-folder.ts';
import {
  answerOf,
  everySecond,
  loadFiles,
  progressLine,
  type TrainAnswer,
  trainOnPage,
} from './train-on-page.ts';

declare const lab: Lab;

/** What `lab sweep` was asked for. */
export interface SweepArguments {
  readonly backend: BackendChoice;
  readonly runner: RunnerChoice;
  readonly data?: string;
  readonly out: string;
  /** Pages that train at a time. */
  readonly jobs: number;
  readonly tuning: boolean;
  /** Weights whose body every trial starts from. */
  readonly init?: string | undefined;
}

/** One line of stdout: a run that is over. */
export interface SweepLine extends TrainAnswer {
  readonly folder: string;
  readonly cells: readonly Cell[];
  /** It was in the folder before. */
  readonly reused: boolean;
}

/** A failure that every trial would meet. */
export class Halt extends Error {}

export const firstLine = (error: unknown): string =>
  String((error as Error).message ?? error).split('\n')[0] ?? '';

/** What all trials of a sweep share. */
export interface Work {
  readonly sweep: Sweep;
  readonly all: readonly Trial[];
  readonly options: SweepArguments;
  readonly note: (text: string) => void;
  readonly print: (line: SweepLine) => void;
}

/** A page of the lab, ready for the trials: files loaded, kernels chosen as asked. */
export async function preparePage(
  opened: LabPage,
  { all, options }: Work,
): Promise<ReadonlyMap<string, string>> {
  const { page } = opened;
  if (!options.tuning) await page.evaluate(() => lab.setTuning(false));
  const hashes = new Map<string, string>();
  for (const dataset of new Set(all.map(({ config }) => config.data))) {
    if (options.data) await loadFiles(page, dataset, options.data);
    const { sha256 } = await page.evaluate((id) => lab.load(id), dataset);
    hashes.set(dataset, sha256);
  }
  return hashes;
}

/** Rivals of a trial that are finished in the folder. */
function rivalsOf(trial: Trial, hash: string, { sweep, all, options }: Work): TrainOptions['rivals'] {
  if (sweep.prune === null) return undefined;
  const rivals = all.flatMap((other) => {
    if (other.id === trial.id || !areRivals(trial.cells[0], other.cells[0], sweep.tune)) return [];
    const folder = trialFolder(options.out, other);
    const record = readRecord(folder, other, hash);
    if (record?.outcome !== 'finished') return [];
    return [{ losses: validationLosses(folder), totalSteps: record.measurement.steps }];
  });
  return { factor: sweep.prune, rivals };
}

/** Trains one trial and writes its folder; true: it is over. Throws what would meet every trial. */
export async function trainTrial(opened: LabPage, trial: Trial, hash: string, work: Work): Promise<boolean> {
  const { options, note, print } = work;
  const folder = trialFolder(options.out, trial);
  const before = readRecord(folder, trial, hash);
  const checkpoint = join(folder, CHECKPOINT);
  const goesOn = before !== null && existsSync(checkpoint);
  const written: { resume: string | undefined; readonly trace: number } = {
    resume: goesOn ? folder : undefined,
    trace: 0,
  };
  const name = trial.id.slice(0, 8);
  const onProgress = everySecond((progress: TrainProgress) => note(`${name}: ${progressLine(progress)}`));
  const run = (from: Partial<Parameters<typeof trainOnPage>[2]>): Promise<TrainResult> => {
    const snapshots = keepSnapshots(opened, folder, written);
    const rivals = rivalsOf(trial, hash, work);
    const asked = { ...options, trace: 0, rivals, onProgress, ...from };
    return trainOnPage(opened, encode(trial.config), asked).finally(snapshots.stop);
  };
  const result = goesOn
    ? await run({ checkpoint, execution: recordedExecution('', folder) }).catch((error: unknown) => {
        note(`${name}: begins again: ${firstLine(error)}`);
        written.resume = undefined;
        return run({});
      })
    : await run({});
  await writeRun(folder, opened, result, written);
  if (result.failure) {
    note(`${name}: ${result.failure.code}: ${result.failure.message}`);
    if (!isOwnFailure(result.failure.code)) throw new Halt(result.failure.message);
    return false;
  }
  if (result.outcome === 'stopped' && !result.pruned) return false;
  const answer = answerOf(result);
  const outcome = result.pruned ? 'pruned' : answer.outcome;
  print({ ...answer, outcome, folder, cells: trial.cells, reused: false });
  return true;
}
