// The loss surface takes every example as new. Where examples repeat, it may be fitted within bands of T/D (epochs), so
// that repetition is about the same in all rows of a fit.
import type { Sample } from './points.ts';

export interface EpochBand {
  /** T/D from `from` up to, but not including, `to`. */
  readonly from: number;
  readonly to: number;
  /** Rows of the band for the loss surface: N and T. */
  readonly sample: Sample;
}

/**
 * Cuts rows of (N, D unique, T seen) at the given numbers of epochs. Bands without rows are left out.
 * @param edges rising numbers of epochs, such as [1.5, 4, 16]
 */
export function epochBands(
  { inputs, y, configuration }: Sample,
  edges: readonly number[],
): readonly EpochBand[] {
  const [n = [], d = [], t = []] = inputs;
  const bounds = [0, ...edges, Number.POSITIVE_INFINITY];
  return bounds.slice(1).flatMap((to, index) => {
    const from = bounds[index] as number;
    const rows = [...y.keys()].filter((row) => {
      const epochs = (t[row] as number) / (d[row] as number);
      return epochs >= from && epochs < to;
    });
    if (rows.length === 0) return [];
    const pick = <T>(column: readonly T[]): T[] => rows.map((row) => column[row] as T);
    const sample = {
      inputs: [pick(n), pick(t)],
      y: pick(y),
      ...(configuration ? { configuration: pick(configuration) } : {}),
    };
    return [{ from, to, sample }];
  });
}
