import { describe, expect, test } from 'vitest';
import {
  harmonicSpectrum,
  lossAfter,
  type Method,
  steadyRisk,
  tunedSteps,
} from '../../../src/core/fits/noisy-quadratic.ts';

const few = harmonicSpectrum(40, 40);

/** Expected loss by following means, variances and covariances of every direction step by step. */
function byHand(
  steps: number,
  rate: number,
  batch: number,
  { momentum = 0, power = 0, average = 0 }: Method,
): number {
  let loss = 0;
  for (const [bin, h] of few.values.entries()) {
    const a = rate * h ** -power;
    const variance = (a * a * h) / batch;
    // Second moments of w, the velocity v, and the average.
    let [ww, wv, vv, wm, mm] = [1, 0, 0, 1, 1];
    for (let step = 0; step < steps; step++) {
      if (average > 0) {
        const keep = 1 - a * h;
        const w2 = keep * keep * ww + variance;
        const cross = keep * wm;
        mm = average ** 2 * mm + 2 * average * (1 - average) * cross + (1 - average) ** 2 * w2;
        wm = average * cross + (1 - average) * w2;
        ww = w2;
      } else {
        // v ← b v + (h w + noise); w ← w − a v, with the noise measured in w.
        const nextVv = momentum ** 2 * vv + 2 * momentum * h * wv + h * h * ww + variance / (a * a);
        const nextWv = momentum * wv + h * ww - a * nextVv;
        ww = ww - 2 * a * (momentum * wv + h * ww) + a * a * nextVv;
        vv = nextVv;
        wv = nextWv;
      }
    }
    loss += 0.5 * (few.counts[bin] as number) * h * (average > 0 ? mm : ww);
  }
  return loss;
}

describe('lossAfter', () => {
  test.each([{}, { momentum: 0.9 }, { power: 0.5 }, { average: 0.95 }])(
    'of %j is what following every step gives',
    (method) => {
      for (const steps of [0, 1, 2, 7, 100, 1023]) {
        const found = lossAfter(steps, { rate: 0.2, batch: 16 }, method, few);
        expect(found / byHand(steps, 0.2, 16, method)).toBeCloseTo(1, 9);
      }
    },
  );

  test('of SGD has the closed form s_k = s* + β^k (1 − s*)', () => {
    const expected = few.values.reduce((sum, h, bin) => {
      const beta = (1 - 0.3 * h) ** 2;
      const steady = (0.09 * h) / (8 * (1 - beta));
      return sum + 0.5 * (few.counts[bin] as number) * h * (steady + beta ** 500 * (1 - steady));
    }, 0);
    expect(lossAfter(500, { rate: 0.3, batch: 8 }, {}, few)).toBeCloseTo(expected, 12);
  });

  test.each([{}, { momentum: 0.8 }, { power: 0.5 }])('of %j ends at the steady risk', (method) => {
    const expected = few.values.reduce(
      (sum, h, bin) => sum + (few.counts[bin] as number) * steadyRisk(h, 4, 0.1, method),
      0,
    );
    expect(lossAfter(2 ** 20, { rate: 0.1, batch: 4 }, method, few) / expected).toBeCloseTo(1, 9);
  });
});

describe('tunedSteps', () => {
  const batches = [1, 8, 64, 512, 4096, 32_768];
  const slope = (steps: readonly (number | null)[], index: number): number =>
    Math.log((steps[index + 1] as number) / (steps[index] as number)) / Math.log(8);
  const sgd = tunedSteps(0.01, batches);
  const steps = sgd.map((tuned) => tuned.steps);

  test('has two regimes: steps fall as 1/B, then not at all', () => {
    expect(slope(steps, 0)).toBeLessThan(-0.95);
    expect(slope(steps, 4)).toBeGreaterThan(-0.1);
  });

  test('has a best rate that grows with the batch up to the knee', () => {
    const rates = sgd.map(({ rate }) => rate as number);
    expect(Math.log((rates[1] as number) / (rates[0] as number)) / Math.log(8)).toBeGreaterThan(0.85);
    expect((rates[5] as number) / (rates[4] as number)).toBeLessThan(1.3);
  });

  test('shows momentum helping at large batches only, averaging at small ones only', () => {
    const momentum = tunedSteps(0.01, [1, 32_768], { momentum: 0.9 }).map((tuned) => tuned.steps as number);
    expect((momentum[0] as number) / (steps[0] as number)).toBeGreaterThan(0.95);
    expect((momentum[1] as number) / (steps[5] as number)).toBeLessThan(0.3);
    const averaged = tunedSteps(0.01, [64, 32_768], { average: 0.99 }).map((tuned) => tuned.steps as number);
    expect((averaged[0] as number) / (steps[2] as number)).toBeLessThan(0.8);
    expect((averaged[1] as number) / (steps[5] as number)).toBeGreaterThan(0.95);
  });

  test('says where no rate reaches the target', () => {
    expect(tunedSteps(0, [1], {}, few)).toEqual([{ batch: 1, steps: null, rate: null }]);
  });
});
