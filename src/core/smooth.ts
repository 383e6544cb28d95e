// Exponential smoothing of a series, started without bias: the first value stands for itself.

/**
 * Each value becomes the weighted mean of itself and its past; `weight` in [0, 1) is that of the past. The weights of
 * all values seen so far add up to one (Adam's bias correction), so that a start at zero does not pull the curve down.
 * Values that are not finite are passed on as NaN and leave no trace.
 */
export function smooth(values: Float64Array, weight: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(values.length);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      result[i] = Number.NaN;
      continue;
    }
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    result[i] = sum / mass;
  }
  return result;
}
