import { describe, expect, test } from 'vitest';
import { studentCdf, studentQuantile } from '../../../src/core/stats/student.ts';

// Values of SciPy 1.17 (stats.t.ppf).
describe('studentQuantile', () => {
  test.each([
    [0.9, 1, 3.0776835371752544],
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.995, 3, 5.840909309733355],
    [0.975, 5, 2.5705818356363146],
    [0.975, 10, 2.228138851986274],
    [0.9, 29, 1.311433647301551],
    [0.975, 58, 2.0017174841452356],
    [0.995, 1000, 2.580754698065951],
  ])('%d with %d degrees of freedom', (share, freedom, expected) => {
    expect(studentQuantile(share, freedom)).toBeCloseTo(expected, 9);
    expect(studentQuantile(1 - share, freedom)).toBeCloseTo(-expected, 9);
  });

  test('undoes the distribution function', () => {
    for (const freedom of [1, 2.5, 7, 40]) {
      for (const t of [-4, -0.3, 0, 0.8, 3]) {
        expect(studentQuantile(studentCdf(t, freedom), freedom)).toBeCloseTo(t, 8);
      }
    }
  });
});
