// Approaches 1 and 2 to the allocation of compute, on surfaces whose answer is known.
import { describe, expect, test } from 'vitest';
import { frontierOf } from '../../../src/core/fits/envelope.ts';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { profilesOf } from '../../../src/core/fits/iso-flop.ts';
import { laws } from '../../../src/core/fits/laws.ts';
import { lossSurface } from '../../../src/core/fits/loss-surface.ts';
import { pointsOf, type Sample } from '../../../src/core/fits/points.ts';
import { logSpaced } from './noise.ts';

const isoFlop = laws['iso-flop'];

/** Rows (compute, size, loss) of a surface. */
function rowsOf(
  surface: readonly number[],
  rows: readonly (readonly [compute: number, size: number])[],
): Sample {
  return {
    inputs: [rows.map(([c]) => c), rows.map(([, n]) => n)],
    y: rows.map(([c, n]) => lossSurface.predict(surface, [n, c / (6 * n)])),
  };
}

const optimal = (surface: readonly number[], compute: number): number => {
  const [a = 0, , G = 0] = lossSurface.derive(surface);
  return G * (compute / 6) ** a;
};

const even = [1, 300, 300, 0.4, 0.4] as const;
const uneven = [1, 5000, 80, 0.7, 0.3] as const;

/** Sizes about the optimum of each budget, a factor 2 apart. */
const profiles = (
  surface: readonly number[],
  budgets: readonly number[],
  steps = [-2, -1, 0, 1, 2],
  shift = 1,
) => budgets.flatMap((c) => steps.map((step) => [c, shift * optimal(surface, c) * 2 ** step] as const));

describe('iso-FLOP profiles', () => {
  const budgets = logSpaced(1e13, 1e17, 5);

  test('find the allocation of an even surface, with intervals', () => {
    const fit = fitLaw(isoFlop, rowsOf(even, profiles(even, budgets)), { bootstrap: 100 });
    expect(fit.parameters['a']).toBeCloseTo(0.5, 3);
    expect(fit.parameters['b']).toBeCloseTo(0.5, 3);
    expect(
      isoFlop.predict([0.5, 0.5, fit.parameters['G'] as number], [1e15], 2) / optimal(even, 1e15),
    ).toBeCloseTo(1, 1);
    expect(fit.intervals?.['a']?.[0]).toBeLessThanOrEqual(fit.parameters['a'] as number);
    expect(fit.warnings.join(' ')).toMatch(/biased/);
  });

  test('are biased without any noise where the exponents differ and sizes lie off the optimum', () => {
    const rows = budgets.flatMap((c, i) => profiles(uneven, [c], [-2, -1, 0, 1, 2], 1 + 0.3 * i));
    const { a } = fitLaw(isoFlop, rowsOf(uneven, rows), { bootstrap: 0 }).parameters as { a: number };
    expect(Math.abs(a - 0.3)).toBeGreaterThan(2e-3);
  });

  test('refuse a budget without a minimum between its sizes, and say why', () => {
    const rows = [
      ...profiles(even, budgets),
      ...profiles(even, [1e18], [1, 2, 3]),
      ...profiles(even, [1e19], [0, 1]),
    ];
    const { warnings } = fitLaw(isoFlop, rowsOf(even, rows), { bootstrap: 0 });
    expect(warnings.join(' ')).toMatch(
      /Refused\. Budget 1\.00\u2009EFLOP: its minimum lies outside its sizes\. Add smaller ones/,
    );
    expect(warnings.join(' ')).toMatch(/Refused\. Budget 10\.0\u2009EFLOP: 2 sizes; a parabola takes 3/);
    const { points } = pointsOf(isoFlop, rowsOf(even, rows));
    expect(profilesOf(points).map(({ minimum }) => minimum !== null)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('refuse to fit at all without two minima, or where there are no budgets', () => {
    expect(() => fitLaw(isoFlop, rowsOf(even, profiles(even, [1e15])))).toThrow(
      /need two budgets .* 1 found/,
    );
    const scattered = logSpaced(1e13, 1e17, 200).map((c) => [c, 1e5] as const);
    expect(() => fitLaw(isoFlop, rowsOf(even, scattered))).toThrow(/differ in compute by more than 1\.5 ×/);
  });

  test('hold out the largest budgets and predict their optimal size', () => {
    const { holdout, rows } = fitLaw(isoFlop, rowsOf(even, profiles(even, budgets)), {
      bootstrap: 0,
      holdout: 2,
    });
    expect(rows).toBe(15);
    expect(holdout?.rows).toBe(2);
    expect(holdout?.rmsle).toBeLessThan(0.05);
    expect(holdout?.baselines.lastValue).toBeGreaterThan(1);
  });

  test('count compute either way: the law of sizes by C/k is the same', () => {
    const sample = rowsOf(even, profiles(even, budgets));
    const halved = {
      ...sample,
      inputs: [(sample.inputs[0] as number[]).map((c) => c / 2), sample.inputs[1] as number[]],
    };
    const one = fitLaw(isoFlop, sample, { bootstrap: 0 }).parameters;
    const other = fitLaw(isoFlop, halved, { bootstrap: 0, counting: 1 }).parameters;
    for (const name of ['a', 'G']) expect((other[name] as number) / (one[name] as number)).toBeCloseTo(1, 9);
  });
});

describe('envelope', () => {
  /** One curve a size: loss as training goes on. */
  const curves = (surface: readonly number[], sizes: readonly number[]): Sample =>
    rowsOf(
      surface,
      sizes.flatMap((n) => logSpaced(1e3, 1e8, 60).map((d) => [6 * n * d, n] as const)),
    );

  test('finds the allocation of an even surface from curves', () => {
    const sample = curves(even, logSpaced(1e4, 1e7, 13));
    const fit = fitLaw(laws.envelope, sample, { bootstrap: 40 });
    expect(fit.parameters['a']).toBeCloseTo(0.5, 1);
    expect(fit).toMatchObject({ configurations: 13 });
    expect(fit.intervals?.['a']?.[0]).toBeLessThan(0.5);
    expect(fit.intervals?.['a']?.[1]).toBeGreaterThan(0.5);
  });

  test('has a frontier that is nowhere above a curve', () => {
    const { points } = pointsOf(laws.envelope, curves(even, logSpaced(1e4, 1e7, 7)));
    const frontier = frontierOf(points);
    expect(frontier).toHaveLength(1500);
    for (const { compute, parameters, loss } of frontier.filter((_, i) => i % 100 === 0)) {
      const own = lossSurface.predict(even, [parameters, compute / (6 * parameters)]);
      expect(loss / own).toBeCloseTo(1, 2);
    }
  });

  test('warns of few sizes and refuses one', () => {
    expect(fitLaw(laws.envelope, curves(even, [1e4, 1e5, 1e6]), { bootstrap: 0 }).warnings.join(' ')).toMatch(
      /Only 3 sizes are ever best/,
    );
    expect(() => fitLaw(laws.envelope, curves(even, [1e4]), { bootstrap: 0 })).toThrow(
      /cannot determine|only one size/,
    );
  });
});
