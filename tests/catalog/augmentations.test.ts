// What augmentations draw: the windows of torchvision's RandomResizedCrop, and MixUp's shares.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { augmentations } from '../../src/catalog/augmentations/index.ts';
import { symmetricBeta } from '../../src/core/beta.ts';
import { stream, streams } from '../../src/core/rng.ts';
import { makeConfig } from '../../src/experiment/config.ts';

interface Statistics {
  readonly height: number;
  readonly width: number;
  readonly scale: number;
  readonly ratio: number;
  readonly fits: number;
  readonly w: number;
  readonly h: number;
  readonly x: number;
  readonly share: number;
  readonly spread: number;
}

const golden = resolve(import.meta.dirname, '../reference/augmentation.json');
const { statistics } = JSON.parse(readFileSync(golden, 'utf8')) as { statistics: readonly Statistics[] };

const ROWS = 40_000;

describe('resized crops', () => {
  const drawer = (settings: object, height: number, width: number) =>
    augmentations['resized-crop'].variation?.draws(makeConfig({ augment: 'resized-crop', ...settings }), {
      channels: 1,
      height,
      width,
    });

  test.each(statistics)('$height × $width, scale $scale, ratio $ratio: torchvision’s moments', (one) => {
    const { height, width, scale, ratio } = one;
    const draw = drawer({ 'augment.scale': scale, 'augment.ratio': ratio }, height, width);
    const random = stream(1, streams.augment);
    const sums = { flip: 0, x: 0, w: 0, h: 0, share: 0 };
    for (let row = 0; row < ROWS; row++) {
      const [flip, x, , w = 0, h = 0] = draw?.(random, row % 7, row) ?? [0, 0, 0];
      sums.flip += flip;
      sums.x += x;
      sums.w += w;
      sums.h += h;
      sums.share += (w * h) / (height * width);
    }
    const near = (sum: number, wanted: number, deviation: number): void =>
      expect(Math.abs(sum / ROWS - wanted)).toBeLessThan(
        (5 * deviation) / Math.sqrt(ROWS) + 0.02 * (1 - one.fits) ** 10,
      );
    near(sums.flip, 0.5, 0.5);
    near(sums.share, one.share, one.spread);
    near(sums.w, one.w, width / 3);
    near(sums.h, one.h, height / 3);
    near(sums.x, one.x, width / 3);
  });

  test('where nothing fits, the largest legal window in the middle is taken', () => {
    const random = stream(0, streams.augment);
    const square = { 'augment.scale': 1, 'augment.ratio': 1 };
    expect(drawer(square, 10, 30)?.(random, 0, 0).slice(1)).toEqual([10, 0, 10, 10]);
    expect(drawer(square, 31, 8)?.(random, 0, 0).slice(1)).toEqual([0, 11, 8, 8]);
    expect(drawer(square, 16, 16)?.(random, 0, 0).slice(1)).toEqual([0, 0, 16, 16]);
  });
});

test('flips: all four combinations, each a quarter of the time, never shifted', () => {
  const draw = augmentations.flips.variation?.draws({}, { channels: 1, height: 8, width: 8 });
  const counts = [0, 0, 0, 0];
  const random = stream(1, streams.augment);
  for (let row = 0; row < ROWS; row++) {
    const [flip, x, y] = draw?.(random, 5, row) ?? [0, 1, 1];
    expect([x, y]).toEqual([0, 0]);
    counts[flip] = (counts[flip] as number) + 1;
  }
  for (const count of counts)
    expect(Math.abs(count / ROWS - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / ROWS));
});

describe('Beta(α, α)', () => {
  const sample = (alpha: number, count = 20_000) =>
    Array.from({ length: count }, (_, lane) => symmetricBeta(stream(3, streams.mixup), alpha, lane)).sort(
      (a, b) => a - b,
    );
  /** Kolmogorov and Smirnov's distance from a distribution function. */
  const distance = (values: readonly number[], cdf: (x: number) => number) =>
    Math.max(...values.map((x, i) => Math.abs(cdf(x) - (i + 0.5) / values.length)));

  test('α = 1 is uniform, α = ½ the arcsine law, α = 2 has x² (3 − 2x)', () => {
    const limit = 2 / Math.sqrt(20_000);
    expect(distance(sample(1), (x) => x)).toBeLessThan(limit);
    expect(distance(sample(0.5), (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeLessThan(limit);
    expect(distance(sample(2), (x) => x * x * (3 - 2 * x))).toBeLessThan(limit);
  });

  test.each([0.001, 0.2, 0.8, 5, 100])(
    'α = %f: mean ½ and variance 1 / (4 (2 α + 1)), float32 within [0, 1]',
    (alpha) => {
      const values = sample(alpha);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
      const wanted = 1 / (4 * (2 * alpha + 1));
      expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(wanted / values.length));
      expect(variance / wanted).toBeGreaterThan(0.95);
      expect(variance / wanted).toBeLessThan(1.05);
      expect(values.every((x) => x >= 0 && x <= 1 && x === Math.fround(x))).toBe(true);
    },
  );
});
