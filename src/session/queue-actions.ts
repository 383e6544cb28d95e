// What the page asks of the queue: start, pause, retry, order.
import { withMark, withoutMarks } from '../experiment/queue.ts';
import type { Measurements } from './measurements.ts';
import type { Queue } from './queue.ts';
import type { Actions } from './state.ts';
import type { Store } from './store.ts';
import type { Sweeps } from './sweeps.ts';

type QueueActions = Pick<
  Actions,
  | 'startSweep'
  | 'startSweepOf'
  | 'resumeQueue'
  | 'pauseQueue'
  | 'retryFailed'
  | 'skipTrial'
  | 'moveSweep'
  | 'removeSweep'
  | 'measure'
>;

interface Around {
  readonly queue: Queue;
  readonly sweeps: Sweeps;
  readonly measurements: Measurements;
  /** The link of the draft with its sweep. */
  readonly link: () => string;
}

export function createQueueActions(
  store: Store,
  { queue, sweeps, measurements, link }: Around,
): QueueActions {
  const setPaused = (id: string, isPaused: boolean): void =>
    sweeps.change(id, (sweep) => ({ ...sweep, isPaused }));
  return {
    startSweep() {
      const { sweep, readOnly } = store.getState();
      if (!sweep || readOnly) return;
      sweeps.add(link());
      void queue.drive();
    },
    startSweepOf(text) {
      const id = sweeps.add(text);
      sweeps.move(id, 'first');
      void queue.drive();
    },
    resumeQueue(sweep) {
      if (sweep !== undefined) setPaused(sweep, false);
      void queue.drive();
    },
    pauseQueue(sweep) {
      if (sweep !== undefined) setPaused(sweep, true);
      else queue.stop();
    },
    retryFailed: (sweep, trial) => sweeps.change(sweep, (known) => withoutMarks(known, 'failed', trial)),
    skipTrial: (sweep, trial, skipped) =>
      sweeps.change(sweep, (known) =>
        skipped ? withMark(known, trial, { kind: 'skipped' }) : withoutMarks(known, 'skipped', trial),
      ),
    moveSweep: sweeps.move,
    removeSweep: sweeps.remove,
    measure(runKey) {
      measurements.of(runKey).catch(() => {}); // Asked for again when it is looked at again.
    },
  };
}
