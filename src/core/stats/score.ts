// How well predictions meet what was measured, and how forms of different size compare.
// Sources: RMSLE as in Caballero et al. 2023; AICc of Hurvich and Tsai 1989.

/** Root mean square of log(predicted) − log(measured); NaN where a value is not positive, or with none. */
export function rmsle(predicted: ArrayLike<number>, measured: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < measured.length; i++) {
    sum += (Math.log(predicted[i] as number) - Math.log(measured[i] as number)) ** 2;
  }
  return Math.sqrt(sum / measured.length);
}

/**
 * Akaike's criterion for least squares, corrected for small samples: lower is better. Infinite where parameters (the
 * noise counts as one) leave fewer than two values over.
 * @param squares sum of squared residuals of `n` values
 */
export function aicc(squares: number, n: number, parameters: number): number {
  const k = parameters + 1;
  if (n - k - 1 <= 0) return Number.POSITIVE_INFINITY;
  return n * Math.log(Math.max(squares, Number.MIN_VALUE) / n) + 2 * k + (2 * k * (k + 1)) / (n - k - 1);
}
