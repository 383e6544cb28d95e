// Exponential smoothing of a series, started without bias: the first value stands for itself.

/** Where smoothing has come to: enough to go on when more values arrive. */
export interface Smoothing {
  /** Weight of the past, in [0, 1). */
  readonly weight: number;
  sum: number;
  mass: number;
}

export const startSmoothing = (weight: number): Smoothing => ({ weight, sum: 0, mass: 0 });

/**
 * Writes the smoothed form of values [from, values.length) to `result` and moves `at` along. The weights of all values
 * seen so far add up to one (Adam's bias correction), so that a start at zero does not pull the curve down. Values
 * that are not finite become NaN and leave no trace.
 */
export function smoothOn(at: Smoothing, values: Float64Array, result: Float64Array, from: number): void {
  const { weight } = at;
  for (let i = from; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      result[i] = Number.NaN;
      continue;
    }
    at.sum = weight * at.sum + (1 - weight) * value;
    at.mass = weight * at.mass + (1 - weight);
    result[i] = at.sum / at.mass;
  }
}

/** Each value becomes the weighted mean of itself and its past. */
export function smooth(values: Float64Array, weight: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(values.length);
  smoothOn(startSmoothing(weight), values, result, 0);
  return result;
}
