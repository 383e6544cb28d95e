// Down-sampling keeps ends, extremes and the limit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { largestTriangleIndices, minMaxIndices } from '../../src/core/downsample.ts';

const series = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 500 });
const limits = fc.integer({ min: 4, max: 80 });
const xs = (length: number) => Float64Array.from({ length }, (_, i) => i);

describe.each([
  ['min-max', (ys: Float64Array, limit: number) => minMaxIndices(ys, limit)],
  ['largest triangle', (ys: Float64Array, limit: number) => largestTriangleIndices(xs(ys.length), ys, limit)],
])('%s', (_name, pick) => {
  test('gives rising indices, at most the limit, with both ends', () => {
    fc.assert(
      fc.property(series, limits, (values, limit) => {
        const kept = pick(Float64Array.from(values), limit);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(values.length - 1);
        for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1] as number);
      }),
    );
  });

  test('keeps a short series as it is and leaves out what is not finite', () => {
    expect(pick(Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5), 10)).toEqual([0, 2, 4]);
    expect(pick(new Float64Array(0), 10)).toEqual([]);
  });
});

test('min-max loses no extreme', () => {
  fc.assert(
    fc.property(series, limits, (values, limit) => {
      const kept = minMaxIndices(Float64Array.from(values), limit).map((index) => values[index] as number);
      expect(Math.max(...kept)).toBe(Math.max(...values));
      expect(Math.min(...kept)).toBe(Math.min(...values));
    }),
  );
});
