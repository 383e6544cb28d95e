// Down-sampling keeps ends, extremes and the limit.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cut, evenCut, largestTriangleIndices, minMaxIndices } from '../../src/core/downsample.ts';

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

test('a part of a series keeps its own ends and extremes, however it is cut', () => {
  const places = fc.array(fc.nat(100), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(series, places, limits, (values, [a = 0, b = 1], limit) => {
      const ys = Float64Array.from(values);
      const from = Math.min(a, b, ys.length - 1);
      const to = Math.min(ys.length, Math.max(a, b) + 1);
      // Slices that grow: most of them near the start are empty.
      const uneven: Cut = {
        from,
        to,
        edges: (count) =>
          Array.from({ length: count + 1 }, (_, i) => from + Math.floor((to - from) * (i / count) ** 3)),
      };
      for (const cut of [evenCut(from, to), uneven]) {
        const part = values.slice(from, to);
        const kept = minMaxIndices(ys, limit, cut);
        expect([kept[0], kept.at(-1)]).toEqual([from, to - 1]);
        expect(Math.max(...kept.map((index) => values[index] as number))).toBe(Math.max(...part));
        expect(Math.min(...kept.map((index) => values[index] as number))).toBe(Math.min(...part));
        const triangles = largestTriangleIndices(xs(ys.length), ys, limit, cut);
        expect([triangles[0], triangles.at(-1)]).toEqual([from, to - 1]);
        for (const list of [kept, triangles]) {
          expect(list.length).toBeLessThanOrEqual(limit);
          for (let i = 1; i < list.length; i++) expect(list[i]).toBeGreaterThan(list[i - 1] as number);
        }
      }
    }),
  );
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
