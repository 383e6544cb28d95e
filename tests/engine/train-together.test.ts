// Runs side by side: each is what it would have been alone, and the protocol holds for all of them.
import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import { runnerMaker } from '../../src/engine/choose-runner.ts';
import type { Tools } from '../../src/engine/tools.ts';
import type { Backend, Command, Event, Start } from '../../src/experiment/protocol.ts';
import { kinds, of, pause, worker } from './commanded.ts';
import { tinyConfig } from './material.ts';

type Checkpoint = Extract<Event, { kind: 'checkpoint' }>;

const sizes = [4, 16, 64] as const;
const startOf = (size: number, settings = {}, options = {}): Start => ({
  runId: `batch ${size}`,
  config: tinyConfig({ 'train.batchSize': size, ...settings }),
  options,
});
const together = (starts: readonly Start[]): Command => ({ kind: 'start-together', starts, by: 'examples' });
const lastCheckpoint = (events: readonly Event[], runId: string): Checkpoint =>
  of(events, runId).findLast((event) => event.kind === 'checkpoint') as Checkpoint;

/** All losses and the last weights of a run. */
async function madeOf(events: readonly Event[], runId: string) {
  const losses = of(events, runId).flatMap((event) =>
    event.kind === 'metrics' ? [...(event.chunk['train/loss']?.values ?? [])] : [],
  );
  const parts = await Promise.all(lastCheckpoint(events, runId).bytes.map((blob) => blob.arrayBuffer()));
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return { losses, tensors: [...decodeSafetensors(bytes).tensors] };
}

/** Exactly one end, last, after a checkpoint; steps rise strictly. */
function expectProtocol(events: readonly Event[], runId: string): void {
  const mine = of(events, runId);
  expect(mine.filter(({ kind }) => kind === 'ended' || kind === 'failed')).toHaveLength(1);
  expect(kinds(mine).slice(-2)).toEqual(['checkpoint', 'ended']);
  expect(mine[0]?.kind).toBe('started');
  const steps = mine.flatMap((event) => (event.kind === 'metrics' ? [event.step] : []));
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
}

// This thread is a page's, which may not sleep: one thread on the CPU.
const compiled: Pick<Tools, 'runnerMaker'> = {
  runnerMaker: (on, wish) => runnerMaker({ ...on, info: { ...on.info, threads: 1 } }, wish),
};
const cases: readonly (readonly [string, Backend, typeof compiled | undefined])[] = [
  ['tfjs on cpu', 'cpu', undefined],
  ['compiled on the CPU', 'wasm', compiled],
  ['compiled on WebGPU', 'webgpu', compiled],
];

test.each(cases)('%s: each run has the bits that it has alone', async (_, backend, changes) => {
  const { events: aside, perform } = worker(changes);
  await perform({ kind: 'open', backend, runner: 'auto' });
  const settings = {
    'train.steps': backend === 'webgpu' ? 8 : 30,
    'model.dropout': 0.2,
    augment: 'flip-crop',
  };
  // A software GPU compiles every size anew.
  const some = backend === 'webgpu' ? sizes.slice(1) : sizes;
  const starts = some.map((size) => startOf(size, settings));
  await perform(together(starts));
  const alone = worker(changes);
  await alone.perform({ kind: 'open', backend, runner: 'auto' });
  for (const { runId, config, options } of starts) {
    expectProtocol(aside, runId);
    await alone.perform({ kind: 'start', runId, config, options });
    const both = await Promise.all([madeOf(aside, runId), madeOf(alone.events, runId)]);
    expect(both[0].losses).toHaveLength(settings['train.steps']);
    expect(both[0]).toEqual(both[1]);
  }
  const [first, ...others] = aside.flatMap((event) => (event.kind === 'initial' ? [event.weights] : []));
  expect(others).toHaveLength(some.length - 1);
  for (const weights of others) expect(weights, 'the same first weights').toEqual(first);
  const began = kinds(aside).flatMap((kind, index) => (kind === 'started' ? [index] : []));
  const firstMetrics = aside.findIndex(({ kind }) => kind === 'metrics');
  expect(Math.max(...began), 'all are prepared before one trains').toBeLessThan(firstMetrics);
});

