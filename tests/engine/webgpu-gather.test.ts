// The batch kernel against the same arithmetic on the host, bit for bit: rows, flips, crops, normalisation, classes.
import { beforeAll, expect, test } from 'vitest';
import type { Draw as Window } from '../../src/catalog/augmentations/augmentation.ts';
import { flipCrop, PADDING } from '../../src/catalog/augmentations/flip-crop.ts';
import { flips } from '../../src/catalog/augmentations/flips.ts';
import { permutation, stream, streams } from '../../src/core/rng.ts';
import { type Draw, wordsOfDraw } from '../../src/engine/webgpu/kernels/draw.ts';
import { gather, imagesPerPart, type Resident } from '../../src/engine/webgpu/kernels/gather.ts';
import { type Gpu, plainGpu, run } from './webgpu-device.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await plainGpu();
});

const COUNT = 40;
const ROWS = 12;
const shifts = { padding: PADDING, turns: false } as const;
const turns = { padding: 0, turns: true } as const;

function dataset(channels: number, height: number, width: number) {
  const features = channels * height * width;
  const random = stream(5, 1);
  const bytes = new Uint8Array(Math.ceil((COUNT * features) / 4) * 4).map((_, i) => random.integer(256, i));
  const classes = new Uint8Array(COUNT).map((_, i) => (i * 7) % 10);
  const table = Float32Array.from(
    { length: channels * 256 },
    (_, i) => Math.fround((i % 256) / 255 - 0.4) * (1 + (i >> 8)),
  );
  return { features, bytes, classes, table, order: permutation(COUNT, 3, streams.permutation, 0) };
}

test.each([
  [1, 28, 28],
  [3, 32, 32],
  [1, 5, 5],
  [3, 3, 7],
] as const)('%i×%i×%i', async (channels, height, width) => {
  const { features, bytes, classes, table, order } = dataset(channels, height, width);
  const plane = height * width;
  const pixel = (image: number, e: number, [flip, dx, dy]: Window): number => {
    const c = Math.floor(e / plane);
    const line = Math.floor((e % plane) / width);
    const y = (flip & 2 ? height - 1 - line : line) + dy;
    const x = (flip & 1 ? width - 1 - (e % width) : e % width) + dx;
    const isInside = y >= 0 && y < height && x >= 0 && x < width;
    const byte = isInside ? (bytes[image * features + c * plane + y * width + x] as number) : 0;
    return table[c * 256 + byte] as number;
  };
  for (const [varies, mixes] of [
    [null, false],
    [shifts, false],
    [turns, false],
    [shifts, true],
  ] as const) {
    const resident: Resident = {
      channels,
      height,
      width,
      count: COUNT,
      orderLength: COUNT,
      cut: varies ? { kind: 'shifted', ...varies, stream: streams.augment } : null,
      mixes,
      prototypes: 0,
    };
    const draw: Draw = { offset: 8, step: 123_456, seed: 2 ** 31 - 1, share: 0.75 };
    const op = { kind: 'gather', rows: ROWS, features, input: 0, labels: 0 } as const;
    const kernels = gather(op, resident);
    const got = await run(gpu, kernels, {
      images: new Uint32Array(bytes.buffer),
      classes: new Uint32Array(classes.buffer),
      order,
      table,
      draw: wordsOfDraw(draw),
    });
    const random = stream(draw.seed, streams.augment);
    const drawsOf = (varies?.turns ? flips : flipCrop).variation?.draws({}, { channels, height, width });
    const image = (row: number): number => order[draw.offset + row] as number;
    const windowOf = (row: number): Window => (varies && drawsOf?.(random, draw.step, row)) || [0, 0, 0];
    const one = (row: number, e: number): number => pixel(image(row), e, windowOf(row));
    const wanted = Float32Array.from({ length: ROWS * features }, (_, i) => {
      const [row, e] = [Math.floor(i / features), i % features];
      if (!mixes) return one(row, e);
      return Math.fround(0.75 * one(row, e)) + Math.fround(0.25 * one((row + ROWS - 1) % ROWS, e));
    });
    if (mixes) {
      const worst = Math.max(
        ...wanted.map((value, i) => Math.abs(value - (got['input']?.[i] ?? Number.NaN))),
      );
      expect(worst).toBeLessThan(1e-6);
    } else expect(got['input']).toEqual(wanted);
    const labels = new Uint32Array(got['labels']?.slice().buffer ?? []);
    expect(Array.from(labels)).toEqual(Array.from({ length: ROWS }, (_, row) => classes[image(row)]));
  }
});

test.each([
  [null, false],
  [shifts, false],
  [shifts, true],
] as const)('images in parts give the same bits: %j, mixed %j', async (varies, mixes) => {
  const { features, bytes, classes, table, order } = dataset(3, 3, 7);
  const op = { kind: 'gather', rows: ROWS, features, input: 0, labels: 0 } as const;
  const whole: Resident = {
    ...{ channels: 3, height: 3, width: 7, count: COUNT, orderLength: COUNT, mixes, prototypes: 0 },
    cut: varies ? { kind: 'shifted', ...varies, stream: streams.augment } : null,
  };
  const others = {
    classes: new Uint32Array(classes.buffer),
    ...{ order, table, draw: wordsOfDraw({ offset: 4, step: 3, seed: 9, share: 0.7 }) },
  };
  const words = new Uint32Array(bytes.buffer);
  const wanted = await run(gpu, gather(op, whole), { images: words, ...others });
  const perPart = imagesPerPart(features, 16 * features + 1);
  const kernels = gather(op, { ...whole, perPart });
  expect(kernels.map(({ label }) => label)).toHaveLength(3);
  const part = (index: number): Uint32Array<ArrayBuffer> =>
    words.slice((index * perPart * features) / 4, ((index + 1) * perPart * features) / 4);
  const got = await run(gpu, kernels, {
    ...{ images: part(0), 'images 1': part(1), 'images 2': part(2) },
    ...others,
  });
  expect(got['input']).toEqual(wanted['input']);
  expect(got['labels']).toEqual(wanted['labels']);
});
