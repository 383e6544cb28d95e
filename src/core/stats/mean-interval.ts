// The mean of one value a seed with its interval: what `meanWithInterval` says, fast enough for every point of a band.
// The draws depend on the number of seeds alone, so they are made once.
import { percentileInterval, RESAMPLES, resampleWeights, widen, widening } from './bootstrap.ts';

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Values it rests on; with one, low and high are the value itself and say nothing. */
  readonly n: number;
}

const drawn = new Map<number, readonly Float64Array[]>();

function drawsOf(n: number): readonly Float64Array[] {
  const known = drawn.get(n);
  if (known) return known;
  const strata = [Array.from({ length: n }, (_, index) => index)];
  const draws = Array.from({ length: RESAMPLES }, (_, index) => resampleWeights(0, index, strata));
  drawn.set(n, draws);
  return draws;
}

/** Mean of the values with its 95 % interval; null where there are none. Values must be finite. */
export function meanInterval(values: readonly number[]): MeanInterval | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const factor = widening(n, 1);
  if (factor === null) return { mean, low: mean, high: mean, n };
  const means = drawsOf(n).map((weights) => {
    let sum = 0;
    let mass = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights[i] as number;
      sum += weight * (values[i] as number);
      mass += weight;
    }
    return sum / mass;
  });
  const plain = percentileInterval(means);
  if (!plain) return { mean, low: mean, high: mean, n };
  const [low, high] = widen(mean, plain, factor, 'difference');
  return { mean, low, high, n };
}
