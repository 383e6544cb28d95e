// What the page shows of the queue of sweeps.
import type { Failure } from '../core/failure.ts';
import type { QueuedSweep } from '../experiment/queue.ts';

/** The queue of sweeps. It trains only where somebody pressed Start in this tab: opening a page starts nothing. */
export interface QueueState {
  /** In the order in which they are worked off. */
  readonly sweeps: readonly QueuedSweep[];
  /** This tab works the queue off. */
  readonly driving: boolean;
  /** What trains for the queue, and how far its sweep is: trials that are over, of all. */
  readonly current: {
    readonly sweep: string;
    readonly trial: string;
    readonly over: number;
    readonly total: number;
  } | null;
  /** Why the queue stopped by itself; null: it did not. */
  readonly failure: Failure | null;
  /** Bumped when the trials of a sweep have been listed. */
  readonly listed: number;
}
