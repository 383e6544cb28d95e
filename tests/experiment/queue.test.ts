import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureCodes } from '../../src/core/failure.ts';
import { decode } from '../../src/experiment/address.ts';
import { type Config, runId } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { areRivals, bestRival, dominatedBy } from '../../src/experiment/prune.ts';
import {
  inTurn,
  isOwnFailure,
  type Mark,
  movedRank,
  nextJob,
  type QueuedSweep,
  runsByTrial,
  statusOf,
  sweepId,
  tally,
  withMark,
  withoutMarks,
} from '../../src/experiment/queue.ts';
import { createRun, type Run, type RunState } from '../../src/experiment/run.ts';
import { type Trial, trials } from '../../src/experiment/sweep/trials.ts';

const HASH = 'a'.repeat(64);

function sweepOf(link: string, changes: Partial<QueuedSweep> = {}): QueuedSweep {
  return { id: sweepId(link), link, addedAt: 0, rank: 0, isPaused: false, marks: {}, ...changes };
}

function trialsOf({ link }: Pick<QueuedSweep, 'link'>): readonly Trial[] {
  const { config, sweep } = decode(link);
  return sweep ? trials(config, sweep).trials : [];
}

let made = 0;
function runOf(config: Config, state: RunState, sha256 = HASH): Run {
  const key = `${runId(config)}-${++made}`;
  const data = { sha256, order: 'built-in' };
  return { ...createRun({ key, config, planned: plan(config), data, parent: null, createdAt: made }), state };
}

const LINK = 'data=digits&train.epochs=1&sweep.model.width=8,16,32';
const failed: Mark = { kind: 'failed', failure: { code: 'internal', message: 'no' } };

/** What a driver would do: trains the next trial, with an outcome, until nothing is left. */
function drain(sweeps: readonly QueuedSweep[], runs: readonly Run[], outcome: (nth: number) => RunState) {
  let [queue, there] = [sweeps, runs];
  const trained: string[] = [];
  for (;;) {
    const job = nextJob(
      queue,
      trialsOf,
      runsByTrial(there, () => HASH),
    );
    if (!job) return { queue, runs: there, trained };
    const state = outcome(trained.length);
    trained.push(job.trial.id);
    there = [runOf(job.trial.config, state), ...there];
    if (state === 'failed')
      queue = queue.map((sweep) =>
        sweep.id === job.sweep.id ? withMark(sweep, job.trial.id, failed) : sweep,
      );
  }
}

