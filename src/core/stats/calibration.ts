// Whether a network is right as often as it says. Source: Guo et al. 2017, On calibration of modern neural networks:
// equal bins of confidence, reliability diagram, expected calibration error.
import type { Predictions } from './confusion.ts';

export interface CalibrationBin {
  /** (low, high]; the first one takes 0 too. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Means over the bin's rows; NaN where there are none. */
  readonly confidence: number;
  readonly accuracy: number;
  readonly hits: number;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Σ n_b / n · |accuracy_b − confidence_b|; NaN without rows. */
  readonly error: number;
  /** Mean confidence minus accuracy: above zero, it is too sure. */
  readonly excess: number;
}

/** Bins of the diagram: the paper's 15. */
export const CALIBRATION_BINS = 15;

/** Over the confidence of the predicted class. */
export function calibrationOf(
  { labels, predicted, confidence }: Predictions,
  count = CALIBRATION_BINS,
): Calibration {
  const sums = Array.from({ length: count }, () => ({ n: 0, hits: 0, confidence: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const sure = confidence[row] as number;
    const bin = sums[Math.min(count - 1, Math.max(0, Math.ceil(sure * count) - 1))];
    if (!bin) continue;
    bin.n++;
    bin.confidence += sure;
    if (labels[row] === predicted[row]) bin.hits++;
  }
  const bins = sums.map(({ n, hits, confidence: sum }, index): CalibrationBin => {
    return {
      low: index / count,
      high: (index + 1) / count,
      n,
      hits,
      confidence: sum / n,
      accuracy: hits / n,
    };
  });
  const total = labels.length;
  let [error, excess] = [0, 0];
  for (const { hits, confidence: sum } of sums) {
    error += Math.abs(hits - sum) / total;
    excess += (sum - hits) / total;
  }
  return { bins, error: total === 0 ? Number.NaN : error, excess: total === 0 ? Number.NaN : excess };
}
