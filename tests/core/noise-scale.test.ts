// The gradient noise scale against closed forms: exact over all batches of a small population, and for known Gaussians.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addEstimates,
  type GradientEstimates,
  gradientEstimates,
  meanEstimates,
  noEstimates,
  noiseScale,
} from '../../src/core/noise-scale.ts';
import { stream } from '../../src/core/rng.ts';

type Vector = readonly number[];

const squared = (vector: Vector): number => vector.reduce((sum, x) => sum + x * x, 0);
const meanOf = (vectors: readonly Vector[]): Vector =>
  (vectors[0] ?? []).map(
    (_, i) => vectors.reduce((sum, one) => sum + (one[i] as number), 0) / vectors.length,
  );

/** From the gradients of a batch's examples, in parts of `part`. */
function estimatesOf(batch: readonly Vector[], part: number, population: number | null): GradientEstimates {
  const parts: number[] = [];
  for (let begin = 0; begin < batch.length; begin += part)
    parts.push(squared(meanOf(batch.slice(begin, begin + part))));
  const lengths = {
    parts: parts.reduce((sum, one) => sum + one, 0) / parts.length,
    whole: squared(meanOf(batch)),
  };
  return gradientEstimates({ part, whole: batch.length, population }, lengths);
}

const meanOfAll = (all: readonly GradientEstimates[]): GradientEstimates | null =>
  meanEstimates(all.reduce(addEstimates, noEstimates));

/** Every ordered choice of `count` of the items. */
function* choices<T>(items: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) yield [];
  else
    for (const [index, item] of items.entries())
      for (const rest of choices(items.toSpliced(index, 1), count - 1)) yield [item, ...rest];
}

describe('without replacement from a small population', () => {
  test('the mean over every batch is exact, whatever the gradients', () => {
    const vectors = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 5,
      maxLength: 6,
    });
    fc.assert(
      fc.property(vectors, fc.constantFrom([1, 2], [1, 4], [2, 4]), (population, [part, whole]) => {
        const size = population.length;
        const center = meanOf(population);
        const spread =
          population.reduce((sum, one) => sum + squared(one.map((x, i) => x - (center[i] as number))), 0) /
          (size - 1);
        const all = [...choices(population, whole as number)].map((batch) =>
          estimatesOf(batch, part as number, size),
        );
        const mean = meanOfAll(all) as GradientEstimates;
        expect(mean.noise).toBeCloseTo(spread, 8);
        expect(mean.signal).toBeCloseTo(squared(center), 8);
      }),
      { numRuns: 25 },
    );
  });
});

describe('with new examples from a Gaussian of known covariance', () => {
  const DIMENSIONS = 40;
  const random = stream(5, 9);
  /** Standard normal by twelve uniforms: mean 0, variance exactly 1. */
  const normal = (index: number, lane: number): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random.uniform(12 * index + i, lane);
    return sum;
  };
  const mean = (i: number): number => 0.02 * (i + 1);
  const deviation = (i: number): number => 1 / (1 + i / 8);
  const signal = Array.from({ length: DIMENSIONS }, (_, i) => mean(i) ** 2).reduce((a, b) => a + b);
  const noise = Array.from({ length: DIMENSIONS }, (_, i) => deviation(i) ** 2).reduce((a, b) => a + b);

  test.each([
    [1, 8],
    [4, 16],
    [8, 16],
  ])('parts of %i in batches of %i', (part, whole) => {
    const steps = 400;
    const all = Array.from({ length: steps }, (_, step) => {
      const batch = Array.from({ length: whole }, (_, row) =>
        Array.from(
          { length: DIMENSIONS },
          (_, i) => mean(i) + deviation(i) * normal(row * DIMENSIONS + i, step),
        ),
      );
      return estimatesOf(batch, part, null);
    });
    const estimates = meanOfAll(all) as GradientEstimates;
    // Five standard errors of the mean, measured on the very estimates.
    const error = (of: keyof GradientEstimates): number =>
      5 * Math.sqrt(all.reduce((sum, one) => sum + (one[of] - estimates[of]) ** 2, 0) / (steps - 1) / steps);
    expect(Math.abs(estimates.signal - signal)).toBeLessThan(error('signal'));
    expect(Math.abs(estimates.noise - noise)).toBeLessThan(error('noise'));
    expect(noiseScale(estimates)).toBeCloseTo(noise / signal, 0);
  });
});

test('McCandlish’s form, and the correction for a finite population', () => {
  const { signal, noise } = gradientEstimates(
    { part: 32, whole: 128, population: null },
    { parts: 5, whole: 2 },
  );
  expect(signal).toBeCloseTo((128 * 2 - 32 * 5) / (128 - 32), 12);
  expect(noise).toBeCloseTo((5 - 2) / (1 / 32 - 1 / 128), 12);
  // A batch that is the whole population has the true gradient.
  const whole = gradientEstimates({ part: 32, whole: 128, population: 128 }, { parts: 5, whole: 2 });
  expect(whole).toEqual({ signal: 2, noise });
});

test('an estimate that is not positive gives no ratio and is not hidden', () => {
  const negative = gradientEstimates({ part: 1, whole: 2, population: null }, { parts: 10, whole: 1 });
  expect(negative.signal).toBeLessThan(0);
  expect(noiseScale(negative)).toBeNull();
  expect(noiseScale({ signal: 1, noise: -1 })).toBeNull();
  expect(noiseScale({ signal: 0, noise: 1 })).toBeNull();
  expect(meanOfAll([])).toBeNull();
  expect(meanOfAll([negative, { signal: 20, noise: 2 }])?.signal).toBe((negative.signal + 20) / 2);
});
