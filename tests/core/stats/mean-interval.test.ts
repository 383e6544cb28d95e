// The fast interval of a mean says what the general one says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanInterval } from '../../../src/core/stats/mean-interval.ts';
import { meanWithInterval } from '../../../src/core/stats/summary.ts';

test('mean and interval are those of meanWithInterval', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, (list) => {
      const fast = meanInterval(list);
      const { mean, interval, n } = meanWithInterval(list);
      expect(fast?.n).toBe(n);
      expect(fast?.mean).toBeCloseTo(mean, 9);
      expect(fast?.low).toBeCloseTo(interval?.[0] ?? mean, 6);
      expect(fast?.high).toBeCloseTo(interval?.[1] ?? mean, 6);
    }),
    { numRuns: 30 },
  );
});

test('of nothing there is none, and one value has no spread', () => {
  expect(meanInterval([])).toBeNull();
  expect(meanInterval([3])).toEqual({ mean: 3, low: 3, high: 3, n: 1 });
});
