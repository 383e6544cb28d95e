// `lab sweep`: the trials of a sweep in headless pages, a folder each. What is finished in the folder is never run again;
// what was cut off goes on from its checkpoint.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { studies } from '../catalog/studies/index.ts';
import { formatSi } from '../core/format.ts';
import { encode } from '../experiment/address.ts';
import type { Config } from '../experiment/config.ts';
import type { Lab, TrainOptions } from '../experiment/lab-api.ts';
import { plan } from '../experiment/plan.ts';
import type { BackendChoice, RunnerChoice } from '../experiment/protocol.ts';
import { areRivals } from '../experiment/prune.ts';
import { isOwnFailure } from '../experiment/queue.ts';
import type { Cell, Sweep } from '../experiment/sweep/sweep.ts';
import { type Trial, totalCost, trials } from '../experiment/sweep/trials.ts';
import { readStrict } from './config-argument.ts';
import { type LabPage, openBrowser } from './page.ts';
import { CHECKPOINT, recordedExecution, writeRun } from './run-folder.ts';
import { keepSnapshots } from './snapshots.ts';
import {
  isSettled,
  lockFolder,
  readRecord,
  readSweepLink,
  type TrialRecord,
  trialFolder,
  validationLosses,
  writeSweep,
} from './sweep-folder.ts';
import {
  answerOf,
  everySecond,
  loadFiles,
  progressLine,
  type TrainAnswer,
  trainOnPage,
} from './train-on-page.ts';
import { UsageError } from './usage.ts';

declare const lab: Lab;

export interface SweepArguments {
  readonly backend: BackendChoice;
  readonly runner: RunnerChoice;
  readonly data?: string;
  readonly out: string;
  /** Pages that train at a time. */
  readonly jobs: number;
  readonly tuning: boolean;
}

/** One line of stdout: a run that is over. */
interface SweepLine extends TrainAnswer {
  readonly folder: string;
  readonly cells: readonly Cell[];
  /** It was in the folder before. */
  readonly reused: boolean;
}

/** Trials that one page trains before a fresh one takes its place: what a page keeps of its runs goes with it. */
const TRIALS_A_PAGE = 20;

interface Work {
  readonly config: Config;
  readonly sweep: Sweep;
  readonly all: readonly Trial[];
  readonly options: SweepArguments;
  readonly note: (text: string) => void;
  readonly print: (line: SweepLine) => void;
}

