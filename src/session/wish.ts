// From a wish to train to a run that may be started: which run it is, under its lock, with what it goes on from.
import type { DatasetCard } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { MetricLog } from '../core/metrics.ts';
import { type Config, type Parent, runId } from '../experiment/config.ts';
import { executionOf } from '../experiment/execution.ts';
import { forkRefusal, parentAt } from '../experiment/fork.ts';
import { plan } from '../experiment/plan.ts';
import type { CheckpointBytes, Start, StartOptions, TuningOptions } from '../experiment/protocol.ts';
import {
  abandon,
  createRun,
  isResumable,
  type Run,
  requeue,
  runDataOf,
  titleOf,
  withCheckpoint,
} from '../experiment/run.ts';
import type { Bodies } from './bodies.ts';
import type { RunList } from './run-list.ts';
import type { RunLocks } from './run-locks.ts';
import type { RunWriter } from './run-writer.ts';
import type { Series } from './series.ts';
import type { StoredCheckpoint } from './storage.ts';
import type { Keeping } from './store.ts';

/**
 * `any`: the stopped run of the config where there is one, one that was cut off at its start again; a key: that run;
 * `never`: a new attempt; `fork`: a new run from the checkpoint of that one.
 */
type Resume = 'any' | 'never' | { readonly key: string } | { readonly fork: string };

export interface Wish {
  readonly config: Config;
  readonly resume: Resume;
  readonly options?: StartOptions;
  /** Only this many steps, then stop. */
  readonly steps?: number;
  /** Nobody asked for this very run (a sweep did): it takes no colour on the charts. */
  readonly isQuiet?: boolean;
}

/** A run with its lock, ready for the engine. */
export interface Prepared {
  readonly run: Run;
  readonly release: () => void;
  readonly log: MetricLog;
  readonly from: CheckpointBytes | null;
  /** The stored series may reach beyond where it starts from, and is replaced. */
  readonly replaces: boolean;
  /** Of a fork: what it begins from, to be kept as its own. */
  readonly first?: StoredCheckpoint;
}

export interface Preparing {
  readonly keeping: Keeping;
  readonly locks: RunLocks;
  readonly runs: RunList;
  readonly series: Series;
  readonly writer: RunWriter;
}

const busy = (): LabError =>
  new LabError('cancelled', 'Another tab trains this run. Stop it there, or change a setting here.');

const gone = (name: string): LabError =>
  new LabError(
    'checkpoint-incompatible',
    `The checkpoint of ${name} is no longer stored. Start the run again from step 0.`,
  );

/** The key of a run's attempts, without the attempt. */
const prefixOf = (config: Config, card: DatasetCard, parent: Parent | null = null): string =>
  `${runId(config, parent)}-${card.sha256.slice(0, 8)}-`;

/** A run of a config on the same data that was cut off before its first checkpoint: nothing of it can go on. */
function cutOff(runs: readonly Run[], prefix: string): Run | undefined {
  return runs.find(
    ({ key, state, step, checkpointStep }) =>
      key.startsWith(prefix) && state === 'stopped' && step === 0 && checkpointStep === null,
  );
}

/** The run again from step 0 under its own key, or a new one where somebody else has it. */
async function begunAgain(before: Run, card: DatasetCard, preparing: Preparing): Promise<Prepared> {
  const { key, config, remarks } = before;
  const release = await preparing.locks.acquire(key);
  if (!release) return newRun(config, card, preparing);
  const made = createRun({
    key,
    config,
    planned: plan(config, card),
    data: runDataOf(card),
    parent: null,
    createdAt: Date.now(),
  });
  return {
    run: { ...made, remarks },
    release,
    log: preparing.series.begin(key),
    from: null,
    replaces: true,
  };
}

/** Resumable runs of a config on the same data, newest attempt first. */
function stopped(runs: readonly Run[], prefix: string): Run | undefined {
  return runs.find((run) => run.key.startsWith(prefix) && isResumable(run));
}

async function newRun(
  config: Config,
  card: DatasetCard,
  preparing: Preparing,
  parent: Parent | null = null,
): Promise<Prepared> {
  const { locks, runs, series } = preparing;
  const prefix = prefixOf(config, card, parent);
  const attempts = (await runs.taken(prefix)).map((key) => Number(key.slice(prefix.length)));
  const key = `${prefix}${Math.max(0, ...attempts) + 1}`;
  const release = await locks.acquire(key);
  if (!release) throw busy();
  // Between reading and locking another tab may have begun and ended a run under this key.
  if ((await runs.taken(prefix)).includes(key)) {
    release();
    return newRun(config, card, preparing, parent);
  }
  const run = createRun({
    key,
    config,
    planned: plan(config, card),
    data: runDataOf(card),
    parent,
    createdAt: Date.now(),
  });
  return { run, release, log: series.begin(key), from: null, replaces: false };
}