describe('what comes next', () => {
  test('the cheapest trial that is not done, then nothing', () => {
    const { trained } = drain([sweepOf(LINK)], [], () => 'finished');
    expect(trained).toEqual(trialsOf({ link: LINK }).map(({ id }) => id));
  });

  test('no trial is trained twice: shared by sweeps, done before, whatever the order and outcomes', () => {
    const links = [
      LINK,
      'data=digits&train.epochs=1&sweep.model.width=16,64&sweep.seeds=2',
      'data=digits&train.epochs=1&sweep.model.depth=1,2&sweep.model.width=8,128',
    ];
    const outcomes = fc.array(fc.constantFrom<RunState>('finished', 'diverged', 'failed'), {
      minLength: 20,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(links, { minLength: 1 }),
        outcomes,
        fc.nat(2),
        (chosen, ends, before) => {
          const sweeps = chosen.map((link, rank) => sweepOf(link, { rank }));
          const all = new Map(sweeps.flatMap(trialsOf).map((trial) => [trial.id, trial]));
          const earlier = [...all.values()].slice(0, before).map(({ config }) => runOf(config, 'finished'));
          const outcome = (nth: number): RunState => ends[nth] ?? 'finished';
          const { trained, queue, runs } = drain(sweeps, earlier, outcome);
          const finished = trained.filter((_, nth) => outcome(nth) !== 'failed');
          expect(new Set(finished).size).toBe(finished.length);
          for (const { id } of earlier) expect(trained).not.toContain(id);
          const byTrial = runsByTrial(runs, () => HASH);
          for (const sweep of queue) {
            for (const { id } of trialsOf(sweep))
              expect(statusOf(sweep.marks[id], byTrial.get(id)).state).toMatch(/done|diverged|failed/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a finished run on other data does not count', () => {
    const [first] = trialsOf({ link: LINK });
    const other = runOf((first as Trial).config, 'finished', 'b'.repeat(64));
    const sweeps = [sweepOf(LINK)];
    expect(
      nextJob(
        sweeps,
        trialsOf,
        runsByTrial([other], () => HASH),
      )?.trial.id,
    ).toBe(first?.id);
    expect(
      nextJob(
        sweeps,
        trialsOf,
        runsByTrial([other], () => null),
      )?.trial.id,
    ).not.toBe(first?.id);
  });

  test('paused sweeps wait; passed trials are left out; the order can be changed', () => {
    const [one, two] = [sweepOf(LINK), sweepOf('data=digits&sweep.seeds=2', { rank: 1 })];
    const first = (sweeps: readonly QueuedSweep[], passed?: ReadonlySet<string>) =>
      nextJob(sweeps, trialsOf, new Map(), passed)?.sweep.id;
    expect(first([one, two])).toBe(one.id);
    expect(first([{ ...one, isPaused: true }, two])).toBe(two.id);
    expect(first([one, two], new Set(trialsOf(one).map(({ id }) => id)))).toBe(two.id);
    expect(first([one, { ...two, rank: movedRank([one, two], two.id, 'first') ?? 0 }])).toBe(two.id);
  });
});

describe('states', () => {
  const [trial] = trialsOf({ link: LINK }) as [Trial, ...Trial[]];
  const at = (mark: Mark | undefined, ...states: RunState[]) =>
    statusOf(
      mark,
      states.map((state) => runOf(trial.config, state)),
    ).state;

  test('are read off the runs; a mark speaks where no run ended', () => {
    expect(at(undefined)).toBe('queued');
    expect(at(undefined, 'stopped')).toBe('queued');
    expect(at(undefined, 'failed')).toBe('queued');
    expect(at(undefined, 'running')).toBe('running');
    expect(at(undefined, 'stopped', 'finished')).toBe('done');
    expect(at(failed, 'failed')).toBe('failed');
    expect(at(failed, 'finished')).toBe('done');
    expect(at({ kind: 'skipped' })).toBe('skipped');
    expect(at({ kind: 'pruned', step: 3, loss: 2, rival: 1 }, 'stopped')).toBe('pruned');
    expect(at(undefined, 'diverged')).toBe('diverged');
  });

  test('only what failed is tried again, all of it or one', () => {
    const marks = { a: failed, b: failed, c: { kind: 'skipped' } as const };
    const sweep = sweepOf(LINK, { marks });
    expect(withoutMarks(sweep, 'failed').marks).toEqual({ c: marks.c });
    expect(withoutMarks(sweep, 'failed', 'a').marks).toEqual({ b: failed, c: marks.c });
    expect(tally([statusOf(failed), statusOf(undefined)])).toMatchObject({ failed: 1, queued: 1, done: 0 });
  });

  test('every failure is either the trial’s own or stops the queue', () => {
    expect(failureCodes.filter(isOwnFailure).sort()).toEqual([
      'checkpoint-incompatible',
      'config-invalid',
      'device-error',
      'internal',
      'out-of-memory',
    ]);
  });

  test('moving changes one rank and the order by one place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.constantFrom('up', 'down', 'first'),
        (ranks, which, to) => {
          const sweeps = ranks.map((rank, index) => sweepOf(`${index}`, { rank, id: `${index}` }));
          const id = `${which % ranks.length}`;
          const before = inTurn(sweeps).map((sweep) => sweep.id);
          const rank = movedRank(sweeps, id, to);
          const after = inTurn(
            sweeps.map((sweep) => (sweep.id === id && rank !== null ? { ...sweep, rank } : sweep)),
          ).map((sweep) => sweep.id);
          const from = before.indexOf(id);
          const target = { up: Math.max(0, from - 1), down: Math.min(ranks.length - 1, from + 1), first: 0 }[
            to
          ];
          expect(after.indexOf(id)).toBe(target);
          expect(after.filter((one) => one !== id)).toEqual(before.filter((one) => one !== id));
        },
      ),
    );
  });
});

describe('giving up', () => {
  const rival = { losses: { steps: [10, 20, 40], values: [1, 0.5, 0.25] }, totalSteps: 40 };

  test('compares at the same share of the budget', () => {
    expect(bestRival([rival], 0.2)).toBeNull();
    expect(bestRival([rival], 0.25)).toBe(1);
    expect(bestRival([rival], 0.6)).toBe(0.5);
    expect(dominatedBy(1.1, 0.5, [rival], 2)).toBe(0.5);
    expect(dominatedBy(0.9, 0.5, [rival], 2)).toBeNull();
    expect(dominatedBy(9, 0.1, [rival], 2)).toBeNull();
    const broken = { losses: { steps: [10], values: [Number.NaN] }, totalSteps: 40 };
    expect(dominatedBy(9, 1, [broken], 2)).toBeNull();
  });

  test('rivals differ in the tuned axes alone', () => {
    const cell = { 'train.batchSize': 8, 'optimizer.learningRate': 0.1, seed: 0 };
    const tuned = ['optimizer.learningRate'];
    expect(areRivals(cell, { ...cell, 'optimizer.learningRate': 1 }, tuned)).toBe(true);
    expect(areRivals(cell, { ...cell, 'train.batchSize': 16 }, tuned)).toBe(false);
    expect(areRivals(cell, { ...cell, seed: 1 }, tuned)).toBe(false);
  });
});
