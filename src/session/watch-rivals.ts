// Stops a trial of the queue that a rival dominates, where its sweep asks for that.
import { last } from '../core/metrics.ts';
import { decode } from '../experiment/address.ts';
import { areRivals, dominatedBy, type Pruned, type Rival } from '../experiment/prune.ts';
import { type Job, runsByTrial } from '../experiment/queue.ts';
import { hashes } from './datasets.ts';
import type { Measurements } from './measurements.ts';
import type { Series } from './series.ts';
import type { Store } from './store.ts';
import type { Training } from './training.ts';
import type { TrialLists } from './trial-lists.ts';

interface Around {
  readonly store: Store;
  readonly series: Series;
  readonly training: Training;
  readonly lists: TrialLists;
  readonly measurements: Measurements;
}

const LOSS = 'validation/loss';

/** Trials of the same sweep that finished, and differ from this one in the tuned axes alone. */
async function rivalsOf(
  { sweep, trial }: Job,
  tuned: readonly string[],
  { store, lists, measurements }: Around,
): Promise<readonly Rival[]> {
  const { trials } = await lists.read(sweep.link);
  const byTrial = runsByTrial(store.getState().runs, hashes(store.getState()));
  const rivals: Rival[] = [];
  for (const other of trials) {
    const run = byTrial.get(other.id)?.find(({ state }) => state === 'finished');
    if (!run || other.id === trial.id || !areRivals(trial.cells[0], other.cells[0], tuned)) continue;
    const losses = (await measurements.of(run.key))?.evaluations[LOSS];
    if (losses) rivals.push({ losses, totalSteps: run.step });
  }
  return rivals;
}

/**
 * Watches the run that trains, from its start: it is stopped where its validation loss is more than `factor` times its
 * best rival's. The result ends the watching and says what it was given up for.
 */
export function watch(
  key: string,
  { factor, rivals }: { readonly factor: number; readonly rivals: readonly Rival[] },
  budgetSeconds: number | null,
  { store, series, training }: Pick<Around, 'store' | 'series' | 'training'>,
): () => Pruned | null {
  let seen: Pruned | null = null;
  const look = (): void => {
    const { active, live } = store.getState();
    const log = active === key ? series.log(key) : null;
    const loss = log && last(log, LOSS);
    if (!log || !live || loss === null || seen !== null) return;
    const step = log.column(LOSS).steps.at(-1) ?? 0;
    const share = budgetSeconds ? live.seconds / budgetSeconds : step / (live.totalSteps ?? step);
    const rival = share < 1 ? dominatedBy(loss, share, rivals, factor) : null;
    if (rival === null) return;
    seen = { step, loss, rival };
    training.stop();
  };
  const leave = store.subscribe((state, before) => {
    if (state.seriesVersion !== before.seriesVersion) look();
  });
  return () => {
    leave();
    return seen;
  };
}

/** `watch` for a trial of the queue, where its sweep asks for that. */
export async function watchRivals(job: Job, key: string, around: Around): Promise<() => Pruned | null> {
  const { sweep } = decode(job.sweep.link);
  if (!sweep || sweep.prune === null) return () => null;
  const rivals = await rivalsOf(job, sweep.tune, around);
  return watch(key, { factor: sweep.prune, rivals }, job.trial.cost.budgetSeconds, around);
}
