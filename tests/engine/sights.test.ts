// What is seen inside a run: pictures at every scoring and again from a checkpoint, filters and statistics when asked.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { filterBytes, locality } from '../../src/core/filters.ts';
import { addNoise, fixedNoise, noiseTable } from '../../src/core/noise.ts';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import { pixelOrder } from '../../src/core/shuffle-pixels.ts';
import type { Device } from '../../src/engine/device.ts';
import { createInspector } from '../../src/engine/inspect.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { galleryRows } from '../../src/engine/sights/gallery.ts';
import { testPictures } from '../../src/engine/sights/images.ts';
import { deadUnits, fixedBatch } from '../../src/engine/sights/layers.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import type { TrainEvent, TrainRequest } from '../../src/engine/train.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import type { CheckpointBytes } from '../../src/experiment/protocol.ts';
import type { Sight, SightKind, SightWish } from '../../src/experiment/sight.ts';
import { deviceOf, eventsOf, ofKind, requestOf, series, tinyConfig, tinyDataset } from './material.ts';

const dataset = tinyDataset();
const makeRunner: RunnerMaker = (job, state) => createWasmRunner(job, state, 1);
let device: Device;
beforeAll(async () => {
  device = await deviceOf('wasm');
});

/** The newest sight of a kind, which must be there. */
function only<K extends SightKind>(kind: K, sight: Sight | undefined): Extract<Sight, { kind: K }> {
  if (sight?.kind !== kind) throw new Error(`no ${kind} was seen`);
  return sight as Extract<Sight, { kind: K }>;
}

const newest = (events: readonly TrainEvent[]): CheckpointBytes =>
  ofKind(events, 'checkpoint').at(-1)?.bytes ?? [];

async function stateOf(events: readonly TrainEvent[]): Promise<ReadonlyMap<string, Float32Array>> {
  const parts = await Promise.all(newest(events).map((blob) => blob.arrayBuffer()));
  const { tensors } = decodeSafetensors(new Uint8Array(await new Blob(parts).arrayBuffer()));
  return new Map([...tensors].map(([name, { values }]) => [name, values]));
}

/** What is seen in the last checkpoint of a run. */
async function seen<K extends SightKind>(
  request: TrainRequest,
  events: readonly TrainEvent[],
  wish: SightWish & { readonly kind: K },
): Promise<Extract<Sight, { kind: K }>> {
  const { config, rows, dataset: data } = request;
  const around = { dataset: data, rows, device, makeRunner, isHurried: () => false };
  const inspection = { runId: 'run', step: 0, config, wish, from: newest(events) };
  return only(wish.kind, (await createInspector().look(inspection, around)).sight);
}

test('a gallery shows one image a class first', () => {
  expect([...galleryRows(Uint8Array.of(3, 1, 3, 0, 1))]).toEqual([3, 1, 0, 2, 4]);
  expect(galleryRows(new Uint8Array(100))).toHaveLength(12);
  expect(galleryRows(Uint8Array.from({ length: 300 }, (_, row) => row % 100))).toHaveLength(12);
});

