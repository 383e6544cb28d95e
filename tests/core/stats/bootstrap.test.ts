import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  percentileInterval,
  quantile,
  resampleCounts,
  resampleWeights,
  widen,
  widening,
} from '../../../src/core/stats/bootstrap.ts';

const range = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('resampleWeights', () => {
  test('is a function of seed and index', () => {
    expect(resampleWeights(3, 5, [range(8)])).toEqual(resampleWeights(3, 5, [range(8)]));
    expect(resampleWeights(3, 5, [range(8)])).not.toEqual(resampleWeights(3, 6, [range(8)]));
    expect(resampleWeights(3, 5, [range(8)])).not.toEqual(resampleWeights(4, 5, [range(8)]));
  });

  test('weighs every configuration, and each stratum by its size', () => {
    const weights = resampleWeights(1, 2, [range(5), range(3, 5)]);
    expect(Math.min(...weights)).toBeGreaterThan(0);
    expect(weights.subarray(0, 5).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(5, 10);
    expect(weights.subarray(5).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(3, 10);
  });

  test('spreads a mean by the root of 1/(n + 1)', () => {
    const values = range(9).map((value) => value - 4);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / 9;
    let squares = 0;
    for (let index = 0; index < 4000; index++) {
      const weights = resampleWeights(0, index, [range(9)]);
      squares += (values.reduce((sum, value, i) => sum + value * (weights[i] as number), 0) / 9) ** 2 / 4000;
    }
    expect(squares / (variance / 10)).toBeGreaterThan(0.92);
    expect(squares / (variance / 10)).toBeLessThan(1.08);
  });
});

describe('resampleCounts', () => {
  test('draws as many as there are, within each stratum, and enough different ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), fc.nat(), (a, b, index) => {
        const strata = [range(a), range(b, a)];
        const counts = resampleCounts(1, index, strata, 3);
        for (const members of strata) {
          const drawn = members.map((member) => counts[member] as number);
          expect(drawn.reduce((sum, times) => sum + times, 0)).toBe(members.length);
          expect(drawn.filter((times) => times > 0).length).toBeGreaterThanOrEqual(3);
        }
      }),
    );
  });

  test('draws each configuration equally often in the long run', () => {
    const total = new Float64Array(5);
    for (let index = 0; index < 4000; index++) {
      for (const [i, times] of resampleCounts(0, index, [range(5)], 1).entries())
        total[i] = (total[i] as number) + times / 4000;
    }
    for (const share of total) expect(Math.abs(share - 1)).toBeLessThan(0.06);
  });
});

describe('intervals', () => {
  test('percentiles lie between neighbours, and pass over what is no number', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([5], 0.9)).toBe(5);
    expect(percentileInterval([Number.NaN, ...range(41)], 0.5)).toEqual([10, 30]);
    expect(percentileInterval([1, Number.NaN])).toBeNull();
  });

  test('few configurations widen by Student t and by the freedom that the fit took', () => {
    expect(widening(3, 1)).toBeCloseTo((4.302652729749462 / 1.959963984540054) * Math.sqrt(4 / 2), 9);
    expect(widening(60, 2)).toBeCloseTo((2.0017174841452356 / 1.959963984540054) * Math.sqrt(61 / 58), 9);
    expect(widening(60, 2, { squareness: 0, rows: 100 })).toBeCloseTo(
      (2.0017174841452356 / 1.959963984540054) * Math.sqrt(61 / 60 / 1.1),
      9,
    );
    expect(widening(2, 2)).toBeNull();
  });

  test('a widened interval of an amount stays positive', () => {
    expect(widen(2, [1, 3], 2, 'difference')).toEqual([0, 4]);
    const [low, high] = widen(2, [1, 4], 3, 'ratio');
    expect(low).toBeCloseTo(0.25, 12);
    expect(high).toBeCloseTo(16, 12);
  });
});
