import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nnls } from '../../../src/core/minimize/nnls.ts';

function normalEquations(columns: readonly (readonly number[])[], y: readonly number[]) {
  const size = columns.length;
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  for (const [i, one] of columns.entries()) {
    moments[i] = product(one, y);
    for (const [j, other] of columns.entries()) gram[i * size + j] = product(one, other);
  }
  return { gram, moments, size };
}

describe('nnls', () => {
  test('gives plain least squares where that is non-negative', () => {
    const { gram, moments, size } = normalEquations(
      [
        [1, 1, 1],
        [0, 1, 2],
      ],
      [1, 3, 5],
    );
    const { coefficients } = nnls(gram, moments, size);
    expect(coefficients[0]).toBeCloseTo(1, 12);
    expect(coefficients[1]).toBeCloseTo(2, 12);
  });

  test('holds a coefficient at 0 that would be negative', () => {
    const { gram, moments, size } = normalEquations(
      [
        [1, 1, 1],
        [0, 1, 2],
      ],
      [3, 2, 1],
    );
    const { coefficients } = nnls(gram, moments, size);
    expect(coefficients[0]).toBeCloseTo(2, 12);
    expect(coefficients[1]).toBe(0);
  });

  test('a repeated column does not break it', () => {
    const { gram, moments, size } = normalEquations(
      [
        [1, 2],
        [1, 2],
      ],
      [2, 4],
    );
    const { coefficients } = nnls(gram, moments, size);
    expect((coefficients[0] as number) + (coefficients[1] as number)).toBeCloseTo(2, 12);
  });

  const number = fc.double({ min: -3, max: 3, noNaN: true });
  test('meets the conditions of Karush, Kuhn and Tucker', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, number, number), { minLength: 6, maxLength: 12 }),
        (rows) => {
          const columns = [0, 1, 2].map((k) => rows.map((row) => row[k as 0 | 1 | 2]));
          const { gram, moments, size } = normalEquations(
            columns,
            rows.map((row) => row[3]),
          );
          const { coefficients } = nnls(gram, moments, size);
          for (let i = 0; i < size; i++) {
            let slope = -(moments[i] as number);
            for (let j = 0; j < size; j++)
              slope += (gram[i * size + j] as number) * (coefficients[j] as number);
            expect(coefficients[i]).toBeGreaterThanOrEqual(0);
            expect(slope).toBeGreaterThan(-1e-6);
            expect(Math.abs(slope * (coefficients[i] as number))).toBeLessThan(1e-5);
          }
        },
      ),
    );
  });
});