test('pictures of denoising: at the start and at each scoring, and the last ones again from the checkpoint', async () => {
  const config = tinyConfig({ task: 'denoise', 'train.steps': 40, seed: 3 });
  const request = requestOf(device, config, { dataset, makeRunner });
  const events = await eventsOf(request);
  const sent = ofKind(events, 'inspected');
  expect(sent.map(({ step }) => step)).toEqual([0, 20, 40]);
  const last = only('gallery', sent.at(-1)?.sight);
  const first = only('gallery', sent[0]?.sight);
  expect(last.rows).toHaveLength(12);
  expect(last.labels.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const images = last.rows.map((row) => dataset.test.images.subarray(64 * row, 64 * row + 64));
  expect([...last.target.pixels]).toEqual(images.flatMap((image) => [...image]));
  const clean = Float32Array.from(last.target.pixels, (byte) => byte / 255);
  const noisy = new Float32Array(clean.length);
  addNoise(clean, noisy, 64, noiseTable(0.25), fixedNoise(3, 'test', Uint32Array.from(last.rows)));
  expect([...last.input.pixels]).toEqual([...noisy].map((value) => Math.round(255 * value)));
  // What is shown is what the network gives: its squared error is the PSNR beside it, but for rounding to bytes.
  const error = (index: number): number => {
    let sum = 0;
    for (let i = 64 * index; i < 64 * index + 64; i++)
      sum += (((last.output.pixels[i] as number) - (last.target.pixels[i] as number)) / 255) ** 2;
    return sum / 64;
  };
  for (const index of last.rows.keys())
    expect(-10 * Math.log10(error(index))).toBeCloseTo(last.psnr[index] as number, 1);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  expect(sum(last.psnr)).toBeGreaterThan(sum(first.psnr));

  expect(await seen(request, events, { kind: 'gallery' })).toEqual(last);
});

test('super-resolution shows the small input; classification sends nothing unasked and has no pictures', async () => {
  const config = tinyConfig({ task: 'super-resolve', 'train.steps': 1 });
  const [start] = ofKind(await eventsOf(requestOf(device, config, { dataset, makeRunner })), 'inspected');
  const { input, output, inputPsnr } = only('gallery', start?.sight);
  expect(input.shape).toEqual({ channels: 1, height: 4, width: 4 });
  expect(input.pixels).toHaveLength(12 * 16);
  expect(output.pixels).toHaveLength(12 * 64);
  expect(inputPsnr).toBe(null);

  const request = requestOf(device, tinyConfig({ 'train.steps': 1 }), { dataset, makeRunner });
  const events = await eventsOf(request);
  expect(ofKind(events, 'inspected')).toEqual([]);
  await expect(seen(request, events, { kind: 'gallery' })).rejects.toMatchObject({ code: 'config-invalid' });
});

test('filters are rows of the first matrix, their locality what each scoring reported', async () => {
  const config = tinyConfig({ 'train.steps': 40, 'optimizer.learningRate': 0.01 });
  const request = requestOf(device, config, { dataset, makeRunner });
  const events = await eventsOf(request);
  const weights = (await stateOf(events)).get('linear_in.weight') ?? new Float32Array(0);
  const row = (unit: number): Float32Array => Float32Array.from(weights.slice(64 * unit, 64 * unit + 64));
  const { layer, sets, ...rest } = await seen(request, events, { kind: 'filters' });
  expect(layer).toMatchObject({ tensor: 'linear_in.weight', count: 8, isTrainable: true, isPatch: false });
  expect(sets?.strongest.units.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(sets?.strongest.norms).toEqual(sets?.strongest.norms.toSorted((a, b) => b - a));
  expect(sets?.local.localities).toEqual(sets?.local.localities.toSorted((a, b) => b - a));
  for (const [index, unit] of sets?.local.units.entries() ?? []) {
    const bytes = sets?.local.pictures.pixels.slice(64 * index, 64 * index + 64);
    expect([...(bytes ?? [])]).toEqual([...filterBytes(row(unit))]);
    expect(sets?.local.localities[index]).toBe(locality(row(unit), dataset.shape));
  }
  expect(series(events, 'filters/locality').at(-1)).toEqual([40, rest.locality]);
  expect(rest.startLocality).not.toBe(rest.locality);
  const start = Math.max(...(sets?.start.norms ?? []));
  expect(start).toBeLessThan(Math.max(...(sets?.strongest.norms ?? [])));
});

test('filters of a run on shuffled pixels stand where the pixels were', async () => {
  const request = requestOf(device, tinyConfig({ 'data.shufflePixels': true, 'train.steps': 1 }), {
    dataset,
    makeRunner,
  });
  const events = await eventsOf(request);
  const { isUnshuffled, sets } = await seen(request, events, { kind: 'filters' });
  expect(isUnshuffled).toBe(true);
  const weights = (await stateOf(events)).get('linear_in.weight') ?? new Float32Array(0);
  const order = pixelOrder(dataset.shape, 0);
  const unit = sets?.strongest.units[0] ?? 0;
  const back = new Float32Array(64);
  for (const [place, from] of order.entries()) back[from] = weights[64 * unit + place] as number;
  expect([...(sets?.strongest.pictures.pixels.slice(0, 64) ?? [])]).toEqual([...filterBytes(back)]);
});

test('statistics: the gradient of the batch is that of the next step, dead units are counted', async () => {
  const small = tinyDataset(64);
  const config = tinyConfig({
    'train.batchSize': 64,
    'train.steps': 3,
    'model.activation': 'relu',
    'train.clipNorm': 1e6,
  });
  const request = requestOf(device, config, { dataset: small, makeRunner });
  const half = await eventsOf({ ...request, options: { untilStep: 2 } });
  const whole = await eventsOf(request);
  const { images, tensors, outputs } = await seen(request, half, { kind: 'layers' });
  expect(images).toBe(64);
  const squares = tensors.reduce((sum, { gradient }) => sum + (gradient?.norm ?? 0) ** 2, 0);
  const norm = series(whole, 'gradient/norm').find(([step]) => step === 3)?.[1] ?? 0;
  expect(Math.sqrt(squares) / norm).toBeCloseTo(1, 5);
  const state = await stateOf(half);
  for (const { name, values } of tensors) {
    const own = state.get(name) ?? new Float32Array(0);
    expect(values.count).toBe(own.length);
    expect(values.norm).toBeCloseTo(Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)), 6);
  }
  expect(outputs.map(({ name }) => name)).toEqual([
    'linear_in',
    'layernorms.0',
    'blocks.0.block.0',
    'relu',
    'blocks.0.block.2',
    'sum',
    'layernorms.1',
    'blocks.1.block.0',
    'relu',
    'blocks.1.block.2',
    'sum',
    'linear_out',
  ]);
  for (const { name, width, values, dead } of outputs) {
    expect(values.count).toBe(64 * width);
    if (name === 'relu') expect(values.zeros).toBeGreaterThan(0.1);
    expect(dead === null).toBe(name !== 'relu');
  }
});

