// The gradient noise scale tr Σ / |G|²: the batch size at which noise and signal of the gradient are equally large.
// Source: McCandlish et al. 2018 (arXiv 1812.06162), appendix A.1, with two batch sizes from the parts of one batch.

/** Examples of a part, of the whole batch, and of all there are to draw from; null where each example is new. */
export interface Sizes {
  readonly part: number;
  readonly whole: number;
  readonly population: number | null;
}

/** Squared lengths of gradients at the same weights: mean over the parts of a batch, and of the parts' mean. */
export interface SquaredLengths {
  readonly parts: number;
  readonly whole: number;
}

/** Of the true gradient G and the covariance Σ of one example's: |G|² and tr Σ. Either may be negative by chance. */
export interface GradientEstimates {
  readonly signal: number;
  readonly noise: number;
}

/**
 * Unbiased estimates from E|G_n|² = |G|² + tr Σ (1/n − 1/D) at n = part and n = whole. The term 1/D is that of batches
 * drawn without replacement from D examples; Σ then has D − 1 in its denominator. `part` must be below `whole`.
 */
export function gradientEstimates(sizes: Sizes, { parts, whole }: SquaredLengths): GradientEstimates {
  const rest = sizes.population === null ? 0 : 1 / sizes.population;
  const noise = (parts - whole) / (1 / sizes.part - 1 / sizes.whole);
  return { signal: whole - noise * (1 / sizes.whole - rest), noise };
}

/** Estimates of several steps, added up. */
export interface EstimateSum extends GradientEstimates {
  readonly steps: number;
}

export const noEstimates: EstimateSum = { steps: 0, signal: 0, noise: 0 };

export function addEstimates(sum: EstimateSum, { signal, noise }: GradientEstimates): EstimateSum {
  return { steps: sum.steps + 1, signal: sum.signal + signal, noise: sum.noise + noise };
}

/** Signal and noise, each averaged by itself: the mean of their ratios would be far off. Null where there is none. */
export function meanEstimates({ steps, signal, noise }: EstimateSum): GradientEstimates | null {
  return steps === 0 ? null : { signal: signal / steps, noise: noise / steps };
}

/** Examples; null where an estimate is not positive and the ratio means nothing. */
export function noiseScale({ signal, noise }: GradientEstimates): number | null {
  const ratio = noise / signal;
  return signal > 0 && noise > 0 && Number.isFinite(ratio) ? ratio : null;
}
