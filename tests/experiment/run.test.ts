// A run's life: whatever the engine says, in whatever order, the run stays one that can be believed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeConfig } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import type { Event } from '../../src/experiment/protocol.ts';
import {
  abandon,
  advance,
  createRun,
  groupOf,
  isOver,
  isResumable,
  isUnderway,
  noRemarks,
  oneEachSeed,
  type Run,
  requeue,
  tidyRemarks,
  titleOf,
  withCheckpoint,
} from '../../src/experiment/run.ts';

const config = makeConfig();
const fresh: Run = {
  ...createRun({ key: 'mine', config, planned: plan(config), data: null, parent: null, createdAt: 0 }),
  totalSteps: null,
};

const step = fc.nat(1000);
const runKey = fc.constantFrom('mine', 'mine', 'mine', 'other');
const failure = { code: 'device-lost', message: 'lost' } as const;
const device = { backend: 'cpu', runner: 'tfjs', threads: 1, adapter: '', fallbackAdapter: false } as const;
const data = {
  id: 'digits',
  order: 'official',
  sha256: 'ab',
  shape: { channels: 1, height: 8, width: 8 },
  classes: [],
  train: 1,
  test: 1,
  bytes: 1,
  normalisation: { mean: [0.5], std: [0.25] },
  counts: [1],
  origin: 'built-in',
  samples: new Uint8Array(0),
} as const;

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('started' as const),
    runId: runKey,
    step,
    device: fc.constant(device),
    data: fc.constant(data),
  }),
  fc.record({
    kind: fc.constant('metrics' as const),
    runId: runKey,
    chunk: fc.constant({}),
    step,
    totalSteps: fc.constant(9),
  }),
  fc.record({
    kind: fc.constant('checkpoint' as const),
    runId: runKey,
    step,
    seconds: step,
    bytes: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('ended' as const),
    runId: runKey,
    outcome: fc.constantFrom('finished' as const, 'stopped' as const, 'diverged' as const),
    step,
    seconds: step,
  }),
  fc.record({
    kind: fc.constant('failed' as const),
    runId: fc.option(runKey, { nil: undefined }),
    failure: fc.constant(failure),
  }),
  fc.record({ kind: fc.constant('trace' as const), runId: runKey, lines: fc.constant([]) }),
  fc.constant({ kind: 'ready' as const, device }),
  fc.constant({ kind: 'forgotten' as const, dataset: 'digits' as const }),
);

test('whatever the engine says, an end is an end, and steps and seconds never fall', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let run = fresh;
      let began = false;
      for (const next of events) {
        const before = run;
        run = advance(run, next);
        const own = 'runId' in next && next.runId === 'mine';
        if (!own || !isUnderway(before)) expect(run).toBe(before);
        if (began) expect(run.step).toBeGreaterThanOrEqual(before.step);
        expect(run.seconds).toBeGreaterThanOrEqual(before.seconds);
        expect(run.checkpointStep).toBe(before.checkpointStep);
        expect({ key: run.key, id: run.id, config: run.config }).toEqual({
          key: 'mine',
          id: fresh.id,
          config,
        });
        expect(run.failure !== null).toBe(run.state === 'failed');
        if (run.state === 'running') began = true;
      }
    }),
  );
});

test('only a stopped or failed run with a checkpoint goes on, from there', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('queued', 'running', 'finished', 'stopped', 'diverged', 'failed' as const),
      fc.option(step),
      (state, checkpointStep) => {
        const run = { ...fresh, state, checkpointStep } as Run;
        expect(isResumable(run)).toBe((state === 'stopped' || state === 'failed') && checkpointStep !== null);
        expect(
          Number(isOver(run)) + Number(isUnderway(run)) + Number(['stopped', 'failed'].includes(state)),
        ).toBe(1);
        const again = requeue(run, 7);
        if (isOver(run) || isUnderway(run)) expect(again).toBe(run);
        else expect(again).toMatchObject({ state: 'queued', step: 7, failure: null });
      },
    ),
  );
});

test('an abandoned run is back at its checkpoint; one that ended stays as it ended', () => {
  const running = withCheckpoint({ ...fresh, state: 'running', step: 50 }, 40);
  expect(abandon(running)).toMatchObject({ state: 'stopped', step: 40, failure: null });
  expect(abandon(running, failure)).toMatchObject({ state: 'failed', step: 40, failure });
  const finished: Run = { ...running, state: 'finished' };
  expect(abandon(finished, failure)).toBe(finished);
});

test('seeds of one config are one group; another setting, other data or a fork is another', () => {
  const made = (
    settings: Parameters<typeof makeConfig>[0],
    sha256 = 'ab',
    parent: Run['parent'] = null,
  ): Run =>
    createRun({
      key: 'k',
      config: makeConfig(settings),
      planned: plan(makeConfig(settings)),
      data: { sha256, order: 'official' },
      parent,
      createdAt: 0,
    });
  const group = groupOf(made({}));
  expect(groupOf(made({ seed: 7 }))).toBe(group);
  expect(groupOf(made({ 'model.width': 64, seed: 7 }))).toBe(groupOf(made({ 'model.width': 64 })));
  const before = { epochs: 1, examples: 1280, flops: 1e9 };
  const parent = { key: 'p', id: 'ff', step: 10, before };
  const others = [
    made({ 'model.width': 64 }),
    made({}, 'cd'),
    made({}, 'ab', parent),
    made({}, 'ab', { ...parent, step: 20 }),
  ];
  expect(new Set([group, ...others.map(groupOf)]).size).toBe(5);
  expect(new Set([made({}), ...others].map(({ id }) => id)).size).toBe(4);
});

test('remarks are kept as plain text of bounded length', () => {
  const tidy = tidyRemarks({
    title: '  <b>run\u202e\n1</b>\u0000 ',
    isStarred: true,
    note: 'one\r\ntwo\u0007\tthree  ',
    tags: ['a', 'a', ' ', 'b,c', 'x'.repeat(99)],
  });
  expect(tidy).toEqual({
    title: '<b>run 1</b>',
    isStarred: true,
    note: 'one\ntwo\tthree',
    tags: ['a', 'b c', 'x'.repeat(40)],
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, tags) => {
      const once = tidyRemarks({ title: text, isStarred: false, note: text, tags });
      expect(tidyRemarks(once)).toEqual(once);
      expect(once.title.length).toBeLessThanOrEqual(120);
    }),
  );
  expect(titleOf(fresh)).toBe(fresh.name);
  expect(titleOf({ ...fresh, remarks: { ...noRemarks, title: 'mine' } })).toBe('mine');
});

test('the same seed again is no further sample: what trains, else what finished, else what came furthest', () => {
  const of = (seed: number, state: Run['state'], step: number): Run => ({
    ...fresh,
    config: makeConfig({ seed }),
    state,
    step,
  });
  const [a, b, c, d, e] = [
    of(0, 'stopped', 90),
    of(0, 'finished', 50),
    of(1, 'stopped', 10),
    of(1, 'stopped', 20),
    of(0, 'running', 5),
  ] as const;
  const pick = (runs: readonly Run[]): readonly Run[] => oneEachSeed(runs, (run) => run);
  expect(pick([a, b, c, d])).toEqual([b, d]);
  expect(pick([a, b, c, d, e])).toEqual([d, e]);
  expect(pick([])).toEqual([]);
});
