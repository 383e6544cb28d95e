// Huber's loss and what iteratively reweighted least squares (IRLS) makes of it.
// Source: Huber 1964. ρ(r) = ½ r² for |r| ≤ δ, δ (|r| − ½ δ) beyond; δ = ∞ is least squares.

/** ρ(r). */
export function huber(residual: number, delta: number): number {
  const size = Math.abs(residual);
  return size <= delta ? 0.5 * residual * residual : delta * (size - 0.5 * delta);
}

/** ρ′(r): the residual, held within ±δ. */
export function huberSlope(residual: number, delta: number): number {
  return residual > delta ? delta : residual < -delta ? -delta : residual;
}

/** The weight ρ′(r)/r that makes weighted least squares take the same step: 1 within δ, δ/|r| beyond. */
export function huberWeight(residual: number, delta: number): number {
  const size = Math.abs(residual);
  return size <= delta ? 1 : delta / size;
}

/**
 * The δ that costs 5 % of efficiency on Gaussian residuals and bounds the pull of an outlier: 1.345 × the robust scale
 * 1.4826 × median |r|.
 */
export function robustDelta(residuals: readonly number[]): number {
  const sizes = residuals.map(Math.abs).sort((a, b) => a - b);
  const middle = sizes.length >> 1;
  const median =
    sizes.length % 2 === 1
      ? (sizes[middle] as number)
      : ((sizes[middle - 1] as number) + (sizes[middle] as number)) / 2;
  return 1.345 * 1.4826 * median;
}
