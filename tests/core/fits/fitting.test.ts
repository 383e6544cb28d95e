import { describe, expect, test } from 'vitest';
import { fitLaw, fitting } from '../../../src/core/fits/fitting.ts';
import { inputsOf } from '../../../src/core/fits/inputs.ts';
import { laws } from '../../../src/core/fits/laws.ts';
import type { Sample } from '../../../src/core/fits/points.ts';
import { logSpaced, normals } from './noise.ts';

const law = laws['power-law-offset'];
const truth = [0.5, 30, -0.4] as const;

function study(count: number, seeds: number, noise = 0.01): Sample {
  const normal = normals(5);
  const x = logSpaced(1e3, 1e8, count).flatMap((one) => Array<number>(seeds).fill(one));
  return { inputs: [x], y: x.map((one) => law.predict(truth, [one]) * Math.exp(noise * normal())) };
}

describe('fitting', () => {
  test('gives a fit at once, then intervals of ever more resamples, and is a function of its seed', () => {
    const steps = [...fitting(law, study(10, 3), { bootstrap: 120 })];
    expect(steps[0]).toMatchObject({ intervals: null, resamples: 0, rows: 30, configurations: 10 });
    expect(steps.map(({ resamples }) => resamples)).toEqual([0, 50, 100]);
    const last = fitLaw(law, study(10, 3), { bootstrap: 120 });
    expect(last.resamples).toBe(120);
    expect(last.draws['c']).toHaveLength(120);
    expect(last).toEqual(fitLaw(law, study(10, 3), { bootstrap: 120 }));
    expect(last.intervals).not.toEqual(fitLaw(law, study(10, 3), { bootstrap: 120, seed: 1 }).intervals);
    expect(last.intervalMethod).toMatch(/120 resamples over 10 whole configurations, widened 1\.\d+ ×/);
    expect(structuredClone(last)).toEqual(last);
  });

  test('intervals hold the estimate, and fewer configurations make them wider', () => {
    const many = fitLaw(law, study(30, 1), { bootstrap: 200 });
    const few = fitLaw(law, study(6, 1), { bootstrap: 200 });
    for (const [name, [low, high]] of Object.entries(many.intervals ?? {})) {
      expect(many.parameters[name]).toBeGreaterThanOrEqual(low);
      expect(many.parameters[name]).toBeLessThanOrEqual(high);
    }
    const width = ({ intervals }: typeof many): number =>
      (intervals?.['c']?.[1] ?? 0) - (intervals?.['c']?.[0] ?? 0);
    expect(width(few)).toBeGreaterThan(2 * width(many));
    expect(few.widening).toBeGreaterThan(1.5);
    const vague = fitLaw(law, study(6, 1, 0.08), { bootstrap: 200 });
    expect(vague.warnings.join(' ')).toMatch(/c is known only to within \d+ %/);
  });

  test('seeds of one configuration are no evidence of their own', () => {
    const { inputs, y } = study(8, 1, 0.02);
    const copies = {
      inputs: [[0, 0, 0].flatMap(() => inputs[0] as number[])],
      y: [0, 0, 0].flatMap(() => [...y]),
    };
    const once = fitLaw(law, { inputs, y }, { bootstrap: 200 });
    const thrice = fitLaw(law, copies, { bootstrap: 200 });
    expect(thrice).toMatchObject({ rows: 24, configurations: 8 });
    for (const end of [0, 1]) {
      expect(thrice.intervals?.['c']?.[end]).toBeCloseTo(once.intervals?.['c']?.[end] as number, 5);
    }
  });

  test('a curve through all its rows has no intervals and says so', () => {
    const { intervals, widening, warnings } = fitLaw(law, study(3, 2), { bootstrap: 100 });
    expect({ intervals, widening }).toEqual({ intervals: null, widening: null });
    expect(warnings.join(' ')).toMatch(/passes through its rows, and there are no intervals/);
  });

  test('one wild run does not carry the fit away', () => {
    const { inputs, y } = study(20, 1, 0.005);
    const wild = y.map((value, row) => (row === 12 ? 3 * value : value));
    expect(fitLaw(law, { inputs, y: wild }, { bootstrap: 0 }).parameters['c']).toBeCloseTo(-0.4, 1);
  });

  test('the hash is of the fitted rows', () => {
    const sample = study(8, 1);
    const { data } = fitLaw(law, sample, { bootstrap: 0 });
    expect(data).toMatch(/^[0-9a-f]{64}$/);
    expect(fitLaw(laws['power-law'], sample, { bootstrap: 0 }).data).toBe(data);
    expect(fitLaw(law, sample, { bootstrap: 0, holdout: 1 }).data).not.toBe(data);
  });
});

describe('holdout', () => {
  test('takes whole configurations of the largest size, and scores the law and three baselines', () => {
    const { rows, holdout } = fitLaw(law, study(20, 3, 0.003), { bootstrap: 0, holdout: 4 });
    expect(rows).toBe(48);
    expect(holdout).toMatchObject({ rows: 12, configurations: 4 });
    const { rmsle, baselines } = holdout as NonNullable<typeof holdout>;
    expect(rmsle).toBeLessThan(0.01);
    expect(rmsle).toBeLessThan(baselines.lastValue);
    expect(rmsle).toBeLessThan(baselines.powerLaw);
    expect(baselines.bestForm).toEqual({ law: 'power-law-offset', rmsle });
  });

  test('orders a surface by compute', () => {
    const surface = laws['loss-surface'];
    const sizes = logSpaced(1e5, 1e8, 6);
    const grid = sizes.flatMap((n) => sizes.map((d) => [n, d] as const));
    const y = grid.map((point) => surface.predict([1, 300, 500, 0.4, 0.45], point));
    const sample = { inputs: [grid.map(([n]) => n), grid.map(([, d]) => d)], y };
    const { holdout, parameters } = fitLaw(surface, sample, { bootstrap: 0, holdout: 6 });
    expect(holdout).toMatchObject({ rows: 6, configurations: 6 });
    expect(holdout?.rmsle).toBeLessThan(1e-5);
    expect(parameters['alpha']).toBeCloseTo(0.4, 4);
  });
});

describe('columns', () => {
  const column = (name: string, ...values: number[]) => ({ name, values });

  test('with the letters of the law are put in its order', () => {
    expect(inputsOf(laws['loss-surface'], [column('D', 1), column('N', 2)])).toEqual([[2], [1]]);
    expect(inputsOf(laws['loss-surface'], [column('images', 1), column('size', 2)])).toEqual([[1], [2]]);
  });

  test('parameters and examples make compute, as it is counted', () => {
    const columns = [column('D', 10), column('N', 2)];
    expect(inputsOf(laws['iso-flop'], columns)).toEqual([[120], [2]]);
    expect(inputsOf(laws['iso-flop'], columns, 1)).toEqual([[60], [2]]);
  });
});