async function forked(
  config: Config,
  key: string,
  card: DatasetCard,
  preparing: Preparing,
): Promise<Prepared> {
  const { keeping, runs, writer } = preparing;
  await runs.refresh(key);
  const parent = runs.find(key);
  if (!parent) throw new LabError('cancelled', 'The run to fork was deleted in another tab.');
  const refusal = forkRefusal(parent, config);
  if (refusal) throw new LabError('config-invalid', refusal);
  if (parent.data && parent.data.sha256 !== card.sha256)
    throw new LabError(
      'dataset-invalid',
      `${titleOf(parent)} was trained on other data than what is loaded. Load that data to fork it.`,
    );
  const storage = await keeping.opened;
  const first = writer.unstored(key) ?? (await storage.checkpoint(key));
  if (!first) throw gone(titleOf(parent));
  const made = await newRun(config, card, preparing, parentAt(parent, first.step));
  return { ...made, from: first.bytes, first };
}

async function resumed(
  key: string,
  card: DatasetCard,
  { keeping, locks, runs, series, writer }: Preparing,
): Promise<Prepared> {
  const release = await locks.acquire(key);
  if (!release) throw busy();
  try {
    // Under the lock nobody else writes it; before, another tab may have.
    await runs.refresh(key);
    const found = runs.find(key);
    if (!found) throw new LabError('cancelled', 'This run was deleted in another tab.');
    // Underway, yet its lock was free: whoever trained it is gone.
    const run = abandon(found);
    if (!isResumable(run))
      throw new LabError('cancelled', `${titleOf(run)} has ended; start it again from step 0.`);
    if (run.data && run.data.sha256 !== card.sha256) {
      const message = `${titleOf(run)} was trained on other data (order ${run.data.order}) than what is loaded (${card.order}).`;
      throw new LabError('dataset-invalid', `${message} Load that data, or start the run again.`);
    }
    const storage = await keeping.opened;
    const checkpoint = writer.unstored(key) ?? (await storage.checkpoint(key).catch(() => null));
    if (!checkpoint) {
      const without = withCheckpoint(run, null);
      runs.put(without);
      await keeping.write((kept) => kept.save({ run: without }));
      throw gone(titleOf(run));
    }
    const log = await series.read(key);
    log.truncate(checkpoint.step);
    series.grew(key);
    const queued = requeue(withCheckpoint(run, checkpoint.step), checkpoint.step);
    return { run: queued, release, log, from: checkpoint.bytes, replaces: true };
  } catch (error) {
    release();
    throw error;
  }
}

/** The run to start for a config on loaded data. Rejects with what to tell the user; holds no lock then. */
async function prepare(
  config: Config,
  card: DatasetCard,
  resume: Resume,
  preparing: Preparing,
  listed: () => readonly Run[],
): Promise<Prepared> {
  if (typeof resume === 'object')
    return 'fork' in resume
      ? forked(config, resume.fork, card, preparing)
      : resumed(resume.key, card, preparing);
  const prefix = prefixOf(config, card);
  await preparing.runs.refresh(prefix).catch(() => {}); // A storage that cannot be read holds nothing to resume.
  if (resume === 'never') return newRun(config, card, preparing);
  const candidate = stopped(listed(), prefix);
  if (candidate) return resumed(candidate.key, card, preparing);
  const lost = cutOff(listed(), prefix);
  return lost ? begunAgain(lost, card, preparing) : newRun(config, card, preparing);
}

/** A run that is ready, and the weights that it starts from where it has no checkpoint and draws none of its own. */
export interface Chosen extends Prepared {
  readonly init?: StartOptions['init'];
}

/** The weights that a fresh run starts from, where it is not to draw its own. */
export type FirstWeights = Bodies['startOf'];

/** The runs of all wishes, or none: where one cannot be had, the locks of those before it are given back. */
export async function prepareAll(
  wishes: readonly Wish[],
  cards: ReadonlyMap<Config['data'], DatasetCard>,
  preparing: Preparing,
  firstWeights: FirstWeights,
  listed: () => readonly Run[],
): Promise<readonly Chosen[]> {
  const taken: Chosen[] = [];
  try {
    for (const { config, resume, options = {} } of wishes) {
      const card = cards.get(config.data) as DatasetCard;
      const prepared = await prepare(config, card, resume, preparing, listed);
      taken.push(prepared);
      // What has a checkpoint goes on from that, whatever it started from.
      if (options.from ?? prepared.from) continue;
      const init = await firstWeights(config, plan(config, card), options.init);
      if (init) taken.splice(-1, 1, { ...prepared, init });
    }
    return taken;
  } catch (error) {
    for (const { release } of taken) release();
    throw error;
  }
}

/** What the engine is told of a run that is ready. */
export function startOf(
  { options = {}, steps }: Wish,
  { run, from: checkpoint, init }: Chosen,
  tuning: TuningOptions | null,
): Start {
  const from = options.from ?? checkpoint;
  const untilStep = steps === undefined ? options.untilStep : run.step + steps;
  // A run goes on as it began, so that it ends as if it had never been stopped.
  const began = checkpoint && !options.from && run.device ? executionOf(run.device) : undefined;
  return {
    runId: run.key,
    config: run.config,
    options: {
      ...options,
      ...(from ? { from } : {}),
      ...(init ? { init } : {}),
      ...(run.parent ? { parent: { id: run.parent.id, step: run.parent.step } } : {}),
      ...(untilStep === undefined ? {} : { untilStep }),
      ...(began ? { execution: began } : {}),
      ...(tuning ? { tuning } : {}),
    },
  };
}
