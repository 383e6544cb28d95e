import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lbfgs, type Objective } from '../../../src/core/minimize/lbfgs.ts';

const rosenbrock: Objective = (x, g) => {
  let value = 0;
  g.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [x[i] as number, x[i + 1] as number];
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
    g[i] = (g[i] as number) - 400 * a * (b - a * a) - 2 * (1 - a);
    g[i + 1] = (g[i + 1] as number) + 200 * (b - a * a);
  }
  return value;
};

const beale: Objective = (x, g) => {
  const [a, b] = x as unknown as [number, number];
  const terms = [1.5, 2.25, 2.625].map((c, i) => ({ k: i + 1, r: c - a + a * b ** (i + 1) }));
  g[0] = terms.reduce((sum, { k, r }) => sum + 2 * r * (b ** k - 1), 0);
  g[1] = terms.reduce((sum, { k, r }) => sum + 2 * r * a * k * b ** (k - 1), 0);
  return terms.reduce((sum, { r }) => sum + r * r, 0);
};

const powell: Objective = (x, g) => {
  const [a, b, c, d] = x as unknown as [number, number, number, number];
  const [p, q, r, s] = [a + 10 * b, c - d, b - 2 * c, a - d];
  g[0] = 2 * p + 40 * s ** 3;
  g[1] = 20 * p + 4 * r ** 3;
  g[2] = 10 * q - 8 * r ** 3;
  g[3] = -10 * q - 40 * s ** 3;
  return p * p + 5 * q * q + r ** 4 + 10 * s ** 4;
};

describe('lbfgs', () => {
  test.each([
    ['Rosenbrock in 2', rosenbrock, [-1.2, 1], [1, 1]],
    ['Rosenbrock in 10', rosenbrock, Array(10).fill(0.3), Array(10).fill(1)],
    ['Beale', beale, [1, 1], [3, 0.5]],
  ] as const)('%s', (_, objective, start, minimum) => {
    const found = lbfgs(objective, start);
    expect(found.converged).toBe(true);
    expect(found.value).toBeLessThan(1e-20);
    for (const [i, value] of minimum.entries()) expect(found.x[i]).toBeCloseTo(value, 8);
  });

  test("Powell's singular function, whose Hessian vanishes at the minimum", () => {
    const { x, value } = lbfgs(powell, [3, -1, 0, 1]);
    expect(value).toBeLessThan(1e-14);
    for (const one of x) expect(Math.abs(one)).toBeLessThan(1e-3);
  });

  test('quadratics of condition up to 1e8 end where the gradient is 0', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 2, maxLength: 8 }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (powers, centre) => {
          const scales = powers.map((power) => 10 ** -power);
          const bowl: Objective = (x, g) => {
            let value = 1;
            for (const [i, h] of scales.entries()) {
              const r = (x[i] as number) - centre;
              g[i] = h * r;
              value += 0.5 * h * r * r;
            }
            return value;
          };
          const { x } = lbfgs(
            bowl,
            scales.map(() => 0),
            { tolerance: 1e-18 },
          );
          for (const [i, h] of scales.entries()) {
            expect(h * Math.abs((x[i] as number) - centre)).toBeLessThan(1e-7);
          }
        },
      ),
    );
  });

  test('where it stops does not depend on the scale of the objective', () => {
    const shifted =
      (factor: number): Objective =>
      (x, g) => {
        const value = factor * (1 + rosenbrock(x, g));
        for (let i = 0; i < g.length; i++) g[i] = factor * (g[i] as number);
        return value;
      };
    for (const factor of [1, 1e-6, 1e6]) {
      const { x } = lbfgs(shifted(factor), [-1.2, 1]);
      expect(x[0]).toBeCloseTo(1, 6);
      expect(x[1]).toBeCloseTo(1, 6);
    }
  });

  test('a good guess of the inverse Hessian makes a stretched bowl round', () => {
    const scales = [1, 1e-4, 1e4];
    const bowl: Objective = (x, g) => {
      let value = 0;
      for (const [i, h] of scales.entries()) {
        g[i] = h * ((x[i] as number) - 1);
        value += 0.5 * h * ((x[i] as number) - 1) ** 2;
      }
      return value;
    };
    const precondition = (v: Float64Array) => {
      for (const [i, h] of scales.entries()) v[i] = (v[i] as number) / h;
    };
    const { x, iterations } = lbfgs(bowl, [0, 0, 0], { precondition });
    expect(iterations).toBeLessThan(5);
    for (const one of x) expect(one).toBeCloseTo(1, 12);
  });

  test('walks back from where the objective has no value', () => {
    const wall: Objective = (x, g) => {
      const [a] = x as unknown as [number];
      g[0] = 1 - 1 / a;
      return a - Math.log(a);
    };
    expect(lbfgs(wall, [50]).x[0]).toBeCloseTo(1, 6);
  });
});
