// What is said with fits: predictions, allocations, two families side by side, bands of epochs.
import { describe, expect, test } from 'vitest';
import { allocationOf, amountOf, predictionOf } from '../../../src/core/fits/amount.ts';
import { compareExponents } from '../../../src/core/fits/compare.ts';
import { compareForms } from '../../../src/core/fits/compare-forms.ts';
import { epochBands } from '../../../src/core/fits/epoch-bands.ts';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { laws } from '../../../src/core/fits/laws.ts';
import { logSpaced, normals } from './noise.ts';

const powerLaw = laws['power-law'];

function line(c: number, seed: number, noise = 0.02, bootstrap = 300) {
  const normal = normals(seed);
  const x = logSpaced(1e3, 1e7, 12);
  return fitLaw(
    powerLaw,
    { inputs: [x], y: x.map((one) => 10 * one ** c * Math.exp(noise * normal())) },
    { bootstrap },
  );
}

describe('amounts that follow from a fit', () => {
  const fit = line(-0.25, 1);

  test('of a parameter are the parameter and its interval', () => {
    const { estimate, interval } = amountOf(fit, ({ c = 0 }) => c, 'difference');
    expect(estimate).toBe(fit.parameters['c']);
    expect(interval).toEqual(fit.intervals?.['c']);
  });

  test('of a prediction hold the curve, tighter inside the rows than far outside', () => {
    const width = (x: number): number => {
      const { estimate, interval } = predictionOf(powerLaw, fit, [x]);
      const [low, high] = interval as readonly [number, number];
      expect(low).toBeLessThan(estimate);
      expect(high).toBeGreaterThan(estimate);
      return Math.log(high / low);
    };
    expect(width(1e10)).toBeGreaterThan(2 * width(1e5));
  });

  test('without resamples have no interval', () => {
    expect(amountOf(line(-0.25, 1, 0.02, 0), ({ c = 0 }) => c, 'difference').interval).toBeNull();
  });

  test('of an allocation spend the compute', () => {
    const normal = normals(9);
    const sizes = logSpaced(1e5, 1e8, 6);
    const grid = sizes.flatMap((n) => sizes.map((d) => [n, d] as const));
    const surface = laws['loss-surface'];
    const y = grid.map(
      (point) => surface.predict([1, 300, 500, 0.4, 0.45], point) * Math.exp(0.002 * normal()),
    );
    const sample = { inputs: [grid.map(([n]) => n), grid.map(([, d]) => d)], y };
    const { parameters, examples } = allocationOf(fitLaw(surface, sample, { bootstrap: 60 }), 1e15);
    expect((6 * parameters.estimate * examples.estimate) / 1e15).toBeCloseTo(1, 9);
    expect(parameters.interval?.[0]).toBeLessThan(parameters.estimate);
    expect(parameters.interval?.[1]).toBeGreaterThan(parameters.estimate);
  });
});

describe('compareExponents', () => {
  test('tells families apart where their difference excludes 0', () => {
    const { overlap, difference, words } = compareExponents(
      { name: 'B-MLP', fit: line(-0.25, 1) },
      { name: 'S-MLP', fit: line(-0.2, 2) },
      'c',
    );
    expect(overlap).toBe(false);
    expect(difference.interval?.[1]).toBeLessThan(0);
    expect(words).toMatch(
      /c is −0\.2\d+ \[.*\] for B-MLP and −0\.\d+ \[.*\] for S-MLP\. The intervals do not overlap; .* does not hold 0: the two scale differently/,
    );
  });

  test('does not where it holds 0', () => {
    const { overlap, words } = compareExponents(
      { name: 'one', fit: line(-0.25, 1, 0.1) },
      { name: 'other', fit: line(-0.25, 2, 0.1) },
      'c',
    );
    expect(overlap).toBe(true);
    expect(words).toMatch(/overlap; .* holds 0: these runs do not tell the two apart/);
  });

  test('a family compared with a copy of itself differs by nothing, with the width of two', () => {
    const fit = line(-0.25, 1);
    const { difference, first } = compareExponents({ name: 'a', fit }, { name: 'b', fit }, 'c');
    const width = (interval: readonly [number, number] | null): number =>
      (interval?.[1] ?? 0) - (interval?.[0] ?? 0);
    expect(difference.estimate).toBe(0);
    expect(width(difference.interval) / width(first.interval)).toBeGreaterThan(1.2);
  });

  test('says nothing without intervals, and throws for an exponent that is not there', () => {
    const fit = line(-0.25, 1, 0.02, 0);
    expect(compareExponents({ name: 'a', fit }, { name: 'b', fit }, 'c')).toMatchObject({
      overlap: null,
      words: expect.stringMatching(/Without intervals nothing can be said/),
    });
    expect(() => compareExponents({ name: 'a', fit }, { name: 'b', fit }, 'alpha')).toThrow(/without alpha/);
  });
});

test('forms are ranked by what they predict, then by AICc', () => {
  const normal = normals(4);
  const x = logSpaced(1e3, 1e8, 20);
  const y = x.map((one) => (0.5 + 30 * one ** -0.4) * Math.exp(0.003 * normal()));
  const predicted = compareForms({ inputs: [x], y }, 4);
  expect(predicted.at(0)?.rmsle).toBeLessThan(0.02);
  expect(predicted.at(-1)?.rmsle).toBeGreaterThan(0.1);
  expect(predicted.at(-1)?.law).toBe('power-law');
  const described = compareForms({ inputs: [x], y });
  expect(described.map(({ rmsle }) => rmsle)).toEqual(described.map(() => null));
  expect(described.at(0)?.law).toBe('power-law-offset');
});

test('epoch bands cut rows by T/D and hand them on as N and T', () => {
  const sample = {
    inputs: [
      [1, 2, 3, 4],
      [10, 10, 10, 10],
      [10, 20, 40, 500],
    ],
    y: [4, 3, 2, 1],
    configuration: ['a', 'b', 'c', 'd'],
  };
  expect(epochBands(sample, [1.5, 4, 16])).toEqual([
    { from: 0, to: 1.5, sample: { inputs: [[1], [10]], y: [4], configuration: ['a'] } },
    { from: 1.5, to: 4, sample: { inputs: [[2], [20]], y: [3], configuration: ['b'] } },
    { from: 4, to: 16, sample: { inputs: [[3], [40]], y: [2], configuration: ['c'] } },
    {
      from: 16,
      to: Number.POSITIVE_INFINITY,
      sample: { inputs: [[4], [500]], y: [1], configuration: ['d'] },
    },
  ]);
});