/** A page of the lab, ready for the trials: files loaded, kernels chosen as asked. */
async function preparePage(opened: LabPage, { all, options }: Work): Promise<ReadonlyMap<string, string>> {
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

function lineOf(folder: string, { cells, id }: Trial, record: TrialRecord): SweepLine {
  const { environment, measurement, outcome, pruned } = record;
  const { backend, runner, adapter } = environment;
  const { steps, seconds, examplesPerSecond, train, test } = measurement;
  return {
    runId: id,
    outcome: pruned ? 'pruned' : outcome,
    backend,
    runner,
    adapter,
    steps,
    seconds,
    examplesPerSecond,
    train,
    test,
    folder,
    cells,
    reused: true,
  };
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
async function trainTrial(opened: LabPage, trial: Trial, hash: string, work: Work): Promise<boolean> {
  const { options, note, print } = work;
  const folder = trialFolder(options.out, trial);
  const before = readRecord(folder, trial, hash);
  const checkpoint = join(folder, CHECKPOINT);
  const goesOn = before !== null && existsSync(checkpoint);
  const resume = goesOn ? folder : undefined;
  const written = { resume, trace: 0 };
  const name = trial.id.slice(0, 8);
  const snapshots = keepSnapshots(opened, folder, written);
  const result = await trainOnPage(opened, encode(trial.config), {
    ...options,
    trace: 0,
    checkpoint: goesOn ? checkpoint : undefined,
    execution: goesOn ? recordedExecution('', folder) : undefined,
    rivals: rivalsOf(trial, hash, work),
    onProgress: everySecond((progress) => note(`${name}: ${progressLine(progress)}`)),
  }).finally(snapshots.stop);
  await writeRun(folder, opened, result, written);
  if (result.failure) {
    note(`${name}: ${result.failure.code}: ${result.failure.message}`);
    if (!isOwnFailure(result.failure.code)) throw new Error(result.failure.message);
    return false;
  }
  if (result.outcome === 'stopped' && !result.pruned) return false;
  const answer = answerOf(result);
  const outcome = result.pruned ? 'pruned' : answer.outcome;
  print({ ...answer, outcome, folder, cells: trial.cells, reused: false });
  return true;
}

/** The link of the argument: a study's id, a link, a file; none: the one in the folder. */
function linkOf(argument: string | undefined, out: string): string {
  if (argument === undefined) return readSweepLink(out);
  return Object.hasOwn(studies, argument) ? `study=${argument}` : argument;
}

async function trainAll(work: Work): Promise<boolean> {
  const { options, all, note, print } = work;
  const browser = await openBrowser(options.backend, note);
  let stopping = false;
  const pages = new Set<LabPage>();
  const interrupt = (): void => {
    note('stopping …');
    stopping = true;
    for (const { page } of pages) void page.evaluate(() => lab.stop()).catch(() => {});
  };
  process.once('SIGINT', interrupt);
  try {
    const first = await browser.newPage();
    pages.add(first);
    const hashes = await preparePage(first, work);
    const hashOf = ({ config }: Trial): string => hashes.get(config.data) ?? '';
    const left = all.filter((trial) => {
      const folder = trialFolder(options.out, trial);
      const record = readRecord(folder, trial, hashOf(trial));
      if (!record || !isSettled(record)) return true;
      print(lineOf(folder, trial, record));
      return false;
    });
    const cost = formatSi(totalCost(left).flops, 'FLOP');
    note(`${all.length} trials, ${all.length - left.length} done before, ${left.length} to train (${cost})`);
    let over = all.length - left.length;

    const job = async (start: LabPage | null): Promise<void> => {
      let opened = start;
      for (let trained = 1; !stopping; trained++) {
        const trial = left.shift();
        if (!trial) break;
        if (!opened) {
          opened = await browser.newPage();
          pages.add(opened);
          await preparePage(opened, work);
        }
        if (await trainTrial(opened, trial, hashOf(trial), work)) over++;
        note(`${over} of ${all.length} done`);
        if (trained % TRIALS_A_PAGE !== 0) continue;
        pages.delete(opened);
        await opened.close();
        opened = null;
      }
    };
    const jobs = Array.from({ length: Math.min(options.jobs, left.length) }, (_, index) =>
      job(index === 0 ? first : null),
    );
    const ended = await Promise.allSettled(jobs);
    const broken = ended.find((one) => one.status === 'rejected');
    if (broken) throw broken.reason;
    return over === all.length;
  } finally {
    process.off('SIGINT', interrupt);
    await browser.close();
  }
}

/** True when every trial is over. Throws when nothing can be trained, or a failure would meet every trial. */
export async function sweep(
  argument: string | undefined,
  options: SweepArguments,
  note: (text: string) => void,
  print: (line: SweepLine) => void,
): Promise<boolean> {
  const decoded = readStrict(linkOf(argument, options.out), note);
  const { config, sweep: asked, readOnly } = decoded;
  if (readOnly) throw new Error('This link was made by a newer lab; update the lab to train it.');
  if (!asked)
    throw new UsageError(
      'This sweeps over nothing: name axes such as sweep.train.batchSize=16,64, or a study.',
    );
  const list = trials(config, asked);
  for (const message of new Set(list.refused.map(({ failure }) => failure.message))) note(`note: ${message}`);
  if (list.trials.length === 0) {
    plan(config);
    throw new Error('No trial of this sweep can be trained.');
  }
  const unlock = lockFolder(options.out);
  try {
    writeSweep(options.out, encode(config, {}, asked), list);
    return await trainAll({ config, sweep: asked, all: list.trials, options, note, print });
  } finally {
    unlock();
  }
}
