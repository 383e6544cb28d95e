// The queue of sweeps as pure state: what of it is kept, what state each trial is in, and which trial comes next.
// A trial's state is read off the runs that are there, so nothing is trained twice whichever sweep, person or tab made
// the run; kept are only what runs cannot say: a failure to ask about, a trial given up early, one that was taken out.
import type { Failure, FailureCode } from '../core/failure.ts';
import { idOf } from './config.ts';
import type { Pruned } from './prune.ts';
import { isLinked, isUnderway, type Run } from './run.ts';
import type { Trial } from './sweep/trials.ts';

/** What happened to a trial of a sweep that no run tells. */
export type Mark =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | ({ readonly kind: 'pruned' } & Pruned)
  /** Taken out by a person. */
  | { readonly kind: 'skipped' };

/** A sweep in the queue, as it is kept. */
export interface QueuedSweep {
  readonly id: string;
  /** All there is to know of it: base config, axes and rules. */
  readonly link: string;
  readonly addedAt: number;
  /** The lowest comes first. */
  readonly rank: number;
  readonly isPaused: boolean;
  /** By the trial's run id. */
  readonly marks: Readonly<Record<string, Mark>>;
}

/** Sweeps with one link are one sweep. */
export const sweepId = (link: string): string => idOf(link).slice(0, 16);

export const trialStates = ['running', 'queued', 'done', 'diverged', 'pruned', 'failed', 'skipped'] as const;
export type TrialState = (typeof trialStates)[number];

export interface TrialStatus {
  readonly state: TrialState;
  /** The run that says so: finished, diverged, underway, or the newest one that can go on. */
  readonly run: Run | null;
  readonly mark: Mark | null;
}

/** Hash of the data as it is here; null: not known yet. */
export type HashOf = (dataset: Run['config']['data']) => string | null;

/** Runs by id, newest first, without those on other data than is here. */
export function runsByTrial(runs: readonly Run[], hashOf: HashOf): ReadonlyMap<string, readonly Run[]> {
  const found = new Map<string, Run[]>();
  for (const run of runs) {
    if (isLinked(run)) continue;
    const hash = hashOf(run.config.data);
    if (hash !== null && run.data !== null && run.data.sha256 !== hash) continue;
    const known = found.get(run.id);
    if (known) known.push(run);
    else found.set(run.id, [run]);
  }
  return found;
}

/** The state of a trial. `runs`: those of its id on the same data, newest first. */
export function statusOf(mark: Mark | undefined, runs: readonly Run[] = []): TrialStatus {
  const status = (state: TrialState, run: Run | undefined): TrialStatus => ({
    state,
    run: run ?? null,
    mark: mark ?? null,
  });
  const finished = runs.find(({ state }) => state === 'finished');
  if (finished) return status('done', finished);
  const diverged = runs.find(({ state }) => state === 'diverged');
  if (diverged) return status('diverged', diverged);
  const underway = runs.find(isUnderway);
  if (underway) return status('running', underway);
  return status(mark ? mark.kind : 'queued', runs[0]);
}

/** Trials of each state. */
export type Tally = Readonly<Record<TrialState, number>>;

export function tally(statuses: Iterable<TrialStatus>): Tally {
  const counts = Object.fromEntries(trialStates.map((state) => [state, 0])) as Record<TrialState, number>;
  for (const { state } of statuses) counts[state]++;
  return counts;
}

/** In the order in which they are worked off. */
export const inTurn = (sweeps: readonly QueuedSweep[]): readonly QueuedSweep[] =>
  sweeps.toSorted((a, b) => a.rank - b.rank || a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1));

export interface Job {
  readonly sweep: QueuedSweep;
  readonly trial: Trial;
}

/**
 * The next trial to train: of the first sweep that is not paused, the cheapest one that is queued. `passed`: trials that
 * cannot be had just now (another tab trains them).
 */
export function nextJob(
  sweeps: readonly QueuedSweep[],
  trialsOf: (sweep: QueuedSweep) => readonly Trial[],
  runs: ReadonlyMap<string, readonly Run[]>,
  passed: ReadonlySet<string> = new Set(),
): Job | null {
  for (const sweep of inTurn(sweeps)) {
    if (sweep.isPaused) continue;
    const trial = trialsOf(sweep).find(
      ({ id }) => !passed.has(id) && statusOf(sweep.marks[id], runs.get(id)).state === 'queued',
    );
    if (trial) return { sweep, trial };
  }
  return null;
}

export function withMark(sweep: QueuedSweep, trial: string, mark: Mark): QueuedSweep {
  return { ...sweep, marks: { ...sweep.marks, [trial]: mark } };
}

/** Without the marks of a kind, of all trials or of one: what failed is tried again, what was taken out comes back. */
export function withoutMarks(sweep: QueuedSweep, kind: Mark['kind'], trial?: string): QueuedSweep {
  const kept = Object.entries(sweep.marks).filter(
    ([id, mark]) => mark.kind !== kind || (trial !== undefined && id !== trial),
  );
  return { ...sweep, marks: Object.fromEntries(kept) };
}

/** The rank that puts a sweep one place up or down, or first. */
export function movedRank(
  sweeps: readonly QueuedSweep[],
  id: string,
  to: 'up' | 'down' | 'first',
): number | null {
  const order = inTurn(sweeps);
  const at = order.findIndex((sweep) => sweep.id === id);
  if (at < 0) return null;
  const rankAt = (index: number): number | undefined => order[index]?.rank;
  const between = (before: number | undefined, after: number | undefined): number => {
    if (before === undefined) return (after ?? 1) - 1;
    return after === undefined ? before + 1 : (before + after) / 2;
  };
  switch (to) {
    case 'first':
      return at === 0 ? null : between(undefined, rankAt(0));
    case 'up':
      return at === 0 ? null : between(rankAt(at - 2), rankAt(at - 1));
    case 'down':
      return at === order.length - 1 ? null : between(rankAt(at + 1), rankAt(at + 2));
    default:
      throw to satisfies never;
  }
}

/**
 * Whether a failure is the trial's own: the next one is tried. Otherwise it would meet every trial (no data, no GPU, no
 * space), and the queue stops and says why.
 */
export function isOwnFailure(code: FailureCode): boolean {
  switch (code) {
    case 'config-invalid':
    case 'out-of-memory':
    case 'device-error':
    case 'checkpoint-incompatible':
    case 'internal':
      return true;
    case 'webgpu-unavailable':
    case 'device-lost':
    case 'dataset-unavailable':
    case 'dataset-invalid':
    case 'storage-full':
    case 'cancelled':
      return false;
    default:
      throw code satisfies never;
  }
}
