// Every law against SciPy's minimum of the same objective (tests/reference/fits.py), and against its own parameters.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Law } from '../../../src/core/fits/law.ts';
import { type LawId, laws } from '../../../src/core/fits/laws.ts';
import { pointsOf } from '../../../src/core/fits/points.ts';
import { logSpaced, normals } from './noise.ts';

interface Golden {
  readonly law: LawId;
  readonly delta: number;
  readonly inputs: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly parameters: readonly number[];
  readonly objective: number;
}

const golden = JSON.parse(
  readFileSync(new URL('../../reference/fits.json', import.meta.url), 'utf8'),
) as readonly Golden[];

describe.each(golden)('$law', ({ law: id, delta, inputs, y, parameters, objective }) => {
  const law: Law = laws[id];
  const { points } = pointsOf(law, { inputs, y });
  const solution = law.solve(points, { delta });

  test('ends at least as low as SciPy, at the same parameters', () => {
    expect(solution.objective).toBeLessThan(objective * (1 + 1e-9));
    expect(solution.objective).toBeGreaterThan(objective * (1 - 1e-4));
    for (const [k, value] of parameters.entries()) {
      expect((solution.parameters[k] as number) / value).toBeCloseTo(1, 3);
    }
  });

  test('a warm start from a nearby fit ends at the same place', () => {
    const from = solution.parameters.map((value, k) => value * (1 + 0.02 * (k % 2 ? 1 : -1)));
    const again = law.solve(points, { delta, from });
    expect(again.objective).toBeLessThan(solution.objective * (1 + 1e-6));
  });

  test('the mean in place of the sum changes nothing about where it ends', () => {
    const weights = new Float64Array(y.length).fill(1 / y.length);
    const mean = law.solve(points, { delta, weights });
    expect(mean.objective * y.length).toBeCloseTo(solution.objective, 10);
    for (const [k, value] of solution.parameters.entries()) {
      expect((mean.parameters[k] as number) / value).toBeCloseTo(1, 4);
    }
  });
});

/** For each law of a curve: ranges of its parameters, inputs, and how close a noisy fit comes to them. */
const recoverable: readonly {
  readonly id: LawId;
  readonly ranges: readonly (readonly [number, number])[];
  readonly inputs: readonly (readonly number[])[];
}[] = [
  {
    id: 'power-law',
    ranges: [
      [1, 100],
      [-0.6, -0.1],
    ],
    inputs: [logSpaced(1e3, 1e8, 30)],
  },
  {
    id: 'power-law-offset',
    ranges: [
      [0.2, 1],
      [10, 50],
      [-0.5, -0.3],
    ],
    inputs: [logSpaced(1e3, 1e8, 30)],
  },
  {
    id: 'power-law-shifted',
    ranges: [
      [5, 50],
      [3e-7, 1e-5],
      [0.2, 0.6],
    ],
    inputs: [logSpaced(1e3, 1e8, 30)],
  },
  {
    id: 'error-law',
    ranges: [
      [0.02, 0.2],
      [0.85, 0.95],
      [0.3, 1.2],
      [10, 40],
      [-0.6, -0.4],
    ],
    inputs: [logSpaced(1e2, 1e8, 40)],
  },
  {
    id: 'compute-law',
    ranges: [
      [5, 20],
      [1e4, 1e5],
      [0.25, 0.4],
      [0.1, 0.4],
    ],
    inputs: [logSpaced(1e3, 1e9, 40)],
  },
  {
    id: 'broken-power-law',
    ranges: [
      [0.1, 0.4],
      [3, 6],
      [0.08, 0.15],
      [0.3, 0.6],
      [3e4, 3e5],
      [0.3, 1],
    ],
    inputs: [logSpaced(1e2, 1e9, 60)],
  },
  {
    id: 'critical-batch-size',
    ranges: [
      [50, 2000],
      [100, 9000],
    ],
    inputs: [logSpaced(4, 32768, 14)],
  },
  {
    id: 'loss-surface',
    ranges: [
      [0.5, 2],
      [200, 800],
      [500, 3000],
      [0.35, 0.5],
      [0.35, 0.5],
    ],
    inputs: [
      logSpaced(1e5, 1e8, 8).flatMap((n) => Array(8).fill(n) as number[]),
      logSpaced(1e5, 1e8, 8).flatMap(() => logSpaced(1e6, 1e9, 8)),
    ],
  },
];

/** Fits noisy rows of the law; what was fitted explains them at least as well as the truth, and lies close to it. */
function expectRecovered(
  law: Law,
  inputs: readonly (readonly number[])[],
  truth: readonly number[],
  seed: number,
): void {
  const normal = normals(seed);
  const at = (row: number): readonly number[] => inputs.map((column) => column[row] as number);
  const exact = (inputs[0] as readonly number[]).map((_, row) => law.predict(truth, at(row)));
  const y = exact.map((value) => value * Math.exp(1e-3 * normal()));
  const { parameters, objective } = law.solve(pointsOf(law, { inputs, y }).points, {});
  const squares = y.reduce((sum, value, row) => sum + 0.5 * Math.log(value / (exact[row] as number)) ** 2, 0);
  expect(objective).toBeLessThanOrEqual(squares);
  for (const [row, value] of exact.entries())
    expect(Math.abs(Math.log(law.predict(parameters, at(row)) / value))).toBeLessThan(4e-3);
  for (const [k, { kind }] of law.parameters.entries()) {
    const value = truth[k];
    if (value === undefined || kind !== 'exponent') continue;
    expect(Math.abs((parameters[k] as number) / value - 1)).toBeLessThan(0.2);
  }
}

describe.each(recoverable)('$id recovers its own parameters', ({ id, ranges, inputs }) => {
  test('from noise of 0.1 %, to a few of their standard errors', () => {
    const places = fc.tuple(...ranges.map(() => fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(places, fc.nat(1000), (at, seed) => {
        const truth = ranges.map(([low, high], k) => low + (at[k] as number) * (high - low));
        expectRecovered(laws[id], inputs, truth, seed);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });
});

test('an error law whose e_0 lies beyond the rows and whose floor drowns in noise is found', () => {
  for (const seed of [5, 37])
    expectRecovered(laws['error-law'], [logSpaced(1e2, 1e8, 40)], [0.2, 0.85, 1.2, 10, -0.6], seed);
});

describe('derivatives', () => {
  test('of the prediction are those of the objective: a noiseless fit ends at zero', () => {
    for (const { id, ranges, inputs } of recoverable) {
      const law: Law = laws[id];
      const truth = ranges.map(([low, high]) => (low + high) / 2);
      const y = (inputs[0] as readonly number[]).map((_, row) =>
        law.predict(
          truth,
          inputs.map((column) => column[row] as number),
        ),
      );
      const { objective, parameters } = law.solve(pointsOf(law, { inputs, y }).points, {});
      expect(objective, id).toBeLessThan(1e-16);
      for (const [k, value] of truth.entries())
        expect((parameters[k] as number) / value, id).toBeCloseTo(1, 4);
    }
  });
});

test('the menu names each law by its id', () => {
  for (const [id, law] of Object.entries(laws)) expect(law.id).toBe(id);
});
