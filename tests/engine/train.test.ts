// The training loop: what it yields, in which order, and that stopping and going on changes nothing.
import { afterEach, describe, expect, test } from 'vitest';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/core/safetensors.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import type { TrainEvent } from '../../src/engine/train.ts';
import { type Config, type Named, runId } from '../../src/experiment/config.ts';
import type { CheckpointBytes } from '../../src/experiment/protocol.ts';
import {
  deviceOf,
  eventsOf,
  everyRow,
  jobOf,
  ofKind,
  requestOf,
  runners,
  series,
  tinyConfig,
  tinyDataset,
} from './material.ts';

const bytesOf = async (checkpoint: CheckpointBytes): Promise<Uint8Array> => {
  const parts = await Promise.all(checkpoint.map((blob) => blob.arrayBuffer()));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
};
const lastCheckpoint = (events: readonly TrainEvent[]) => ofKind(events, 'checkpoint').at(-1);
const stateOf = async (events: readonly TrainEvent[]) =>
  decodeSafetensors(await bytesOf(lastCheckpoint(events)?.bytes ?? [])).tensors;

afterEach(() => {
  expect.hasAssertions();
});

describe.each(runners)('$title', ({ backend, makeRunner, title }) => {
  test('a run learns, reports every step, scores the test images and ends with a checkpoint', async () => {
    const device = await deviceOf(backend);
    const config = tinyConfig({ 'train.steps': 30, 'optimizer.learningRate': 0.01 });
    const events = await eventsOf(requestOf(device, config, { makeRunner }));
    const losses = series(events, 'train/loss');
    expect(losses.map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(losses.at(-1)?.[1]).toBeLessThan((losses[0]?.[1] as number) * 0.7);
    expect(series(events, 'test/loss').map(([step]) => step)).toEqual([20, 30]);
    expect(series(events, 'test/accuracy').at(-1)?.[1]).toBeGreaterThan(0.3);
    expect(series(events, 'gradient/norm').map(([step]) => step)).toEqual([10, 20, 30]);
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['started', 'initial']);
    expect(kinds.slice(-2)).toEqual(['checkpoint', 'ended']);
    expect(ofKind(events, 'ended')).toMatchObject([{ outcome: 'finished', step: 30 }]);
  });

  const onRows = ['isotropic', 'inverted-bottleneck', 'hourglass'] as const;
  const onPatches = ['mlp-mixer', 'gmlp'] as const;
  // On a software GPU every shape of every operation is compiled anew for each device: one of the two will do.
  const also = !title.startsWith('tfjs') ? [] : backend === 'webgpu' ? onPatches.slice(1) : onPatches;
  test.each([...onRows, ...also])('stopping %s anywhere and going on gives the same bits', async (model) => {
    const device = await deviceOf(backend);
    const steps = onPatches.some((one) => one === model) ? 8 : 24;
    const optimizers = { isotropic: 'sgd', hourglass: 'lion' } as const;
    const optimizer = model === 'isotropic' || model === 'hourglass' ? optimizers[model] : 'adamw';
    const config = tinyConfig({
      model,
      optimizer,
      'model.dropout': model === 'hourglass' ? 0 : 0.2,
      'train.steps': steps,
      augment: 'flip-crop',
      schedule: 'cosine',
    });
    const whole = await eventsOf(requestOf(device, config, { makeRunner }));
    const stopAt = 3 + Math.floor(Math.random() * (steps - 5));
    const first = await eventsOf(requestOf(device, config, { makeRunner, options: { untilStep: stopAt } }));
    expect(ofKind(first, 'ended')).toMatchObject([{ outcome: 'stopped', step: stopAt }]);
    const from = lastCheckpoint(first)?.bytes as CheckpointBytes;
    const again = await deviceOf(backend);
    const second = await eventsOf(requestOf(again, config, { makeRunner, options: { from } }));
    expect(ofKind(second, 'started')).toMatchObject([{ step: stopAt }]);
    expect([...series(first, 'train/loss'), ...series(second, 'train/loss')]).toEqual(
      series(whole, 'train/loss'),
    );
    expect([...series(first, 'test/loss'), ...series(second, 'test/loss')]).toEqual(
      series(whole, 'test/loss'),
    );
    expect([...(await stateOf(second))], `stopped at ${stopAt}`).toEqual([...(await stateOf(whole))]);
  });
});

