// What was held out, row by row.
import { describe, expect, test } from 'vitest';
import { drawnFit } from '../../../src/core/fits/drawn-fit.ts';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { fitHeld, heldRows } from '../../../src/core/fits/held-rows.ts';
import { isoFlop } from '../../../src/core/fits/iso-flop.ts';
import { powerLaw } from '../../../src/core/fits/power-law.ts';
import { stream } from '../../../src/core/rng.ts';

const wobble = (index: number): number => 0.02 * Math.sin(7 * index);
const x = Array.from({ length: 14 }, (_, i) => 10 * 1.5 ** i);
const lawful = x.map((value, index) => 5 * value ** -0.4 * (1 + wobble(index)));

describe('held-out rows', () => {
  test('are the largest, smallest first, with what the law said of them', () => {
    const { fit, held } = fitHeld(powerLaw, { inputs: [x], y: lawful }, { holdout: 3, bootstrap: 200 });
    expect(held.map(({ inputs }) => inputs[0])).toEqual(x.slice(-3));
    expect(fit.rows).toBe(11);
    for (const { y, predicted, interval, isHit } of held) {
      expect(predicted).toBeGreaterThan(0.9 * y);
      expect(predicted).toBeLessThan(1.1 * y);
      expect(isHit).toBe(interval !== null && interval[0] <= y && y <= interval[1]);
    }
    expect(held.every(({ isHit }) => isHit)).toBe(true);
  });

  test('that leave the law are misses', () => {
    const y = lawful.map((value, index) => (index === 13 ? 1.4 * value : value));
    const { held } = fitHeld(powerLaw, { inputs: [x], y }, { holdout: 2, bootstrap: 200 });
    expect(held.map(({ isHit }) => isHit)).toEqual([true, false]);
  });

  test('are not judged without intervals, and there are none without a holdout', () => {
    const { held } = fitHeld(powerLaw, { inputs: [x], y: lawful }, { holdout: 2, bootstrap: 0 });
    expect(held.map(({ interval, isHit }) => [interval, isHit])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(fitHeld(powerLaw, { inputs: [x], y: lawful }, { bootstrap: 0 }).held).toEqual([]);
  });

  test('land in their band about as often as it promises', () => {
    const random = stream(5, 1);
    let [hits, rows] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const noise = (index: number): number =>
        Math.exp(0.05 * Math.sqrt(12) * (random.uniform(index, trial) - 0.5));
      const y = x.map((value, index) => 5 * value ** -0.4 * noise(index));
      const kept = { inputs: [x.slice(0, -2)], y: y.slice(0, -2) };
      const fit = fitLaw(powerLaw, kept, { bootstrap: 200, seed: trial });
      const held = heldRows(powerLaw, fit, { inputs: [x], y }, { holdout: 2 });
      hits += held.filter(({ isHit }) => isHit).length;
      rows += held.length;
    }
    expect(hits / rows).toBeGreaterThan(0.88);
  });
});

describe('a drawn fit', () => {
  test('has the curve of its law inside its band, and no draws', () => {
    const fit = fitLaw(powerLaw, { inputs: [x], y: lawful }, { bootstrap: 200 });
    const drawn = drawnFit(powerLaw, fit, { over: [5, 5000], inside: [10, 2000], factor: 100 });
    expect(drawn.fit).not.toHaveProperty('draws');
    expect(drawn.curve[0]?.x).toBeCloseTo(5);
    expect(drawn.curve.at(-1)?.x).toBeCloseTo(5000);
    for (const { x: at, y, interval } of drawn.curve) {
      expect(y).toBeCloseTo(
        100 * (fit.parameters['beta'] as number) * at ** (fit.parameters['c'] as number),
        6,
      );
      expect(interval?.[0]).toBeLessThan(y);
      expect(interval?.[1]).toBeGreaterThan(y);
    }
    const [bins] = Object.values(drawn.spreads);
    const shares = bins?.reduce((sum, { share }) => sum + share, 0) ?? 0;
    expect(shares).toBeGreaterThan(0.95);
    expect(shares).toBeLessThanOrEqual(1);
  });

  test('of a law that is reduced goes along compute', () => {
    const rows = [1e9, 1e10, 1e11].flatMap((compute) =>
      [0.25, 0.5, 1, 2, 4].map((share) => ({
        compute,
        size: share * 10 * compute ** 0.4,
        loss: 2 + 0.1 * Math.log(share) ** 2,
      })),
    );
    const sample = {
      inputs: [rows.map(({ compute }) => compute), rows.map(({ size }) => size)],
      y: rows.map(({ loss }) => loss),
    };
    const fit = fitLaw(isoFlop, sample, { bootstrap: 0 });
    const { curve } = drawnFit(isoFlop, fit, { over: [1e9, 1e11], inside: [1e9, 1e11] });
    expect(curve[0]?.y).toBeCloseTo(10 * 1e9 ** 0.4, -2);
    expect(curve.every(({ interval }) => interval === null)).toBe(true);
  });
});
