import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { laws } from '../../../src/core/fits/laws.ts';
import { regimesOf } from '../../../src/core/fits/regimes.ts';
import { normals } from './noise.ts';

const law = laws['critical-batch-size'];
const powers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));

describe('the hyperbola', () => {
  test('meets its closed forms: at B_crit twice the fewest steps and twice the fewest examples', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 8, noNaN: true }),
        fc.double({ min: 2, max: 9, noNaN: true }),
        (b, s) => {
          const [critical, steps] = [Math.exp(b), Math.exp(s)];
          const batches = powers(1, 14);
          const y = batches.map((batch) => steps * (1 + critical / batch));
          const { parameters, objective } = fitLaw(law, { inputs: [batches], y }, { bootstrap: 0 });
          const { B_crit = 0, S_min = 0, E_min = 0 } = parameters;
          expect(objective).toBeLessThan(1e-18);
          expect(B_crit / critical).toBeCloseTo(1, 6);
          expect(law.predict([B_crit, S_min], [B_crit])).toBeCloseTo(2 * S_min, 6);
          expect(E_min / (B_crit * S_min)).toBeCloseTo(1, 12);
          for (const [row, batch] of batches.entries()) {
            const [S, E] = [y[row] as number, batch * (y[row] as number)];
            expect((S / S_min - 1) * (E / E_min - 1)).toBeCloseTo(1, 4);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('gives intervals of all three, and says when the rows show one regime only', () => {
    const normal = normals(3);
    const batches = powers(3, 13).flatMap((batch) => [batch, batch, batch]);
    const y = batches.map((batch) => 2000 * (1 + 300 / batch) * Math.exp(0.05 * normal()));
    const { intervals, warnings } = fitLaw(law, { inputs: [batches], y }, { bootstrap: 300 });
    for (const [name, value] of [
      ['B_crit', 300],
      ['S_min', 2000],
      ['E_min', 600_000],
    ] as const) {
      expect(intervals?.[name]?.[0]).toBeLessThan(value);
      expect(intervals?.[name]?.[1]).toBeGreaterThan(value);
    }
    expect(warnings).toEqual([]);
    const small = { inputs: [powers(0, 6)], y: powers(0, 6).map((batch) => 2000 * (1 + 3000 / batch)) };
    expect(fitLaw(law, small, { bootstrap: 0 }).warnings.join(' ')).toMatch(/above the largest batch/);
    const large = { inputs: [powers(8, 14)], y: powers(8, 14).map((batch) => 2000 * (1 + 3 / batch)) };
    expect(fitLaw(law, large, { bootstrap: 0 }).warnings.join(' ')).toMatch(/below the smallest batch/);
  });
});

describe('regimesOf', () => {
  const rows = powers(2, 14).map((batch) => ({ batch, steps: 1000 * (1 + 256 / batch) }));

  test('finds the three regimes about the critical batch size', () => {
    const { stretches, perfectUpTo, flatFrom } = regimesOf(rows);
    expect(new Set(stretches.map(({ regime }) => regime)).size).toBe(3);
    expect(perfectUpTo).toBeGreaterThanOrEqual(64);
    expect(perfectUpTo).toBeLessThanOrEqual(256);
    expect(flatFrom).toBeGreaterThanOrEqual(256);
    expect(flatFrom).toBeLessThanOrEqual(2048);
  });

  test('keeps their order under noise', () => {
    const rank = { 'perfect scaling': 0, 'diminishing returns': 1, 'maximal data parallelism': 2 };
    const normal = normals(11);
    const noisy = rows.map(({ batch, steps }) => ({ batch, steps: steps * Math.exp(0.15 * normal()) }));
    const ranks = regimesOf([...noisy].reverse()).stretches.map(({ regime }) => rank[regime]);
    expect(ranks).toEqual([...ranks].sort());
  });

  test('names batch sizes that did not reach the target, and claims no regime that is not there', () => {
    const { stretches, perfectUpTo, flatFrom, notReached } = regimesOf([
      ...powers(2, 5).map((batch) => ({ batch, steps: 4096 / batch })),
      { batch: 64, steps: null },
    ]);
    expect(notReached).toEqual([64]);
    expect({ perfectUpTo, flatFrom }).toEqual({ perfectUpTo: 32, flatFrom: null });
    expect(stretches).toHaveLength(3);
    expect(regimesOf([])).toEqual({ stretches: [], perfectUpTo: null, flatFrom: null, notReached: [] });
  });
});