test('a unit is dead where it is above zero in no row; the batch is spread over the training images', () => {
  expect(deadUnits(Float32Array.of(0, 1, -1, 0, 2, -0.1), 3)).toBe(2);
  expect([...fixedBatch(Uint32Array.of(5, 6, 7, 8, 9, 10), 3)]).toEqual([5, 7, 9]);
  expect([...fixedBatch(Uint32Array.of(5, 6), 3)]).toEqual([5, 6]);
});

test.each(['mlp-mixer', 'hourglass', 'isotropic'] as const)(
  'every layer of %s is looked at',
  async (model) => {
    const config = tinyConfig({ model, 'train.steps': 1, 'train.batchSize': 8 });
    const request = requestOf(device, config, { dataset, makeRunner: createTfjsRunner });
    const events = await eventsOf(request);
    const { tensors, outputs } = await seen(request, events, { kind: 'layers' });
    for (const { values, gradient } of tensors)
      for (const one of [values, gradient]) expect(one?.odd ?? 0).toBe(0);
    expect(outputs.every(({ values }) => values.odd === 0 && values.count > 0)).toBe(true);
    const { layer, locality: score } = await seen(request, events, { kind: 'filters' });
    expect(score === null).toBe(layer?.isPatch);
    expect(tf.memory().numTensors).toBeLessThan(50);
  },
);

test('answers are those that are scored; the worst mistakes come with their probabilities and images', async () => {
  const config = tinyConfig({ 'train.steps': 30, 'optimizer.learningRate': 0.01 });
  const request = requestOf(device, config, { dataset, makeRunner });
  const events = await eventsOf(request);
  const { labels, predicted, confidence, mistakes } = await seen(request, events, { kind: 'answers' });
  expect([...labels]).toEqual([...dataset.test.labels]);
  const right = labels.filter((label, row) => label === predicted[row]).length;
  expect(right / labels.length).toBe(series(events, 'test/accuracy').at(-1)?.[1]);
  expect(mistakes.rows.length).toBe(Math.min(24, labels.length - right));
  for (const [index, row] of mistakes.rows.entries()) {
    expect(predicted[row]).not.toBe(labels[row]);
    const own = mistakes.probabilities.subarray(10 * index, 10 * index + 10);
    expect(own.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(Math.max(...own)).toBeCloseTo(confidence[row] as number, 6);
    const image = dataset.test.images.subarray(64 * row, 64 * row + 64);
    expect([...mistakes.pictures.pixels.subarray(64 * index, 64 * index + 64)]).toEqual([...image]);
  }
  const { rows, pictures } = await seen(request, events, { kind: 'images', rows: [3, 1] });
  expect(rows).toEqual([3, 1]);
  expect([...pictures.pixels.subarray(64)]).toEqual([...dataset.test.images.subarray(64, 128)]);
  await expect(seen(request, events, { kind: 'images', rows: [80] })).rejects.toMatchObject({
    code: 'config-invalid',
  });
  await expect(
    createInspector().look(
      { runId: 'run', step: 0, config, wish: { kind: 'answers' }, from: newest(events) },
      { dataset, rows: request.rows, device, makeRunner, isHurried: () => true },
    ),
  ).rejects.toMatchObject({ code: 'cancelled' });
});

test('images of a run at another resolution are as large as its network sees them', () => {
  const config = tinyConfig({ 'data.resolution': 4, 'data.shufflePixels': true });
  const { shape, pixels } = testPictures(config, dataset, [0, 5]);
  expect(shape).toEqual({ channels: 1, height: 4, width: 4 });
  expect(pixels).toHaveLength(32);
});

test.each([
  ['as it is', {}],
  ['shuffled', { 'data.shufflePixels': true }],
] as const)(
  'an image of one’s own, %s, is answered like the same image of the test split',
  async (_, settings) => {
    const config = tinyConfig({ ...settings, 'train.steps': 20, 'optimizer.learningRate': 0.01 });
    const request = requestOf(device, config, { dataset, makeRunner });
    const events = await eventsOf(request);
    const { predicted, confidence } = await seen(request, events, { kind: 'answers' });
    for (const row of [0, 7]) {
      const pixels = dataset.test.images.slice(64 * row, 64 * row + 64);
      const wish = { kind: 'guess', mark: row, image: { shape: dataset.shape, pixels } } as const;
      const { probabilities, mark, image } = await seen(request, events, wish);
      expect(mark).toBe(row);
      expect([...image.pixels]).toEqual([...pixels]);
      expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
      expect(probabilities[predicted[row] as number]).toBeCloseTo(confidence[row] as number, 4);
    }
    const small = { shape: { ...dataset.shape, width: 4 }, pixels: new Uint8Array(32) };
    await expect(seen(request, events, { kind: 'guess', mark: 1, image: small })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('1 × 8 × 8'),
    });
  },
);
