// The worker's side of the protocol, driven without a worker.
import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/core/failure.ts';
import type { Command, Event } from '../../src/experiment/protocol.ts';
import type { SightWish } from '../../src/experiment/sight.ts';
import { card, dataset, kinds, of, pause, start, worker } from './commanded.ts';
import { tinyConfig } from './material.ts';

const { sha256 } = dataset;
const isEnd = ({ kind }: Event): boolean => kind === 'ended' || kind === 'failed';
const longRun = tinyConfig({ 'train.steps': 1_000_000 });

describe('start', () => {
  test('is answered by exactly one end, which is last, after a checkpoint; steps rise strictly', async () => {
    const { events, perform } = worker();
    await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
    await Promise.all([perform(start('a')), perform(start('b', tinyConfig({ seed: 1 })))]);
    expect(events[0]).toMatchObject({ kind: 'ready', device: { backend: 'wasm' } });
    for (const runId of ['a', 'b']) {
      const mine = of(events, runId);
      expect(mine.filter(isEnd).length).toBe(1);
      expect(mine.at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished', step: 20 });
      expect(mine.at(-2)?.kind).toBe('checkpoint');
      const steps = mine.flatMap((event) => (event.kind === 'metrics' ? [event.step] : []));
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      expect(mine[0]).toMatchObject({ kind: 'started', step: 0, data: { sha256 } });
    }
  });

  test('that cannot be met fails with a code, as plain data', async () => {
    const { events, perform } = worker({
      loadDataset: async () => {
        throw new LabError('dataset-unavailable', 'CIFAR-10 is not here.');
      },
    });
    await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
    await perform(start('a'));
    expect(events.slice(1)).toEqual([
      {
        kind: 'failed',
        runId: 'a',
        failure: { code: 'dataset-unavailable', message: 'CIFAR-10 is not here.' },
      },
    ]);
  });

  test('with a bad batch size or a broken file fails once, and the worker goes on', async () => {
    const { events, perform } = worker();
    await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
    await perform(start('a', tinyConfig({ 'train.batchSize': 4096 })));
    await perform(start('b', tinyConfig(), { from: [new Blob([new Uint8Array(20)])] }));
    await perform(start('c'));
    expect(of(events, 'a')).toMatchObject([{ kind: 'failed', failure: { code: 'config-invalid' } }]);
    expect(of(events, 'b')).toMatchObject([{ kind: 'failed', failure: { code: 'checkpoint-incompatible' } }]);
    expect(of(events, 'c').at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
  });
});

describe('stop', () => {
  test.each(['wasm', 'cpu', 'webgpu'] as const)(
    'on %s ends the run within 200 ms, with a checkpoint',
    async (backend) => {
      const { events, perform } = worker();
      await perform({ kind: 'open', backend, runner: 'auto' });
      const run = perform(start('a', longRun));
      while (!events.some(({ kind }) => kind === 'metrics')) await pause(20);
      const asked = performance.now();
      await perform({ kind: 'stop', runId: 'a' });
      await run;
      // One step of the software GPU takes longer than a real one: it may be waited for.
      expect(performance.now() - asked).toBeLessThan(backend === 'webgpu' ? 600 : 200);
      expect(kinds(of(events, 'a')).slice(-2)).toEqual(['checkpoint', 'ended']);
      expect(of(events, 'a').at(-1)).toMatchObject({ outcome: 'stopped' });
    },
  );

  test('of a run that waits its turn ends it too; of an unknown run does nothing', async () => {
    const { events, perform } = worker();
    await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
    await perform({ kind: 'stop', runId: 'later' });
    const both = [perform(start('a', longRun)), perform(start('later', longRun))];
    await perform({ kind: 'stop', runId: 'later' });
    await pause(100);
    await perform({ kind: 'stop', runId: 'a' });
    await Promise.all(both);
    expect(of(events, 'later').at(-1)).toMatchObject({ kind: 'ended', outcome: 'stopped', step: 0 });
    await perform(start('later'));
    expect(of(events, 'later').at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
  });
});

test('a look into stored weights is answered while another run trains, and does not disturb it', async () => {
  const { events, perform } = worker();
  await perform({ kind: 'open', backend: 'wasm', runner: 'auto' });
  await perform(start('a'));
  const stored = events.find((event) => event.kind === 'checkpoint');
  if (stored?.kind !== 'checkpoint') throw new Error('no checkpoint came');
  const look = (wish: SightWish): Command => ({
    kind: 'inspect',
    runId: 'a',
    config: tinyConfig(),
    wish,
    step: stored.step,
    from: stored.bytes,
  });
  const training = perform(start('b', longRun));
  const looks = [
    perform(look({ kind: 'filters' })),
    perform(look({ kind: 'layers' })),
    perform(look({ kind: 'gallery' })),
  ];
  await expect
    .poll(() => events.filter(({ kind }) => kind === 'inspected').length, { timeout: 20_000 })
    .toBe(2);
  await expect
    .poll(() => events.filter(({ kind }) => kind === 'failed'))
    .toEqual([expect.objectContaining({ inspection: { runId: 'a', sight: 'gallery' } })]);
  expect(of(events, 'b').filter(isEnd)).toEqual([]);
  await perform({ kind: 'stop', runId: 'b' });
  await Promise.all([training, ...looks]);
  expect(of(events, 'b').at(-1)).toMatchObject({ kind: 'ended', outcome: 'stopped' });
  expect(events.filter(({ kind }) => kind === 'ready')).toHaveLength(1);
});

test('a device that is lost fails the run and is opened again for the next', async () => {
  const { events, devices, perform } = worker();
  await perform({ kind: 'open', backend: 'webgpu', runner: 'auto' });
  const run = perform(start('a', longRun));
  while (!events.some(({ kind }) => kind === 'metrics')) await pause(20);
  devices[0]?.gpu?.destroy();
  await run;
  expect(of(events, 'a').at(-1)).toMatchObject({ kind: 'failed', failure: { code: 'device-lost' } });
  await perform(start('b', tinyConfig({ 'train.steps': 2 })));
  expect(devices.length).toBe(2);
  expect(of(events, 'b').at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
  devices[1]?.close();
});

describe('data and measurement', () => {
  test('load answers with the card; cancel fails it; forget forgets', async () => {
    const { events, perform } = worker({
      loadDataset: (_id, from, { signal, onProgress }) =>
        new Promise((resolve, reject) => {
          onProgress({ phase: 'download', file: 'x', done: 1, total: 2 });
          if (from.kind === 'here') return resolve({ dataset, card, keep: null });
          signal.addEventListener('abort', () => reject(new LabError('cancelled', 'Cancelled.')));
        }),
    });
    await perform({ kind: 'load', dataset: 'digits', from: { kind: 'here' } });
    expect(kinds(events)).toEqual(['progress', 'loaded']);
    const slow = perform({ kind: 'load', dataset: 'cifar-10', from: { kind: 'download' } });
    await perform({ kind: 'cancel', dataset: 'cifar-10' });
    await slow;
    expect(events.at(-1)).toMatchObject({
      kind: 'failed',
      dataset: 'cifar-10',
      failure: { code: 'cancelled' },
    });
    await perform({ kind: 'forget', dataset: 'digits' });
    expect(events.at(-1)).toEqual({ kind: 'forgotten', dataset: 'digits' });
  });

  test('measure answers with the speed', async () => {
    const { events, perform } = worker();
    await perform({ kind: 'open', backend: 'cpu', runner: 'auto' });
    await perform({ kind: 'measure' });
    expect(events.at(-1)).toMatchObject({ kind: 'measured', speed: { flopsPerSecond: 1e9 } });
  });
});
