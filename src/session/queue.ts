// Works the queue of sweeps off: one trial after the other through the training path of the page, under its locks and
// checkpoints. One tab drives at a time; a person started it, and reloading the page leaves it waiting for one.
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { Pruned } from '../experiment/prune.ts';
import {
  isOwnFailure,
  type Job,
  type Mark,
  nextJob,
  runsByTrial,
  statusOf,
  withMark,
} from '../experiment/queue.ts';
import type { Run } from '../experiment/run.ts';
import type { Trial } from '../experiment/sweep/trials.ts';
import { hashes } from './datasets.ts';
import type { Measurements } from './measurements.ts';
import type { RunList } from './run-list.ts';
import type { RunLocks } from './run-locks.ts';
import type { Series } from './series.ts';
import type { Keeping, Store } from './store.ts';
import type { Sweeps } from './sweeps.ts';
import type { Training } from './training.ts';
import type { TrialLists } from './trial-lists.ts';
import { watchRivals } from './watch-rivals.ts';

export interface Queue {
  /** Works off what is not paused; resolves when nothing is left that can be trained, or it was stopped. */
  drive(): Promise<void>;
  /** After the trial that trains has stopped with a checkpoint. */
  stop(): void;
  /** Once nobody drives it here. */
  idle(): Promise<void>;
}

interface Around {
  readonly keeping: Keeping;
  readonly locks: RunLocks;
  readonly runs: RunList;
  readonly series: Series;
  readonly training: Training;
  readonly sweeps: Sweeps;
  readonly lists: TrialLists;
  readonly measurements: Measurements;
  readonly ensureData: (dataset: Config['data']) => Promise<DatasetCard>;
}

/** The lock that the driving tab holds. */
const DRIVER = 'queue';

const unstored: Failure = {
  code: 'storage-full',
  message:
    'The browser did not store the last trial: the queue waits. Delete runs or forget a dataset to make room, then resume.',
};

