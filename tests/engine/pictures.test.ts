// The kernels of tasks on images on the CPU and on WebGPU: the same noise as the host bit for bit, halves, prototypes and
// squared errors, at sizes that no vector likes.
import { beforeAll, describe, expect, test } from 'vitest';
import { addNoise, fixedNoise, noiseTable, trainingNoise } from '../../src/core/noise.ts';
import type { Kernels } from '../../src/engine/wasm/memory.ts';
import { pictureOperations } from '../../src/engine/wasm/pictures.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { wordsOfDraw } from '../../src/engine/webgpu/kernels/draw.ts';
import {
  noise as noiseKernel,
  prototype as prototypeKernel,
} from '../../src/engine/webgpu/kernels/pictures.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { operandsOf } from '../../src/experiment/program/operands.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import type { Ref } from '../../src/experiment/program/ref.ts';
import { createPlainExecutor } from '../reference/plain-executor.ts';
import { expectClose, type Guarded, guarded, noise } from './wasm-guard.ts';
import { type Gpu, numbers, plainGpu, run } from './webgpu-device.ts';
import { placer, prove } from './webgpu-prove.ts';

const SEED = 2 ** 31 - 1;
const STEP = 123_456;
const FIRST = 40;
const table = noiseTable(0.25);
const rows = [9, 0, 9, 33, 7];
const order = Uint32Array.from(rows, (row) => FIRST + row);
const images = (features: number): Float32Array<ArrayBuffer> =>
  noise(rows.length * features, 3).map(Math.abs) as Float32Array<ArrayBuffer>;

/** What the host makes of the images. */
function wanted(features: number, isFixed: boolean): Float32Array {
  const out = new Float32Array(rows.length * features);
  const draw = isFixed ? fixedNoise(SEED, 'test', Uint32Array.from(rows)) : trainingNoise(SEED, STEP);
  addNoise(images(features), out, features, table, draw);
  return out;
}

const noiseOp = (features: number, isFixed: boolean) => {
  const { place, bytes } = placer();
  const [image, output] = [place('image', rows.length, features), place('output', rows.length, features)];
  return { op: { kind: 'noise', rows: rows.length, features, isFixed, image, output } as const, bytes };
};

describe('on the CPU', () => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await createPool(2 ** 24, 1);
  });

  /** Runs an operation with guarded operands and gives them by name. */
  function perform(
    op: Extract<Op, { kind: 'noise' | 'halve' | 'prototype' | 'squared-error' }>,
    lane: number,
    data: Record<string, ArrayLike<number>>,
  ) {
    const held = new Map<Ref, Guarded>();
    for (const { operand } of operandsOf<Ref>(op)) {
      const count = operand.shape.reduce((product, size) => product * size, 1);
      held.set(operand, guarded(kernels, data[operand.name] ?? count));
    }
    const [labels, indices] = [kernels.allocate(64), kernels.allocate(4 * rows.length)];
    kernels.bytes(labels, 64).set(Array.from({ length: 64 }, (_, i) => i % 3));
    kernels.integers(indices, rows.length).set(rows);
    const laneAt = kernels.allocate(4);
    kernels.integers(laneAt, 1).set([lane]);
    const [values, loss] = [guarded(kernels, table), guarded(kernels, 1)];
    const prototypes = guarded(kernels, data['prototypes'] ?? 1);
    const around = {
      of: (ref: Ref) => held.get(ref)?.at ?? 0,
      noise: values.at,
      lane: laneAt,
      seed: SEED,
      prototypes: prototypes.at,
      labels,
      indices,
      loss: loss.at,
    };
    kernels.run(kernels.tape(pictureOperations(op, around)));
    for (const one of [...held.values(), values, loss, prototypes]) one.check();
    return {
      of: (name: string) => [...held].find(([ref]) => ref.name === name)?.[1].values() ?? [],
      loss: loss.values(),
    };
  }

  test.each([1, 3, 4, 18, 784])('noise on %i pixels is the host’s, bit for bit', (features) => {
    for (const isFixed of [false, true]) {
      const { op } = noiseOp(features, isFixed);
      const { of } = perform(op, isFixed ? 0 : STEP, { image: images(features) });
      expect(of('output')).toEqual(wanted(features, isFixed));
    }
  });

  test.each([
    [1, 2, 2],
    [3, 4, 10],
    [1, 28, 28],
  ])('halves of %i × %i × %i', (channels, height, width) => {
    const { place, bytes } = placer();
    const all = 2 * channels * height * width;
    const [image, output] = [place('image', all), place('output', all / 4)];
    const op = { kind: 'halve', rows: 2, channels, height, width, image, output } as const;
    const plain = createPlainExecutor({ bytes: { arena: bytes() } } as unknown as Program, () => undefined);
    plain.view(image).set(noise(all, 4));
    plain.run([op]);
    expectClose(perform(op, 0, { image: noise(all, 4) }).of('output'), plain.view(output), 1e-7);
  });

  test('prototypes are those of the labels', () => {
    const { place } = placer();
    const output = place('output', rows.length, 5);
    const op = {
      kind: 'prototype',
      rows: rows.length,
      features: 5,
      labels: place('labels', 1),
      output,
    } as const;
    const prototypes = noise(15, 5);
    const found = perform(op, 0, { prototypes }).of('output');
    expect([...found]).toEqual(
      rows.flatMap((row) => [...prototypes.subarray((row % 3) * 5, (row % 3) * 5 + 5)]),
    );
  });

  test.each([1, 3, 64, 785])('squared error over %i pixels', (features) => {
    for (const isTraining of [true, false]) {
      const { place, bytes } = placer();
      const [logits, goal] = [place('logits', 5, features), place('goal', 5, features)];
      const losses = place('losses', 5);
      const made = place(isTraining ? 'gradient' : 'output', 5, features);
      const forms = isTraining ? { gradient: made, output: null } : { gradient: null, output: made };
      const scale = 2 / (5 * features);
      const op = { kind: 'squared-error', rows: 5, features, scale, logits, goal, losses, ...forms } as const;
      const plain = createPlainExecutor({ bytes: { arena: bytes() } } as unknown as Program, () => undefined);
      const data = { logits: noise(5 * features, 6).map((x) => 30 * x ** 3), goal: images(features) };
      plain.view(logits).set(data.logits);
      plain.view(goal).set(data.goal);
      plain.run([op]);
      const found = perform(op, 0, data);
      expectClose(found.of('losses'), plain.view(losses), 2e-7);
      expectClose(found.of(made.name), plain.view(made), 2e-7);
      expectClose(found.loss, [plain.view(losses).reduce((sum, one) => sum + one, 0) / 5], 2e-7);
    }
  });
});

