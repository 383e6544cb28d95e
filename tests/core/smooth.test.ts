// Smoothing starts without bias and survives values that are not finite.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smooth, smoothOn, startSmoothing } from '../../src/core/smooth.ts';

test('weight 0 changes nothing', () => {
  expect([...smooth(Float64Array.of(3, 1, 4), 0)]).toEqual([3, 1, 4]);
});

test('a constant stays itself from the first value on', () => {
  for (const value of smooth(new Float64Array(50).fill(2.3), 0.97)) expect(value).toBeCloseTo(2.3, 12);
});

test('a gap leaves no trace', () => {
  const [a, gap, c] = smooth(Float64Array.of(1, Number.NaN, 3), 0.5) as unknown as [number, number, number];
  expect(a).toBe(1);
  expect(gap).toBeNaN();
  expect(c).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75, 12);
});

test('stays between the smallest and the largest value', () => {
  const series = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(series, fc.double({ min: 0, max: 0.99, noNaN: true }), (values, weight) => {
      for (const value of smooth(Float64Array.from(values), weight)) {
        expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }
    }),
  );
});

test('going on where it stopped gives what smoothing at once gives', () => {
  const values = Float64Array.from({ length: 40 }, (_, i) => (i === 9 ? Number.NaN : Math.sin(i)));
  const state = startSmoothing(0.8);
  const result = new Float64Array(40);
  for (const [from, to] of [
    [0, 7],
    [7, 7],
    [7, 25],
    [25, 40],
  ] as const)
    smoothOn(state, values.subarray(0, to), result, from);
  expect(result).toEqual(smooth(values, 0.8));
});