export function createQueue(store: Store, around: Around): Queue {
  const { keeping, locks, runs, series, training, sweeps, lists, measurements } = around;
  let underway: Promise<void> | null = null;
  let wanted = false;
  /** Trials that another tab trains, left out until the queue is driven anew. */
  let passed = new Set<string>();

  const set = (changes: Partial<ReturnType<Store['getState']>['queue']>): void =>
    store.setState({ queue: { ...store.getState().queue, ...changes } });
  const mark = ({ sweep, trial }: Job, made: Mark): void =>
    sweeps.change(sweep.id, (known) => withMark(known, trial.id, made));

  /** The next trial, its data loaded: whether a run counts depends on the data's hash. */
  async function next(): Promise<Job | null> {
    for (;;) {
      const { queue } = store.getState();
      const listed = new Map<string, readonly Trial[]>();
      for (const { id, link, isPaused } of queue.sweeps)
        if (!isPaused) listed.set(id, (await lists.read(link)).trials);
      const byTrial = runsByTrial(store.getState().runs, hashes(store.getState()));
      const job = nextJob(store.getState().queue.sweeps, ({ id }) => listed.get(id) ?? [], byTrial, passed);
      if (!job || hashes(store.getState())(job.trial.config.data) !== null) return job;
      await around.ensureData(job.trial.config.data);
    }
  }

  /** What a run that ended means for its trial; a failure that would meet every trial stops the queue. */
  function judge(job: Job, run: Run | undefined, pruned: Pruned | null): void {
    if (!run || run.state === 'finished' || run.state === 'diverged') return;
    if (run.state === 'failed') fail(job, run.failure ?? { code: 'internal', message: 'The run failed.' });
    else if (pruned) mark(job, { kind: 'pruned', ...pruned });
    // A pause of its sweep lets the others go on; whoever presses Stop on the run stops the queue.
    else if (isWanted(job.sweep.id, job.trial.id)) wanted = false;
  }

  /** Not paused, not taken out, here or in another tab. */
  function isWanted(sweep: string, trial: string): boolean {
    const known = sweeps.find(sweep);
    return known !== undefined && !known.isPaused && known.marks[trial]?.kind !== 'skipped';
  }

  /** Nothing was started: another tab trains it, somebody trains something else here, or gave it up. */
  async function wasCancelled({ trial }: Job): Promise<void> {
    await runs.refresh();
    const byTrial = runsByTrial(store.getState().runs, hashes(store.getState()));
    const { active, preparing } = store.getState();
    if (statusOf(undefined, byTrial.get(trial.id)).state === 'running') passed.add(trial.id);
    else if (active === null && !preparing) wanted = false;
  }

  function fail(job: Job, failure: Failure): void {
    const noEngine = store.getState().engine.status === 'failed';
    if (isOwnFailure(failure.code) && !noEngine) mark(job, { kind: 'failed', failure });
    else halt(failure);
  }

  function halt(failure: Failure): void {
    wanted = false;
    set({ failure });
  }

  /** Trials of the job's sweep that are over, of all. */
  async function progressOf({ sweep }: Job): Promise<{ readonly over: number; readonly total: number }> {
    const { trials } = await lists.read(sweep.link);
    const byTrial = runsByTrial(store.getState().runs, hashes(store.getState()));
    const states = trials.map(({ id }) => statusOf(sweep.marks[id], byTrial.get(id)).state);
    const left = states.filter((state) => state === 'queued' || state === 'running');
    return { over: states.length - left.length, total: states.length };
  }

  /** Where the checkpoint to go on from is gone, from step 0: that it is gone is known after the first try. */
  async function begin(config: Config): Promise<string> {
    try {
      return await training.begin({ config, resume: 'any', isQuiet: true });
    } catch (error) {
      if (toFailure(error).code !== 'checkpoint-incompatible') throw error;
      return training.begin({ config, resume: 'any', isQuiet: true });
    }
  }

  async function perform(job: Job): Promise<void> {
    await training.idle();
    if (!wanted) return;
    const wasShown = new Set(store.getState().shown.map(({ key }) => key));
    set({ current: { sweep: job.sweep.id, trial: job.trial.id, ...(await progressOf(job)) } });
    let key: string;
    try {
      key = await begin(job.trial.config);
    } catch (error) {
      store.setState({ startFailure: null });
      const failure = toFailure(error);
      if (failure.code === 'cancelled') await wasCancelled(job);
      else fail(job, failure);
      return;
    }
    if (!wanted || !isWanted(job.sweep.id, job.trial.id)) training.stop();
    const ended = await watchRivals(job, key, { store, ...around });
    await training.idle();
    judge(job, runs.find(key), ended());
    await measurements.of(key).catch(() => null); // A series that cannot be read is measured another time.
    if (!wasShown.has(key)) runs.hide([key]);
    await keeping.settled();
    const { storage, unsaved, shown } = store.getState();
    if (unsaved.includes(key)) halt(storage.failure ?? unstored);
    // Hundreds of logs would fill the memory; they are read again when somebody looks.
    if (!unsaved.includes(key) && !shown.some((one) => one.key === key)) series.forget(key);
  }

  async function work(): Promise<void> {
    await sweeps.restored;
    const release = await locks.acquire(DRIVER);
    if (!release) {
      const message = 'Another tab works the queue off. Pause it there to go on here.';
      halt({ code: 'cancelled', message });
      return;
    }
    set({ driving: true, failure: null });
    passed = new Set();
    try {
      while (wanted) {
        const job = await next();
        if (!job) wanted = false;
        else if (wanted) await perform(job);
        set({ current: null });
      }
    } catch (error) {
      halt(toFailure(error));
    } finally {
      set({ driving: false, current: null });
      release();
    }
  }

  function drive(): Promise<void> {
    wanted = true;
    underway ??= work().finally(() => {
      underway = null;
      // Asked for again while the last bit was wound up.
      if (wanted) void drive();
    });
    return underway;
  }

  /** A sweep that was paused or taken out, here or in another tab, gives the page free. */
  store.subscribe(({ queue, active }, before) => {
    if (queue.sweeps === before.queue.sweeps || !queue.current || active === null) return;
    const { sweep, trial } = queue.current;
    if (!isWanted(sweep, trial)) training.stop();
  });

  return {
    drive,
    stop() {
      wanted = false;
      if (store.getState().queue.current) training.stop();
    },
    idle: async () => underway ?? undefined,
  };
}
