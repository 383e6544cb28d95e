// Resized crops and MixUp against PyTorch, given the same windows and shares: pixels of each gather, and whole steps of
// every runner. Bounds are the house's.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset, ImageShape } from '../../src/core/dataset.ts';
import type { Batches } from '../../src/engine/batches.ts';
import type { Device } from '../../src/engine/device.ts';
import { gather, pixels } from '../../src/engine/gather.ts';
import * as objectives from '../../src/engine/wasm/objectives.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { wordsOfDraw } from '../../src/engine/webgpu/kernels/draw.ts';
import { gather as gatherKernel } from '../../src/engine/webgpu/kernels/gather.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import text from '../reference/augmentation.json?raw';
import { bytesOf, floats, type Packed, unpack } from './golden.ts';
import { deviceOf, jobOf, relative, runners } from './material.ts';
import { plainGpu, run } from './webgpu-device.ts';

type Windows = readonly (readonly number[])[];

interface Raw {
  readonly config: Named & { readonly 'train.batchSize': number; readonly 'train.steps': number };
  readonly mean: number;
  readonly std: number;
  readonly crops: readonly {
    readonly shape: ImageShape;
    readonly images: string;
    readonly windows: Windows;
    readonly values: string;
  }[];
  readonly images: string;
  readonly labels: readonly number[];
  readonly start: Packed;
  readonly cases: readonly {
    readonly title: string;
    readonly windows: readonly Windows[] | null;
    readonly shares: readonly number[] | null;
    readonly losses: readonly number[];
    readonly spread: number;
    readonly gradients: Packed;
    readonly updated: Packed;
  }[];
}

const raw = JSON.parse(text) as Raw;
const BATCH = raw.config['train.batchSize'];
const STEPS = raw.config['train.steps'];

function expectPixels(got: Float32Array, wanted: Float32Array): void {
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] as number))), 0);
  // Values reach 2.9 and places are whole numbers here, float32 there.
  expect(worst).toBeLessThan(2e-5);
  expect(relative(got, wanted)).toBeLessThan(2e-6);
}

describe.each(
  raw.crops.map((crop) => [`${crop.shape.channels}×${crop.shape.height}×${crop.shape.width}`, crop] as const),
)('resized windows of %s', (_title, crop) => {
  const { shape, windows } = crop;
  const images = bytesOf(crop.images);
  const rows = Uint32Array.from(windows, (_, row) => row);
  const draws = Int32Array.from(windows.flat());
  const look = pixels(
    shape,
    Array.from({ length: shape.channels }, () => raw.mean),
    Array.from({ length: shape.channels }, () => raw.std),
  );
  const features = shape.channels * shape.height * shape.width;
  const wanted = floats(crop.values);
  const host = new Float32Array(wanted.length);
  gather(look, images, rows, draws, host);

  test('host: as F.interpolate; a whole window is the image bit for bit', () => {
    expectPixels(host, wanted);
    const plain = new Float32Array(wanted.length);
    gather(look, images, rows, null, plain);
    expect(host.subarray(0, features)).toEqual(plain.subarray(0, features));
  });

  test('CPU kernel', async () => {
    const kernels = await createPool(1 << 22, 1);
    const place = (count: number) => kernels.allocate(4 * count);
    const at = {
      images: kernels.allocate(images.length),
      table: place(look.table.length),
      indices: place(rows.length),
    };
    kernels.bytes(at.images, images.length).set(images);
    kernels.floats(at.table, look.table.length).set(look.table);
    kernels.integers(at.indices, rows.length).set(rows);
    const words = { at: place(draws.length), words: 5 };
    kernels.integers(words.at, draws.length).set(draws);
    const out = place(wanted.length);
    kernels.run(kernels.tape([objectives.gather({ ...at, draws: words, out, rows: rows.length, ...shape })]));
    expect(relative(kernels.floats(out, wanted.length), host)).toBeLessThan(1e-7);
    kernels.dispose();
  });

  test('GPU kernel', async () => {
    const resident = {
      ...shape,
      count: rows.length,
      orderLength: rows.length,
      cut: { kind: 'resized' },
      mixes: true,
      prototypes: 0,
    } as const;
    const op = { kind: 'gather', rows: rows.length, features, input: 0, labels: 0 } as const;
    const padded = new Uint8Array(Math.ceil(images.length / 4) * 4);
    padded.set(images);
    const share = Math.fround(0.3);
    const got = await run(await plainGpu(), gatherKernel(op, resident), {
      images: new Uint32Array(padded.buffer),
      classes: new Uint32Array(Math.ceil(rows.length / 4)),
      order: rows,
      table: look.table,
      draw: wordsOfDraw({ offset: 0, step: 0, seed: 0, share }),
      windows: new Uint32Array(draws.buffer),
    });
    const mixed = new Float32Array(wanted.length);
    gather(look, images, rows, draws, mixed, share);
    expect(relative(got['input'] ?? [], mixed)).toBeLessThan(2e-7);
    // MixUp by its definition, from the unmixed rows.
    for (const [row, before] of [
      [0, rows.length - 1],
      [3, 2],
    ] as const)
      for (let i = 0; i < features; i++) {
        const one = share * (host[row * features + i] as number);
        const other = (1 - share) * (host[before * features + i] as number);
        expect(Math.abs((mixed[row * features + i] as number) - one - other)).toBeLessThan(1e-6);
      }
  });
});

