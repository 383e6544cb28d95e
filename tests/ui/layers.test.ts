// Layers of a chart: what a fit is split into, what an axis reaches over, how many points there may be.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLayers, splitAt } from '../../src/ui/charts/fit-layers.ts';
import {
  type Dot,
  type Layer,
  MOST_IN_ALL,
  MOST_POINTS,
  reach,
  size,
  withinLimits,
} from '../../src/ui/charts/layers.ts';
import { axisOver, logTicks, niceTicks } from '../../src/ui/charts/scale.ts';
import { sequential } from '../../src/ui/charts/sequential.ts';

const line = (count: number) => Array.from({ length: count }, (_, i) => ({ x: i + 1, y: 10 - i }));
const dot = (x: number, y: number, more: Partial<Dot> = {}): Dot => ({
  key: `${x} ${y}`,
  x,
  y,
  colour: 'var(--c1)',
  shape: 'dot',
  words: '',
  ...more,
});

describe('a fit', () => {
  test('is solid inside the data and dashed outside, and the pieces meet', () => {
    const layers = fitLayers({
      key: 'law',
      points: line(9),
      inside: [2.5, 6],
      band: line(9).map(({ x, y }) => ({ x, low: y - 1, high: y + 1 })),
    });
    const curves = layers.filter((layer) => layer.kind === 'curve');
    expect(curves.map(({ key, dash }) => [key, dash])).toEqual([
      ['law', undefined],
      ['law before', '5 4'],
      ['law behind', '5 4'],
    ]);
    const [inside, before, behind] = curves.map(({ points }) => points);
    expect(inside?.[0]).toEqual({ x: 2.5, y: 8.5 });
    expect(before?.at(-1)).toEqual(inside?.[0]);
    expect(behind?.[0]).toEqual(inside?.at(-1));
    expect(inside?.at(-1)).toEqual({ x: 6, y: 5 });
    expect(layers[0]?.kind).toBe('band');
  });

  test('has no piece where there is nothing outside', () => {
    expect(fitLayers({ key: 'law', points: line(5), inside: [1, 5] })).toHaveLength(1);
    expect(fitLayers({ key: 'law', points: line(5), inside: [0, 9] })).toHaveLength(1);
    expect(fitLayers({ key: 'law', points: [], inside: [1, 5] })).toEqual([]);
  });

  test('keeps every point of the law in exactly one piece', () => {
    const place = fc.double({ min: 0, max: 12, noNaN: true });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const range = [Math.min(a, b), Math.max(a, b)] as const;
        const [before, inside, behind] = splitAt(line(10), range);
        const all = new Set([...before, ...inside, ...behind].map(({ x }) => x));
        for (let x = 1; x <= 10; x++) expect(all.has(x)).toBe(true);
        for (const { x } of inside) expect(x >= range[0] && x <= range[1]).toBe(true);
      }),
    );
  });
});

describe('reach', () => {
  test('a log axis leaves out zero and below', () => {
    const layers: Layer[] = [
      {
        kind: 'curve',
        key: 'c',
        points: [
          { x: 0, y: -1 },
          { x: 3, y: 2 },
        ],
        colour: '',
      },
      { kind: 'dots', key: 'd', dots: [dot(-5, 9, { spreadY: [0, 12] }), dot(4, 5, { spreadX: [2, 40] })] },
    ];
    expect(reach(layers, 'x', true)).toEqual([2, 40]);
    expect(reach(layers, 'y', true)).toEqual([2, 12]);
    expect(reach(layers, 'x', false)).toEqual([-5, 40]);
    expect(reach([], 'x', true)).toBeNull();
    const rule = { kind: 'rule', key: 'r', at: { y: 99 }, words: 'no gain', side: 'start' } as const;
    expect(reach([...layers, rule], 'y', true)).toEqual([2, 12]);
    expect(reach([...layers, { ...rule, isShown: true }], 'y', true)).toEqual([2, 99]);
    expect(reach([...layers, { ...rule, isShown: true }], 'x', true)).toEqual([2, 40]);
    expect(reach([{ kind: 'dots', key: 'd', dots: [dot(-1, 0)] }], 'x', true)).toBeNull();
  });

  test('a value that is not reached has no height', () => {
    expect(
      reach([{ kind: 'dots', key: 'd', dots: [dot(1, 1e9, { shape: 'above' }), dot(2, 3)] }], 'y', false),
    ).toEqual([3, 3]);
  });
});

test('no layer and no chart has more points than it may; ends stay', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 12 }), (sizes) => {
      const layers = sizes.map((count, index): Layer => {
        return { kind: 'curve', key: String(index), points: line(count), colour: '' };
      });
      const thin = withinLimits(layers);
      for (const [index, layer] of thin.entries()) {
        expect(size(layer)).toBeLessThanOrEqual(Math.min(MOST_POINTS, sizes[index] ?? 0));
        if (layer.kind === 'curve') expect(layer.points.at(-1)?.x).toBe(sizes[index]);
      }
      expect(thin.reduce((sum, layer) => sum + size(layer), 0)).toBeLessThanOrEqual(MOST_IN_ALL);
    }),
  );
});

describe('ticks', () => {
  test('are inside the axis, rising, few, and never zero or below on a log axis', () => {
    const low = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        low,
        fc.double({ min: 1.0001, max: 1e12, noNaN: true }),
        fc.integer({ min: 2, max: 9 }),
        (from, by, most) => {
          const ticks = logTicks(from, from * by, most);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.length).toBeLessThanOrEqual(Math.max(2, most));
          for (const [index, tick] of ticks.entries()) {
            expect(tick).toBeGreaterThan(0);
            if (index > 0) expect(tick).toBeGreaterThan(ticks[index - 1] as number);
          }
        },
      ),
    );
  });

  test('of a zoomed axis tell its places apart', () => {
    for (const [low, high] of [
      [1000, 1010],
      [0.61, 0.62],
      [1.5e15, 1.6e15],
      [2e6, 2.1e6],
    ] as const) {
      const axis = axisOver([low, high], false, 6, high > 1e6 ? 'FLOP' : '');
      const words = axis.ticks.map(axis.format);
      expect(new Set(words).size).toBe(words.length);
      expect(axis.ticks).toEqual(niceTicks(low, high, 6));
    }
  });
});

test('colours for a quantity go from little to much', () => {
  expect([0, 0.2, 1, 2].map(sequential)).toEqual(['var(--q1)', 'var(--q2)', 'var(--q6)', 'var(--q6)']);
  expect(sequential(0.1)).toBe('color-mix(in oklab, var(--q2) 50%, var(--q1))');
});
