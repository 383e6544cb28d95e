// The queue's verbs of `globalThis.lab`: sweeps as plain data, for DevTools, the command line and the tests of the page.
import { LabError, toError } from '../core/failure.ts';
import { encode } from '../experiment/address.ts';
import { strictLink } from '../experiment/describe.ts';
import type { Lab, SweepReport, TrialReport } from '../experiment/lab-api.ts';
import { type QueuedSweep, runsByTrial, statusOf, tally } from '../experiment/queue.ts';
import type { Assembled } from './assemble.ts';
import { hashes } from './datasets.ts';

type QueueVerbs = Pick<Lab, 'sweep' | 'queue' | 'resumeQueue' | 'pauseQueue' | 'retryFailed' | 'removeSweep'>;

export function createQueueConsole(
  { session, store, keeping, runs, queue, sweeps, lists, measurements }: Assembled,
  open: Lab['open'],
): QueueVerbs {
  async function report({ id, link, isPaused, marks }: QueuedSweep): Promise<SweepReport> {
    const { trials, refused } = await lists.read(link);
    const byTrial = runsByTrial(store.getState().runs, hashes(store.getState()));
    const statuses = trials.map((trial) => statusOf(marks[trial.id], byTrial.get(trial.id)));
    const reports = trials.map(async (trial, index): Promise<TrialReport> => {
      const { state, run, mark } = statuses[index] as (typeof statuses)[number];
      const hasEnded = state === 'done' || state === 'diverged';
      const measurement = run && hasEnded ? await measurements.of(run.key) : null;
      return {
        runId: trial.id,
        cells: trial.cells,
        state,
        runKey: run?.key ?? null,
        mark,
        mismatches: trial.mismatches,
        final: measurement?.final ?? null,
      };
    });
    return {
      id,
      link,
      isPaused,
      counts: tally(statuses),
      refused: refused.map(({ cell, failure }) => ({ cell, message: failure.message })),
      trials: await Promise.all(reports),
    };
  }

  async function drive(): Promise<void> {
    await queue.drive();
    await keeping.settled();
    const { failure } = store.getState().queue;
    if (failure) throw toError(failure);
  }

  return {
    async sweep(link, options = {}) {
      const { config, sweep } = strictLink(link);
      if (!sweep)
        throw new LabError('config-invalid', 'This link sweeps over nothing: lab.train(link) trains it.');
      const text = encode(config, {}, sweep);
      const { trials, refused } = await lists.read(text);
      if (trials.length === 0) {
        const why = refused[0]?.failure.message ?? '';
        throw new LabError('config-invalid', `No trial of this sweep can be trained. ${why}`);
      }
      if (options.backend) await open(options.backend, options.runner);
      await sweeps.restored;
      const id = sweeps.add(text);
      await drive();
      const queued = sweeps.find(id);
      if (!queued) throw new LabError('cancelled', 'The sweep was taken out of the queue.');
      return report(queued);
    },
    async queue() {
      await sweeps.restored;
      await keeping.settled();
      await runs.refresh();
      const { driving, failure, sweeps: queued } = session.get().queue;
      return { driving, failure, sweeps: await Promise.all(queued.map(report)) };
    },
    async resumeQueue(sweep) {
      await sweeps.restored;
      if (sweep !== undefined) sweeps.change(sweep, (known) => ({ ...known, isPaused: false }));
      await drive();
    },
    async pauseQueue(sweep) {
      session.actions.pauseQueue(sweep);
      if (sweep === undefined) await queue.idle();
      await keeping.settled();
    },
    async retryFailed(sweep, trial) {
      session.actions.retryFailed(sweep, trial);
      await keeping.settled();
    },
    async removeSweep(sweep) {
      sweeps.remove(sweep);
      await keeping.settled();
    },
  };
}
