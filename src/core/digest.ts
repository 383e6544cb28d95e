// What a table needs of a run's measurements, small enough to be kept with its record: ends, extremes, and the shape
// of the test curves. A list of thousands of runs then reads no columns.
import { minMaxIndices } from './downsample.ts';
import { type MetricLog, type MetricName, metricNames } from './metrics.ts';

export interface MetricDigest {
  readonly last: number;
  readonly least: number;
  readonly most: number;
  /** A thinned curve of what is scored on test images; absent for other metrics. */
  readonly curve?: { readonly steps: readonly number[]; readonly values: readonly number[] };
}

export type Digest = { readonly [name in MetricName]?: MetricDigest };

/** Points of a thinned curve. */
const CURVE_POINTS = 32;

const hasCurve = (name: MetricName): boolean => name.startsWith('test/');

/** Metrics that were measured; values that are not finite count only as `last`. */
export function digestOf(log: MetricLog): Digest {
  const digest: { -readonly [name in MetricName]?: MetricDigest } = {};
  for (const name of metricNames) {
    const { steps, values } = log.column(name);
    if (values.length === 0) continue;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const ends = { last: values[values.length - 1] as number, least, most };
    if (!hasCurve(name)) {
      digest[name] = ends;
      continue;
    }
    const kept = minMaxIndices(values, CURVE_POINTS);
    const curve = {
      steps: kept.map((index) => steps[index] as number),
      values: kept.map((index) => values[index] as number),
    };
    digest[name] = { ...ends, curve };
  }
  return digest;
}
