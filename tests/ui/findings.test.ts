// Figures of findings as layers, words and files.
import { describe, expect, test } from 'vitest';
import type { DrawnFigure, DrawnLine } from '../../src/experiment/drawn-figures.ts';
import { endedBy, yAxis } from '../../src/ui/charts/scale.ts';
import { amountText, inLetters } from '../../src/ui/studies/amount-words.ts';
import {
  axisOf,
  csvOf,
  layersOf,
  looksOf,
  pointKey,
  quantityWords,
  tableOf,
  ticksOf,
} from '../../src/ui/studies/figure-layers.ts';

const line = (label: string, more: Partial<DrawnLine> = {}): DrawnLine => ({
  label,
  points: [16, 32, 64].map((x) => ({
    x,
    y: 100 / x,
    interval: [90 / x, 110 / x],
    runs: 2,
    keys: [`${label} ${x}`],
    doubt: x === 64 ? 'at the edge' : null,
  })),
  fit: null,
  ...more,
});

const figure = (lines: readonly DrawnLine[], more: Partial<DrawnFigure> = {}): DrawnFigure => ({
  title: 'Loss',
  x: { label: 'Batch size', unit: 'images', scale: 'log' },
  y: { label: 'Loss', scale: 'log' },
  lines,
  comparisons: [],
  ...more,
});

describe('amounts', () => {
  test('have the digits that their intervals carry', () => {
    expect(amountText(912.3, [611, 1352])).toBe('910 [610, 1,350]');
    expect(amountText(0.34731, [0.3172, 0.3734])).toBe('0.347 [0.317, 0.373]');
    expect(amountText(0.34731, null)).toBe('0.347');
    expect(amountText(2.4e6, [1.1e6, 5e6])).toMatch(/^2\.4\s?M \[1\.1\s?M, 5\.0\s?M\]$/);
    expect(amountText(5, [5, 5])).toBe('5');
    expect(amountText(2.4e7, [1.2e3, 1.9e18])).toMatch(/^24\s?M \[1,200, 1\.9\s?E\]$/);
    expect(amountText(2e-239, [0, 0.7])).toBe('0 [0, 0.7]');
  });

  test('are named with letters', () => {
    expect(inLetters('alpha is wide, E_inf not; alphabet')).toBe('α is wide, E_∞ not; alphabet');
  });
});

describe('layers', () => {
  test('join measured points, draw doubted ones hollow, and give each dot the key of its point', () => {
    const layers = layersOf(figure([line('tuned')]));
    expect(layers.map(({ kind }) => kind)).toEqual(['curve', 'dots']);
    const [dots] = layers.flatMap((layer) => (layer.kind === 'dots' ? [layer.dots] : []));
    expect(dots?.map(({ shape, key }) => [shape, key])).toEqual([
      ['dot', pointKey(0, 0)],
      ['dot', pointKey(0, 1)],
      ['hollow', pointKey(0, 2)],
    ]);
    expect(dots?.[2]?.words).toContain('hollow: at the edge');
    expect(layersOf(figure([line('cloud', { isScatter: true })])).map(({ kind }) => kind)).toEqual(['dots']);
  });

  test('intervals of many points are left to the table', () => {
    const spread = (count: number) =>
      layersOf(figure(Array.from({ length: count }, (_, i) => line(`${i}`)))).flatMap((layer) =>
        layer.kind === 'dots' ? layer.dots.flatMap(({ spreadY }) => (spreadY ? [spreadY] : [])) : [],
      ).length;
    expect(spread(2)).toBe(6);
    expect(spread(20)).toBe(60);
    expect(spread(21)).toBe(0);
    expect(tableOf(figure(Array.from({ length: 21 }, (_, i) => line(`${i}`)))).rows[0]?.[2]).toContain('[');
  });

  test('mark held-out rows as hit or miss in the units of the figure', () => {
    const held = [
      { inputs: [128], y: 0.01, predicted: 0.011, interval: [0.009, 0.012] as const, isHit: true },
      { inputs: [256], y: 0.02, predicted: 0.008, interval: [0.007, 0.009] as const, isHit: false },
    ];
    const layers = layersOf(figure([line('law', { held, factor: 100 })]));
    const dots = layers.flatMap((layer) => (layer.kind === 'dots' ? layer.dots : []));
    expect(dots.slice(-2).map(({ shape, y }) => [shape, y])).toEqual([
      ['hit', 1],
      ['miss', 2],
    ]);
  });

  test('a law alone among scattered lines is ink, many lines are a scale, few have colours of their own', () => {
    const fit = { fit: {}, curve: [], inside: [1, 2], spreads: {} } as unknown as DrawnLine['fit'];
    const looks = looksOf(
      figure([...[1, 2, 3, 4].map((i) => line(`${i}`, { isScatter: true })), line('best', { fit })]),
    );
    expect(looks.at(-1)?.colour).toBe('var(--ink)');
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(5);
    expect(looksOf(figure([line('a'), line('b')])).map(({ colour }) => colour)).toEqual([
      'var(--c1)',
      'var(--c2)',
    ]);
  });

  test('ticks stand at the few whole values that were tried', () => {
    expect(ticksOf(figure([line('a')]))).toEqual([16, 32, 64]);
    const near = [3000, 3010, 9000].map((x) => ({ x, y: 1, interval: null, runs: 1, doubt: null }));
    expect(ticksOf(figure([line('a', { points: near })]))).toBeUndefined();
    expect(ticksOf(figure([line('a')], { x: { label: 'x', scale: 'linear' } }))).toBeUndefined();
  });
});

describe('an axis of names', () => {
  const pixels = { label: 'Pixels', scale: 'linear', categories: ['in order', 'shuffled'] } as const;
  const points = [0, 1].map((x) => ({ x, y: 80 - x, interval: null, runs: 3, doubt: null }));
  const named = figure([line('B-MLP', { points })], { x: pixels });

  test('has a place for each name and half a place around', () => {
    const { domain, ticks, tick } = axisOf(pixels);
    expect(domain).toEqual([-0.5, 1.5]);
    expect(ticks?.map((at) => tick?.(at))).toEqual(['in order', 'shuffled']);
  });

  test('is read in names: in words, table and file', () => {
    expect(quantityWords(pixels, 1)).toBe('shuffled');
    expect(tableOf(named).rows.map(([name]) => name)).toEqual(['in order', 'shuffled']);
    expect(csvOf(named)).toContain('B-MLP,measured,shuffled,79');
    const dots = layersOf(named).flatMap((layer) => (layer.kind === 'dots' ? layer.dots : []));
    expect(dots[0]?.words).toContain('at in order; 3 runs');
  });
});

test('a share has an axis that ends with it', () => {
  expect(axisOf({ label: 'Test accuracy', unit: '%', scale: 'linear', within: [0, 100] }).within).toEqual([
    0, 100,
  ]);
  const axis = endedBy(yAxis(97, 103, false), [0, 100]);
  expect(axis.domain).toEqual([96, 100]);
  expect(Math.max(...axis.ticks)).toBe(100);
  expect(endedBy(yAxis(0.5, 99, true), [0, 100]).domain[1]).toBe(100);
  expect(endedBy(yAxis(40, 60, false), [0, 100]).domain).toEqual(yAxis(40, 60, false).domain);
});

test('table and file hold every point, the file with the keys of its runs', () => {
  const one = figure([line('tuned')]);
  expect(tableOf(one).rows).toHaveLength(3);
  const [head, first] = csvOf(one).split('\r\n');
  expect(head).toContain('run keys');
  expect(first).toBe('tuned,measured,16,6.25,5.625,6.875,2,tuned 16');
});