const split = { images: bytesOf(raw.images), labels: Uint8Array.from(raw.labels) };
const dataset: Dataset = {
  id: 'digits',
  order: 'golden',
  sha256: 'golden',
  shape: { channels: 1, height: 8, width: 8 },
  classes: [...'0123456789'],
  train: split,
  test: split,
};

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });

  test.each(raw.cases.map((entry) => [entry.title, entry] as const))('%s', async (_title, entry) => {
    const { windows, shares } = entry;
    const drawn = windows?.map((step) => Int32Array.from(step.flat()));
    const batches: Batches = {
      size: BATCH,
      stepsPerEpoch: STEPS,
      rows: (step) => Uint32Array.from({ length: BATCH }, (_, row) => step * BATCH + row),
      draws: (step) => drawn?.[step] ?? null,
      share: (step) => shares?.[step] ?? null,
    };
    const varied: Named = {
      ...(windows ? { augment: 'resized-crop' } : {}),
      ...(shares ? { 'augment.mixup': 0.8 } : {}),
    };
    const start = unpack(raw.start);
    const made = (settings: Named) =>
      makeRunner(
        {
          ...jobOf(makeConfig({ data: 'digits', ...settings, ...varied }), dataset, batches),
          mean: [raw.mean],
          std: [raw.std],
        },
        start,
      );

    // Without decay and momentum the first buffer of SGD is the gradient.
    const plain = await made({
      ...raw.config,
      optimizer: 'sgd',
      'optimizer.weightDecay': 0,
      'optimizer.learningRate': 0.05,
    });
    plain.step(0, 0, false);
    await device.guard(() => plain.read());
    const slots = new Map((await plain.exportState()).map((tensor) => [tensor.name, tensor.values]));
    for (const [name, { values }] of unpack(entry.gradients))
      expect(relative(slots.get(`optimizer.momentum_buffer.${name}`) ?? [], values), name).toBeLessThan(1e-5);
    plain.dispose();

    const runner = await made(raw.config);
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      runner.step(step, 0.003, false);
      losses.push(...(await device.guard(() => runner.read())).losses);
      if (step > 0) continue;
      const state = new Map((await runner.exportState()).map((tensor) => [tensor.name, tensor.values]));
      for (const [name, { values }] of unpack(entry.updated))
        expect(relative(state.get(name) ?? [], values), name).toBeLessThan(1e-5);
    }
    runner.dispose();
    for (const [step, loss] of losses.entries()) {
      const wanted = entry.losses[step] as number;
      expect(Math.abs(loss - wanted) / wanted, `step ${step}`).toBeLessThan(1e-5);
    }
  });
});

describe('drawn by the lab itself', () => {
  const named: readonly [string, Named][] = (['flip-crop', 'resized-crop'] as const).map((augment) => [
    augment,
    { ...raw.config, data: 'digits', augment, 'augment.mixup': 0.4, seed: 3 },
  ]);

  test.each(named)('%s with MixUp: all runners see the same', async (_augment, settings) => {
    const config = makeConfig(settings);
    const curves: number[][] = [];
    for (const { backend, makeRunner } of runners) {
      const device = await deviceOf(backend);
      const runner = await makeRunner(jobOf(config, dataset), unpack(raw.start));
      for (let step = 0; step < 3; step++) runner.step(step, 0.003, false);
      curves.push([...(await device.guard(() => runner.read())).losses]);
      runner.dispose();
    }
    const [first] = curves as [number[]];
    for (const curve of curves)
      for (const [step, loss] of curve.entries())
        expect(Math.abs(loss / (first[step] as number) - 1)).toBeLessThan(1e-5);
  });
});