test('all are stopped within 200 ms, one alone lets the others go on, and each goes on to the same bits', async () => {
  const { events, perform } = worker(compiled);
  await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
  const settings = { 'train.steps': 1_000_000 };
  const starts = sizes.map((size) => startOf(size, settings));
  const run = perform(together(starts));
  const hasReported = (runId: string, count = 1): boolean =>
    of(events, runId).filter(({ kind }) => kind === 'metrics').length >= count;
  while (!starts.every(({ runId }) => hasReported(runId))) await pause(10);

  const first = starts[0]?.runId as string;
  let asked = performance.now();
  await perform({ kind: 'stop', runId: first });
  while (of(events, first).at(-1)?.kind !== 'ended') await pause(1);
  expect(performance.now() - asked).toBeLessThan(200);
  const after = events.length;
  while (!starts.slice(1).every(({ runId }) => of(events.slice(after), runId).length > 1)) await pause(10);
  expect(of(events.slice(after), first)).toEqual([]);

  asked = performance.now();
  for (const { runId } of starts) void perform({ kind: 'stop', runId });
  await run;
  expect(performance.now() - asked).toBeLessThan(200);
  for (const { runId } of starts) {
    expectProtocol(events, runId);
    expect(of(events, runId).at(-1)).toMatchObject({ outcome: 'stopped' });
  }
});

test('runs that stopped go on side by side to the bits of a run that never stopped', async () => {
  const { events, perform } = worker(compiled);
  await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
  const settings = { 'train.steps': 40 };
  await perform(together(sizes.map((size) => startOf(size, settings, { untilStep: 7 }))));
  const before = await Promise.all(sizes.map((size) => madeOf(events, `batch ${size}`)));
  const going = sizes.map((size) =>
    startOf(size, settings, {
      from: lastCheckpoint(events, `batch ${size}`).bytes,
      execution: { backend: 'wasm', runner: 'compiled', threads: 1 },
    }),
  );
  events.length = 0;
  await perform(together(going));
  const alone = worker(compiled);
  await alone.perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
  for (const [index, size] of sizes.entries()) {
    await alone.perform({ kind: 'start', ...startOf(size, settings) });
    const { losses, tensors } = await madeOf(events, `batch ${size}`);
    expect({ losses: [...(before[index]?.losses ?? []), ...losses], tensors }).toEqual(
      await madeOf(alone.events, `batch ${size}`),
    );
  }
});

test('examples are shared out equally while all train', async () => {
  const { events, perform } = worker(compiled);
  await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
  await perform(together([8, 32].map((size) => startOf(size, { 'train.steps': 0, 'train.epochs': 100 }))));
  const ends = [8, 32].map((size) => {
    const index = events.findIndex((event) => event.kind === 'ended' && event.runId === `batch ${size}`);
    return { size, index };
  });
  // The large batch takes a fraction of the time, yet it ends within a few turns of the small one.
  const [early, late] = ends.toSorted((a, b) => a.index - b.index);
  const between = events.slice(early?.index, late?.index);
  const steps = of(between, `batch ${late?.size}`).flatMap((event) =>
    event.kind === 'metrics' ? [event.step] : [],
  );
  const epochSteps = 320 / (late?.size ?? 1);
  for (const step of steps) expect(step / epochSteps).toBeGreaterThan(50);
});

test('a run that cannot be started fails alone; one that began elsewhere is refused beside the others', async () => {
  const { events, perform } = worker();
  await perform({ kind: 'open', backend: 'auto', runner: 'auto' });
  const elsewhere = { from: [new Blob([])], execution: { backend: 'cpu', runner: 'tfjs', threads: 1 } };
  await perform(together([startOf(16), startOf(4096), startOf(32, {}, elsewhere)]));
  expectProtocol(events, 'batch 16');
  expect(of(events, 'batch 4096')).toMatchObject([{ kind: 'failed', failure: { code: 'config-invalid' } }]);
  const [refused] = of(events, 'batch 32');
  expect(refused).toMatchObject({ kind: 'failed', failure: { code: 'config-invalid' } });
  expect(refused?.kind === 'failed' && refused.failure.message).toMatch(/began on cpu.*Train it alone/);
});
