// Statistics of many numbers, against their definitions.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BINS, spreadOf } from '../../src/core/spread.ts';

test('a few numbers', () => {
  const spread = spreadOf([0, 0, 3, -1]);
  expect(spread).toMatchObject({ count: 4, odd: 0, mean: 0.5, zeros: 0.5, low: -1, high: 3 });
  expect(spread.std).toBeCloseTo(1.5, 12);
  expect(spread.norm).toBeCloseTo(Math.sqrt(10), 12);
  expect(spread.bins).toHaveLength(BINS);
  expect(spread.bins[BINS - 1]).toBe(1);
});

test('what is not finite is counted and left out', () => {
  expect(spreadOf([Number.NaN, 2, Number.POSITIVE_INFINITY])).toMatchObject({ count: 1, odd: 2, mean: 2 });
  expect(spreadOf([2, 2]).bins).toEqual([2]);
  expect(spreadOf([])).toMatchObject({ count: 0, mean: 0, bins: [] });
});

test('every value lies in one bin; the spread is that of the values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
      (values) => {
        const { count, bins, mean, std, norm, low, high } = spreadOf(Float32Array.from(values));
        expect(bins.reduce((sum, one) => sum + one, 0)).toBe(count);
        expect(mean).toBeGreaterThanOrEqual(low - 1e-6 * Math.abs(low));
        expect(mean).toBeLessThanOrEqual(high + 1e-6 * Math.abs(high));
        const squares = norm ** 2 / count;
        expect(Math.abs(std ** 2 + mean ** 2 - squares)).toBeLessThanOrEqual(1e-9 * (1 + squares));
      },
    ),
  );
});
