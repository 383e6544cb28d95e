// Pictures of a run: sent at the start and at every scoring, the same from a checkpoint, and true to the data.
import { beforeAll, expect, test } from 'vitest';
import { addNoise, fixedNoise, noiseTable } from '../../src/core/noise.ts';
import type { Device } from '../../src/engine/device.ts';
import { inspect } from '../../src/engine/inspect.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { galleryRows } from '../../src/engine/sights.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { deviceOf, eventsOf, ofKind, requestOf, tinyConfig, tinyDataset } from './material.ts';

const dataset = tinyDataset();
const makeRunner: RunnerMaker = (job, state) => createWasmRunner(job, state, 1);
let device: Device;
beforeAll(async () => {
  device = await deviceOf('wasm');
});

test('a gallery shows one image a class first', () => {
  expect([...galleryRows(Uint8Array.of(3, 1, 3, 0, 1))]).toEqual([3, 1, 0, 2, 4]);
  expect(galleryRows(new Uint8Array(100))).toHaveLength(12);
  expect(galleryRows(Uint8Array.from({ length: 300 }, (_, row) => row % 100))).toHaveLength(12);
});

test('pictures of denoising: at the start and at each scoring, and the last ones again from the checkpoint', async () => {
  const config = tinyConfig({ task: 'denoise', 'train.steps': 40, seed: 3 });
  const request = requestOf(device, config, { dataset, makeRunner });
  const events = await eventsOf(request);
  const seen = ofKind(events, 'inspected');
  expect(seen.map(({ step }) => step)).toEqual([0, 20, 40]);
  const last = seen.at(-1)?.sight;
  const [first] = seen;
  if (!last || !first) throw new Error('nothing was seen');
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
  expect(sum(last.psnr)).toBeGreaterThan(sum(first.sight.psnr));

  const { bytes = [] } = ofKind(events, 'checkpoint').at(-1) ?? {};
  const again = await inspect(config, dataset, request.rows, device, makeRunner, bytes);
  expect(again).toEqual({ step: 40, sight: last });
});

test('super-resolution shows the small input; classification shows nothing yet', async () => {
  const config = tinyConfig({ task: 'super-resolve', 'train.steps': 1 });
  const [start] = ofKind(await eventsOf(requestOf(device, config, { dataset, makeRunner })), 'inspected');
  expect(start?.sight.input.shape).toEqual({ channels: 1, height: 4, width: 4 });
  expect(start?.sight.input.pixels).toHaveLength(12 * 16);
  expect(start?.sight.output.pixels).toHaveLength(12 * 64);
  expect(start?.sight.inputPsnr).toBe(null);

  const plain = tinyConfig({ 'train.steps': 1 });
  const request = requestOf(device, plain, { dataset, makeRunner });
  const events = await eventsOf(request);
  expect(ofKind(events, 'inspected')).toEqual([]);
  const { bytes = [] } = ofKind(events, 'checkpoint').at(-1) ?? {};
  await expect(inspect(plain, dataset, request.rows, device, makeRunner, bytes)).rejects.toMatchObject({
    code: 'config-invalid',
  });
});
