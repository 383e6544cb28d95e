// The percentile bootstrap over whole configurations: rows that share a configuration (its seeds) are weighed together.
// Seeded by the counter-based generator, so that an interval is a function of data and seed.
// Sources: Efron 1979; Rubin 1981 for weights in place of counts; whole groups as in Cameron, Gelbach and Miller 2008.
import { normalQuantile } from '../normal.ts';
import { stream, streams } from '../rng.ts';
import { studentQuantile } from './student.ts';

export type Interval = readonly [low: number, high: number];

/** Share of the truth an interval is meant to cover, everywhere in the lab. */
export const LEVEL = 0.95;
export const RESAMPLES = 1000;

/** Configurations by number, in strata that are drawn within; one stratum unless a law asks for more. */
export type Strata = readonly (readonly number[])[];

const total = (strata: Strata): number => strata.reduce((sum, members) => sum + members.length, 0);

/**
 * The weight of each configuration in resample number `index`: all positive, uniform over what sums to the size of the
 * stratum (Rubin's Bayesian bootstrap). The same spread as drawing with replacement, without the resamples that lack what
 * a fit needs. A function of (seed, index) and the strata.
 */
export function resampleWeights(seed: number, index: number, strata: Strata): Float64Array {
  const random = stream(seed, streams.bootstrap);
  const weights = new Float64Array(total(strata));
  for (const members of strata) {
    let sum = 0;
    for (const member of members) {
      const weight = -Math.log1p(-random.uniform(member, index));
      weights[member] = weight;
      sum += weight;
    }
    for (const member of members) weights[member] = ((weights[member] as number) * members.length) / sum;
  }
  return weights;
}

const MAX_ATTEMPTS = 200;

/**
 * How often each configuration is drawn in resample number `index`, with replacement: for methods in which a weight has
 * no meaning. Draws with fewer than `distinct` different configurations in a stratum are drawn again.
 */
export function resampleCounts(seed: number, index: number, strata: Strata, distinct: number): Float64Array {
  const random = stream(seed, streams.bootstrap);
  const counts = new Float64Array(total(strata));
  let at = 0;
  for (const members of strata) {
    const needed = Math.min(distinct, members.length);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      for (const member of members) counts[member] = 0;
      let different = 0;
      for (let i = 0; i < members.length; i++) {
        const drawn = members[random.integer(members.length, at++, index)] as number;
        if (counts[drawn] === 0) different += 1;
        counts[drawn] = (counts[drawn] as number) + 1;
      }
      if (different >= needed) break;
    }
  }
  return counts;
}

/** The value that `share` of the sorted values lie below, linear between neighbours (Hyndman and Fan's type 7). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low === high ? low : low + (at - below) * (high - low);
}

/** The middle `level` of the draws that are numbers; null with fewer than two of them. */
export function percentileInterval(draws: readonly number[], level = LEVEL): Interval | null {
  const sorted = Float64Array.from(draws.filter((draw) => !Number.isNaN(draw))).sort();
  if (sorted.length < 2) return null;
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/** What the estimate minimised, as far as its resamples care. */
export interface Loss {
  /** 1 for squares; 0 for absolute deviations; Huber's loss lies between. */
  readonly squareness: number;
  /** Residuals. */
  readonly rows: number;
}

/**
 * How much wider than its percentiles an interval from `count` configurations and `parameters` fitted values has to be:
 * Student's t for the normal quantile, and roots for what weights spread less than the truth. They spread 1/(count + 1)
 * in place of 1/count. Squares pull residuals in, by (count − parameters)/count. Absolute deviations do not, and spread
 * more than the truth, since the density of the residuals at 0, which decides it, is felt through few of them: by 1/√rows
 * of the variance, an order known for medians (Hall and Martin 1988) with a constant that is measured here
 * (docs/statistics.md). Null where nothing is left over to estimate the noise from.
 */
export function widening(
  count: number,
  parameters: number,
  { squareness, rows }: Loss = { squareness: 1, rows: count },
  level = LEVEL,
): number | null {
  const freedom = count - parameters;
  if (freedom < 1) return null;
  const share = (1 + level) / 2;
  const ratio = studentQuantile(share, freedom) / normalQuantile(share);
  const excess = 1 + (1 - squareness) / Math.sqrt(rows);
  return ratio * Math.sqrt((count + 1) / (count - squareness * parameters) / excess);
}

/** Stretches both arms of an interval about the estimate; `ratio` stretches on a log scale, for positive amounts. */
export function widen(
  estimate: number,
  [low, high]: Interval,
  factor: number,
  scale: 'ratio' | 'difference',
): Interval {
  if (scale === 'difference' || !(low > 0) || !(estimate > 0)) {
    return [estimate - factor * (estimate - low), estimate + factor * (high - estimate)];
  }
  return [estimate * (low / estimate) ** factor, estimate * (high / estimate) ** factor];
}
