import { describe, expect, test } from 'vitest';
import { huber, huberSlope, huberWeight, robustDelta } from '../../../src/core/minimize/huber.ts';

describe('huber', () => {
  test('is half a square within δ and a line beyond, without a step or a kink between', () => {
    expect(huber(0.5, 1)).toBe(0.125);
    expect(huber(-3, 1)).toBe(2.5);
    expect(huber(1 + 1e-9, 1) - huber(1 - 1e-9, 1)).toBeLessThan(3e-9);
    expect(huber(7, Number.POSITIVE_INFINITY)).toBe(24.5);
  });

  test('has the slope that differences give, and the weight that makes it', () => {
    for (const residual of [-4, -0.9, 0.2, 0.9, 4]) {
      const difference = (huber(residual + 1e-6, 1) - huber(residual - 1e-6, 1)) / 2e-6;
      expect(huberSlope(residual, 1)).toBeCloseTo(difference, 8);
      expect(huberWeight(residual, 1) * residual).toBeCloseTo(huberSlope(residual, 1), 12);
    }
  });

  test('takes δ from the middle of the residuals, whatever the outlier', () => {
    expect(robustDelta([1, -2, 3])).toBeCloseTo(1.345 * 1.4826 * 2, 12);
    expect(robustDelta([1, -2, 3000])).toBe(robustDelta([1, -2, 3]));
    expect(robustDelta([1, 2, 3, 4])).toBeCloseTo(1.345 * 1.4826 * 2.5, 12);
  });
});