describe('divergence', () => {
  const models = ['isotropic', 'inverted-bottleneck', 'hourglass'] as const;
  const optimizers = ['sgd', 'adamw', 'lion'] as const;
  const pairs = models.flatMap((model) => optimizers.map((optimizer) => [model, optimizer] as const));

  test.each(pairs)(
    '%s with %s at a learning rate of 1e6 is found within one window',
    async (model, optimizer) => {
      const device = await deviceOf('wasm');
      const config = tinyConfig({ model, optimizer, 'optimizer.learningRate': 1e6, 'train.steps': 20_000 });
      const events = await eventsOf(requestOf(device, config));
      const [ended] = ofKind(events, 'ended');
      expect(ended?.outcome).toBe('diverged');
      expect(ended?.seconds).toBeLessThan(0.5);
      const losses = series(events, 'train/loss');
      expect(losses.length).toBeGreaterThan(0);
      expect(losses.every(([, loss]) => Number.isFinite(loss))).toBe(true);
      const checkpoint = lastCheckpoint(events);
      expect(events.at(-2)).toBe(checkpoint);
      const tensors = await stateOf(events);
      for (const { name, values } of tensors.values()) expect(values.every(Number.isFinite), name).toBe(true);
    },
  );
});

describe('budgets and options', () => {
  const run = async (
    settings: Parameters<typeof tinyConfig>[0],
    changes: Parameters<typeof requestOf>[2] = {},
  ) => {
    const device = await deviceOf('wasm');
    return eventsOf(requestOf(device, tinyConfig(settings), changes));
  };

  test('metrics events rise strictly, whatever the pace', async () => {
    const events = await run({ 'train.seconds': 1.5, 'train.steps': 0 }, { checkpointMs: 100 });
    const steps = ofKind(events, 'metrics').map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(4);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  test('epochs: the last partial batch is dropped', async () => {
    const events = await run({ 'train.steps': 0, 'train.epochs': 2, 'train.batchSize': 50 });
    expect(ofKind(events, 'ended')).toMatchObject([{ outcome: 'finished', step: 12 }]);
  });

  test('seconds: training stops when they are over, and counts on after a stop', async () => {
    const settings = { 'train.steps': 0, 'train.seconds': 1 };
    let isStopped = false;
    const first = await eventsOf(
      requestOf(await deviceOf('wasm'), tinyConfig(settings), { isStopped: () => isStopped }),
      (event) => {
        if (event.kind === 'metrics' && event.chunk['train/loss']) isStopped = true;
      },
    );
    const [ended] = ofKind(first, 'ended');
    expect(ended?.outcome).toBe('stopped');
    const second = await run(settings, {
      options: { from: lastCheckpoint(first)?.bytes as CheckpointBytes },
    });
    expect(ofKind(second, 'ended')[0]?.outcome).toBe('finished');
    expect(ofKind(second, 'ended')[0]?.seconds).toBeGreaterThanOrEqual(1);
    expect(ofKind(second, 'ended')[0]?.seconds).toBeLessThan(1.5);
    expect(series(second, 'time/seconds')[0]?.[1]).toBeGreaterThan(ended?.seconds as number);
  });

  test('a stop is served within 200 ms', async () => {
    let stopped = Number.POSITIVE_INFINITY;
    const request = requestOf(await deviceOf('wasm'), tinyConfig({ 'train.steps': 1e6 }), {
      isStopped: () => performance.now() >= stopped,
    });
    setTimeout(() => {
      stopped = performance.now();
    }, 300);
    const events = await eventsOf(request);
    expect(performance.now() - stopped).toBeLessThan(200);
    expect(ofKind(events, 'ended')[0]?.outcome).toBe('stopped');
  });

  test('a trace says what each step was trained on', async () => {
    const events = await run({ augment: 'flip-crop' }, { options: { trace: 3 } });
    const lines = ofKind(events, 'trace').flatMap((event) => event.lines);
    expect(lines.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(lines.map(({ loss }) => loss)).toEqual(
      series(events, 'train/loss')
        .slice(0, 3)
        .map(([, loss]) => loss),
    );
    expect(new Set(lines.flatMap(({ indices }) => indices)).size).toBe(48);
    expect(lines[0]?.augment?.length).toBe(16);
    expect(lines[0]).toMatchObject({ mixup: null });
  });

  test('a trace alone replays resized crops and MixUp, loss for loss', async () => {
    const settings: Named = { augment: 'resized-crop', 'augment.mixup': 0.8, 'train.steps': 4 };
    const events = await run(settings, { options: { trace: 4 } });
    const lines = ofKind(events, 'trace').flatMap((event) => event.lines);
    expect(lines.every(({ mixup }) => mixup !== null && mixup === Math.fround(mixup))).toBe(true);
    const batches = {
      size: 16,
      stepsPerEpoch: 4,
      rows: (step: number) => Uint32Array.from(lines[step]?.indices ?? []),
      draws: (step: number) => Int32Array.from(lines[step]?.augment?.flat() ?? []),
      share: (step: number) => lines[step]?.mixup ?? null,
    };
    const weights = ofKind(events, 'initial')[0]?.weights ?? new Uint8Array(0);
    const job = jobOf(tinyConfig(settings), tinyDataset(), batches);
    const { mean, std } = datasets.digits;
    const runner = await createTfjsRunner({ ...job, mean, std }, decodeSafetensors(weights).tensors);
    for (let step = 0; step < 4; step++) runner.step(step, tinyConfig()['optimizer.learningRate'], false);
    expect((await runner.read()).losses).toEqual(lines.map(({ loss }) => loss));
    runner.dispose();
  });

  test('validation rows are scored and never trained on', async () => {
    const rows = {
      train: everyRow(240),
      validation: Uint32Array.from({ length: 80 }, (_, row) => 240 + row),
    };
    const events = await run({ 'data.validationSize': 80 }, { rows, options: { trace: 20 } });
    expect(series(events, 'validation/loss').length).toBeGreaterThan(0);
    const lines = ofKind(events, 'trace').flatMap((event) => event.lines);
    expect(lines.every(({ indices }) => indices.every((row) => row < 240))).toBe(true);
  });

  test('checkpoints come on the way, each a whole state', async () => {
    const events = await run({ 'train.seconds': 1, 'train.steps': 0 }, { checkpointMs: 200 });
    const steps = ofKind(events, 'checkpoint').map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(2);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  test('given weights replace the seeded ones, and must fit', async () => {
    const config: Config = tinyConfig({ 'train.steps': 1 });
    const device = await deviceOf('wasm');
    const seeded = await eventsOf(requestOf(device, { ...config, seed: 5 }));
    const weights = ofKind(seeded, 'initial')[0]?.weights as Uint8Array<ArrayBuffer>;
    const events = await run({ 'train.steps': 1 }, { options: { init: weights } });
    expect(ofKind(events, 'initial')[0]?.weights).toEqual(weights);
    const tensors = [...decodeSafetensors(weights).tensors.values()];
    const without = encodeSafetensors(tensors.filter(({ name }) => name !== 'linear_in.bias'));
    await expect(run({}, { options: { init: without } })).rejects.toMatchObject({
      code: 'checkpoint-incompatible',
      message: expect.stringContaining('linear_in.bias'),
    });
    await expect(run({ 'model.width': 9 }, { options: { init: weights } })).rejects.toThrow(/shape/);
  });

  test('a checkpoint of another config or other data is refused', async () => {
    const first = await run({}, { options: { untilStep: 2 } });
    const from = lastCheckpoint(first)?.bytes as CheckpointBytes;
    await expect(run({ seed: 1 }, { options: { from } })).rejects.toMatchObject({
      code: 'checkpoint-incompatible',
    });
    const dataset = { ...tinyDataset(), sha256: 'other' };
    await expect(run({}, { dataset, options: { from } })).rejects.toThrow(/other data/);
  });
});

describe('a fork', () => {
  const steps = (count: number, more: Named = {}): Config => tinyConfig({ 'train.steps': count, ...more });

  test.each(['adamw', 'lion', 'sgd'] as const)(
    'with a longer budget gives the bits of the long run (%s)',
    async (optimizer) => {
      const device = await deviceOf('wasm');
      const long = steps(20, { optimizer });
      const whole = await eventsOf(requestOf(device, long));
      const parent = steps(8, { optimizer });
      const from = lastCheckpoint(await eventsOf(requestOf(device, parent)))?.bytes as CheckpointBytes;
      const options = { from, parent: { id: runId(parent), step: 8 } };
      const forked = await eventsOf(requestOf(device, long, { options }));
      expect(ofKind(forked, 'started')).toMatchObject([{ step: 8 }]);
      expect(ofKind(forked, 'initial')).toEqual([]);
      expect(series(forked, 'train/loss')).toEqual(series(whole, 'train/loss').filter(([step]) => step > 8));
      expect([...(await stateOf(forked))]).toEqual([...(await stateOf(whole))]);
      // It goes on from its own checkpoint too, which is not the plain run's.
      const own = lastCheckpoint(forked)?.bytes as CheckpointBytes;
      const longer = { from: own, parent: { id: runId(long, options.parent), step: 20 } };
      const second = await eventsOf(requestOf(device, steps(24, { optimizer }), { options: longer }));
      expect(ofKind(second, 'ended')).toMatchObject([{ outcome: 'finished', step: 24 }]);
      await expect(eventsOf(requestOf(device, long, { options: { from: own } }))).rejects.toThrow(
        /another config/,
      );
    },
  );

  test('changes what it may from its first step on', async () => {
    const device = await deviceOf('wasm');
    const parent = steps(8);
    const from = lastCheckpoint(await eventsOf(requestOf(device, parent)))?.bytes as CheckpointBytes;
    const child = steps(16, { 'optimizer.learningRate': 1e-4, 'train.batchSize': 8 });
    const options = { from, parent: { id: runId(parent), step: 8 } };
    const events = await eventsOf(requestOf(device, child, { options }));
    expect(series(events, 'optimizer/learning-rate').every(([, rate]) => rate === 1e-4)).toBe(true);
    expect(series(events, 'train/loss').map(([step]) => step)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  });

  test('is refused where the checkpoint is not its parent’s, or holds another rule’s state', async () => {
    const device = await deviceOf('wasm');
    const parent = steps(8);
    const from = lastCheckpoint(await eventsOf(requestOf(device, parent)))?.bytes as CheckpointBytes;
    const attempt = (config: Config, from_: { id: string; step: number }) =>
      eventsOf(requestOf(device, config, { options: { from, parent: from_ } }));
    const right = { id: runId(parent), step: 8 };
    await expect(attempt(steps(16), { ...right, step: 7 })).rejects.toThrow(/another config/);
    await expect(attempt(steps(16), { ...right, id: runId(steps(9)) })).rejects.toThrow(/another config/);
    await expect(attempt(steps(16, { optimizer: 'sgd' }), right)).rejects.toThrow(/another optimizer/);
    await expect(attempt(steps(16, { 'model.width': 24 }), right)).rejects.toThrow(/has shape/);
  });
});

test('a target ends the run at the evaluation that reaches it, as finished', async () => {
  const device = await deviceOf('wasm');
  const config = tinyConfig({ 'train.steps': 60, 'train.target': 0.01 });
  const events = await eventsOf(requestOf(device, config));
  const [first] = series(events, 'test/accuracy');
  expect(ofKind(events, 'ended')).toMatchObject([{ outcome: 'finished', step: first?.[0] }]);
  expect(first?.[0]).toBeLessThan(60);
  expect(lastCheckpoint(events)?.step).toBe(first?.[0]);
});
