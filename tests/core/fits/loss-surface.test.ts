import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { allocate, lossSurface } from '../../../src/core/fits/loss-surface.ts';
import { pointsOf, type Sample } from '../../../src/core/fits/points.ts';
import { logSpaced } from './noise.ts';

const data = resolve(import.meta.dirname, '../../../../shared/data/scaling/chinchilla-points.csv');
const isHere = existsSync(data);
const title = 'the published points of Chinchilla';

/** Parameters, examples C/(6N) and loss of the 240 points that the replication keeps. */
function published(): Sample {
  const [header = [], ...lines] = readFileSync(data, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = (name: string): number[] => lines.map((line) => Number(line[header.indexOf(name)]));
  const [n, c, loss] = [column('Model Size'), column('Training FLOP'), column('loss')];
  const fifth = [...loss].sort((a, b) => b - a)[4] as number;
  const rows = [...loss.keys()].filter((row) => (loss[row] as number) < fifth);
  return {
    inputs: [
      rows.map((row) => n[row] as number),
      rows.map((row) => (c[row] as number) / (6 * (n[row] as number))),
    ],
    y: rows.map((row) => loss[row] as number),
  };
}

describe.skipIf(!isHere)(isHere ? title : `${title} (not run: the development data is not here)`, () => {
  test('give the published minimum, not the one of a search that stops early (beta 0.479)', () => {
    const sample = published();
    expect(sample.y).toHaveLength(240);
    const start = performance.now();
    const { points } = pointsOf(lossSurface, sample);
    const { parameters, objective } = lossSurface.solve(points, {});
    expect(performance.now() - start).toBeLessThan(5000);
    expect(objective).toBeLessThanOrEqual(0.00101828);
    const expected = [1.81722, 477.83, 2143.4, 0.34731, 0.36717];
    for (const [k, value] of expected.entries()) {
      expect(Math.abs((parameters[k] as number) / value - 1)).toBeLessThan(1e-3);
    }
    const mean = lossSurface.solve(points, { weights: new Float64Array(240).fill(1 / 240) });
    expect(mean.parameters[4]).toBeCloseTo(0.36717, 4);
  });

  test('give intervals that cover the published ones', () => {
    const { intervals } = fitLaw(lossSurface, published(), { bootstrap: 300 });
    const ranges = {
      A: [285.214, 743.626],
      B: [1042.357, 5810.344],
      E: [1.769, 1.871],
      alpha: [0.317, 0.373],
      beta: [0.331, 0.415],
    } as const;
    for (const [name, [low, high]] of Object.entries(ranges)) {
      const [ourLow, ourHigh] = intervals?.[name] ?? [0, 0];
      const shared = Math.min(high, ourHigh) - Math.max(low, ourLow);
      expect(shared / (high - low), name).toBeGreaterThan(0.8);
      expect((ourHigh - ourLow) / (high - low), name).toBeLessThan(1.4);
    }
  });
});

describe('allocation', () => {
  const truth = [1.7, 400, 900, 0.34, 0.28] as const;
  const [a = 0, b = 0, G = 0] = lossSurface.derive(truth);

  test.each([2, 1] as const)('spends all compute, with a multiply-add of %i', (counting) => {
    const { parameters, examples } = allocate(1e18, { a, G }, counting);
    expect((3 * counting * parameters * examples) / 1e18).toBeCloseTo(1, 12);
    expect(a + b).toBeCloseTo(1, 12);
  });

  test('has the lowest loss of all ways to spend it', () => {
    const product = 1e18 / 6;
    const { parameters, examples } = allocate(1e18, { a, G });
    const best = lossSurface.predict(truth, [parameters, examples]);
    for (const n of logSpaced(parameters / 100, parameters * 100, 201)) {
      expect(lossSurface.predict(truth, [n, product / n])).toBeGreaterThanOrEqual(best - 1e-12);
    }
  });
});

describe('warnings', () => {
  const sizes = logSpaced(1e5, 1e8, 6);
  const grid = sizes.flatMap((n) => logSpaced(1e5, 1e8, 6).map((d) => [n, d] as const));
  const warningsOf = (y: (n: number, d: number) => number, rows = grid): string => {
    const sample = {
      inputs: [rows.map(([n]) => n), rows.map(([, d]) => d)],
      y: rows.map(([n, d]) => y(n, d)),
    };
    return fitLaw(lossSurface, sample, { bootstrap: 0 }).warnings.join('\n');
  };

  test('a clean surface has none', () => {
    expect(warningsOf((n, d) => 1 + 300 * n ** -0.4 + 500 * d ** -0.45)).toBe('');
  });

  test('a term that is not there', () => {
    expect(warningsOf((n, d) => 300 * n ** -0.4 + 500 * d ** -0.45)).toMatch(/E went to 0/);
    expect(warningsOf((n) => 1 + 300 * n ** -0.4)).toMatch(/B went to 0|beta .*edge/);
  });

  test('an exponent beyond the grid', () => {
    expect(warningsOf((n, d) => 1 + 1e12 * n ** -2.4 + 500 * d ** -0.45)).toMatch(
      /alpha = .* edge of the grid/,
    );
  });

  test('inputs that span too little', () => {
    const near = grid.map(([n, d]) => [1e6 + n / 100, d] as const);
    expect(warningsOf((n, d) => 1 + 300 * n ** -0.4 + 500 * d ** -0.45, near)).toMatch(
      /N \(parameters\) spans .* no claim about E/,
    );
  });
});
