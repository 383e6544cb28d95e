// Noise on pixels: the table's moments, the same draws as the reference, and how draws of places and steps relate.
import { expect, test } from 'vitest';
import {
  addNoise,
  fixedNoise,
  NOISE_VALUES,
  type NoiseDraw,
  noiseTable,
  trainingNoise,
} from '../../src/core/noise.ts';
import { normalQuantile } from '../../src/core/normal.ts';
import { floats } from '../engine/golden.ts';
import { tasksGolden } from '../reference/tasks.ts';

/** Noise alone: grey pixels far from the clamps, with a table that keeps them there. */
function drawn(rows: number, features: number, draw: NoiseDraw): Float32Array {
  const zeros = new Float32Array(rows * features);
  const positive = noiseTable(1).map((value) => value / 16 + 0.5);
  addNoise(zeros, zeros, features, positive, draw);
  return zeros;
}

const moments = (values: Float32Array): readonly number[] => {
  const mean = (power: number, centre: number): number =>
    values.reduce((sum, value) => sum + (value - centre) ** power, 0) / values.length;
  const centre = mean(1, 0);
  return [centre, Math.sqrt(mean(2, centre)), mean(3, centre), mean(4, centre)];
};

test('quantiles of the normal distribution', () => {
  // Φ(1), Φ(−2) and Φ(4) to 16 digits, from the literature.
  expect(normalQuantile(0.8413447460685429)).toBeCloseTo(1, 12);
  expect(normalQuantile(0.022750131948179195)).toBeCloseTo(-2, 12);
  expect(normalQuantile(0.9999683287581669)).toBeCloseTo(4, 10);
  expect(normalQuantile(0.5)).toBe(0);
});

test('the table is symmetric, sorted, and has the moments of a standard normal', () => {
  const table = noiseTable(1);
  const [mean = 1, std = 0, third = 1, fourth = 0] = moments(table);
  expect(Math.abs(mean)).toBeLessThan(1e-9);
  expect(Math.abs(std - 1)).toBeLessThan(2e-5);
  expect(Math.abs(third)).toBeLessThan(1e-6);
  expect(Math.abs(fourth - 3)).toBeLessThan(2e-3);
  expect(table.every((value, i) => value === -(table[NOISE_VALUES - 1 - i] as number))).toBe(true);
  expect(table.every((value, i) => i === 0 || value > (table[i - 1] as number))).toBe(true);
  expect(noiseTable(0).every((value) => value === 0)).toBe(true);
});

test('the table and its draws are the reference’s, bit for bit', () => {
  const { table, noise } = tasksGolden;
  expect(noiseTable(table.std).filter((_, i) => i % 257 === 0)).toEqual(floats(table.values));
  for (const { features, seed, step, rows, training, test: fixed } of noise) {
    const at = Uint32Array.from(rows);
    const noiseOf = (draw: NoiseDraw): Float32Array => {
      const images = new Float32Array(rows.length * features).fill(0.5);
      addNoise(images, images, features, noiseTable(1), draw);
      return images;
    };
    const noisy = (text: string): Float32Array =>
      floats(text).map((value) => Math.min(1, Math.max(0, Math.fround(0.5 + value))));
    expect(noiseOf(trainingNoise(seed, step))).toEqual(noisy(training));
    expect(noiseOf(fixedNoise(seed, 'test', at))).toEqual(noisy(fixed));
  }
});

test('a million draws have the moments of a standard normal', () => {
  const [mean = 1, std = 0, third = 1, fourth = 0] = moments(
    drawn(1000, 1000, trainingNoise(3, 17)).map((value) => (value - 0.5) * 16),
  );
  // Four standard errors of a million independent draws.
  expect(Math.abs(mean)).toBeLessThan(4e-3);
  expect(Math.abs(std - 1)).toBeLessThan(4 * Math.SQRT1_2 * 1e-3);
  expect(Math.abs(third)).toBeLessThan(4 * Math.sqrt(15) * 1e-3);
  expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96) * 1e-3);
});

test('training noise changes with seed, step and place; fixed noise belongs to an image', () => {
  const first = drawn(2, 30, trainingNoise(1, 4));
  expect(drawn(2, 30, trainingNoise(1, 4))).toEqual(first);
  for (const other of [trainingNoise(2, 4), trainingNoise(1, 5)])
    expect(drawn(2, 30, other)).not.toEqual(first);
  expect(first.subarray(0, 30)).not.toEqual(first.subarray(30));
  const images = (rows: number[], split: 'train' | 'test'): Float32Array =>
    drawn(rows.length, 30, fixedNoise(1, split, Uint32Array.from(rows)));
  expect(images([9, 4], 'test').subarray(30)).toEqual(images([4], 'test'));
  expect(images([4], 'train')).not.toEqual(images([4], 'test'));
});

test('pixels stay between black and white', () => {
  const images = Float32Array.from({ length: 4000 }, (_, i) => (i % 256) / 255);
  const out = new Float32Array(4000);
  addNoise(images, out, 40, noiseTable(2), trainingNoise(0, 0));
  expect(Math.min(...out)).toBe(0);
  expect(Math.max(...out)).toBe(1);
});
