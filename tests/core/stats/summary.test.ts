import { describe, expect, test } from 'vitest';
import { stream } from '../../../src/core/rng.ts';
import { aicc, rmsle } from '../../../src/core/stats/score.ts';
import { difference, meanWithInterval } from '../../../src/core/stats/summary.ts';

/** A standard normal number from two uniforms (Box and Muller). */
function normal(seed: number, index: number): number {
  const random = stream(seed, 1000);
  return (
    Math.sqrt(-2 * Math.log(1 - random.uniform(2 * index))) *
    Math.cos(2 * Math.PI * random.uniform(2 * index + 1))
  );
}

describe('meanWithInterval', () => {
  test('one value, or one configuration with many seeds, has no interval', () => {
    expect(meanWithInterval([4])).toMatchObject({ mean: 4, interval: null, n: 1, widening: null });
    expect(meanWithInterval([4, 5, 6], { groups: ['a', 'a', 'a'] })).toMatchObject({
      mean: 5,
      interval: null,
      n: 3,
      configurations: 1,
    });
  });

  test('is the same each time, and another with another seed', () => {
    const values = Array.from({ length: 15 }, (_, i) => normal(0, i));
    expect(meanWithInterval(values)).toEqual(meanWithInterval(values));
    expect(meanWithInterval(values).interval).not.toEqual(meanWithInterval(values, { seed: 1 }).interval);
  });

  test.each([
    [3, 0.9],
    [5, 0.9],
    [20, 0.92],
  ])('the interval from %i seeds covers the truth at least %d of the time', (n, least) => {
    let hits = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: n }, (_, i) => 10 + normal(7, trial * n + i));
      const { interval } = meanWithInterval(values, { resamples: 300, seed: trial });
      if (interval && interval[0] <= 10 && interval[1] >= 10) hits += 1;
    }
    expect(hits / trials).toBeGreaterThanOrEqual(least);
  });
});

describe('difference', () => {
  const seeds = [0, 1, 2, 3, 4];
  const noise = [5, -4, 3, -6, 2];
  const a = new Map(seeds.map((seed) => [seed, 10.5 + (noise[seed] as number)]));
  const b = new Map(seeds.map((seed) => [seed, 10 + (noise[seed] as number) + 0.01 * seed]));

  test('pairs seeds, so that the noise they share cancels', () => {
    const result = difference(a, b);
    expect(result).toMatchObject({ paired: true, n: 5, excludesZero: true });
    expect(result.mean).toBeCloseTo(0.48, 12);
  });

  test('without shared seeds the sides are resampled apart', () => {
    const other = new Map([...b].map(([seed, value]) => [seed + 100, value]));
    const result = difference(a, other);
    expect(result).toMatchObject({ paired: false, excludesZero: false });
    expect(result.interval?.[0]).toBeLessThan(0);
  });

  test('one seed decides nothing', () => {
    const one = difference(new Map([[0, 2]]), new Map([[0, 1]]));
    expect(one).toMatchObject({ mean: 1, interval: null, excludesZero: false });
  });
});

describe('scores', () => {
  test('rmsle is the root mean square of log ratios', () => {
    expect(rmsle([Math.E, 1], [1, 1])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(rmsle([2, 3], [2, 3])).toBe(0);
  });

  test('aicc charges for parameters, more with few values', () => {
    expect(aicc(1, 20, 3)).toBeGreaterThan(aicc(1, 20, 2));
    expect(aicc(1, 8, 3) - aicc(1, 8, 2)).toBeGreaterThan(aicc(1, 80, 3) - aicc(1, 80, 2));
    expect(aicc(1, 4, 3)).toBe(Number.POSITIVE_INFINITY);
  });
});