describe('on WebGPU', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await plainGpu();
  });

  test.each([3, 18, 64])('noise on %i pixels is the host’s, bit for bit', async (features) => {
    for (const isFixed of [false, true]) {
      const draw = wordsOfDraw({ offset: 0, step: isFixed ? 0 : STEP, seed: SEED, first: FIRST });
      const kernel = noiseKernel(noiseOp(features, isFixed).op, order.length);
      const got = await run(gpu, [kernel], { image: images(features), noise: table, draw, order });
      expect(got['output']).toEqual(wanted(features, isFixed));
    }
  });

  test('halves', async () => {
    for (const [channels, height, width] of [
      [1, 2, 2],
      [3, 4, 10],
    ] as const) {
      const { place, bytes } = placer();
      const all = 3 * channels * height * width;
      const [image, output] = [place('image', all), place('output', all / 4)];
      await prove(
        gpu,
        { kind: 'halve', rows: 3, channels, height, width, image, output },
        bytes(),
        undefined,
        1e-6,
      );
    }
  });

  test('prototypes are those of the labels', async () => {
    for (const features of [5, 8]) {
      const kernel = prototypeKernel({ kind: 'prototype', rows: 4, features, labels: 0, output: 0 }, 3);
      const prototypes = numbers(3 * features, 2);
      const got = await run(gpu, [kernel], { prototypes, labels: Uint32Array.from([2, 0, 1, 2]) });
      expect([...(got['output'] ?? [])]).toEqual(
        [2, 0, 1, 2].flatMap((label) => [...prototypes.subarray(label * features, (label + 1) * features)]),
      );
    }
  });

  test('squared errors', async () => {
    for (const [count, features] of [
      [1, 1],
      [3, 10],
      [65, 64],
      [5, 1028],
    ] as const)
      for (const isTraining of [true, false]) {
        const { place, bytes } = placer();
        const made = place(isTraining ? 'gradient' : 'output', count, features);
        const op = {
          kind: 'squared-error',
          rows: count,
          features,
          scale: 2 / (count * features),
          logits: place('logits', count, features),
          goal: place('goal', count, features),
          losses: place('losses', count),
          output: isTraining ? null : made,
          gradient: isTraining ? made : null,
        } as const;
        await prove(gpu, op, bytes());
      }
  });
});
