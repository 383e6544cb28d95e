// What may be said of repeated runs: a mean with its interval and n, and the difference between two settings. One run
// is one number: it has no interval, and two of them no significance.
import {
  type Interval,
  LEVEL,
  percentileInterval,
  RESAMPLES,
  resampleWeights,
  widen,
  widening,
} from './bootstrap.ts';

export interface Summary {
  readonly mean: number;
  /** Null with one configuration: nothing is known about its spread. */
  readonly interval: Interval | null;
  readonly level: number;
  /** Values, and configurations (or seeds) that were drawn. */
  readonly n: number;
  readonly configurations: number;
  /** What the percentile interval was stretched by, for the small number of configurations. */
  readonly widening: number | null;
}

export interface Resampling {
  readonly seed?: number;
  readonly resamples?: number;
  readonly level?: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means of whole-group resamples, one a draw. */
function draws(
  groups: readonly (readonly number[])[],
  { seed = 0, resamples = RESAMPLES }: Resampling,
): number[] {
  const sums = groups.map((group) => group.reduce((sum, value) => sum + value, 0));
  const strata = [groups.map((_, index) => index)];
  return Array.from({ length: resamples }, (_, index) => {
    const weights = resampleWeights(seed, index, strata);
    let sum = 0;
    let n = 0;
    for (const [g, weight] of weights.entries()) {
      sum += weight * (sums[g] as number);
      n += weight * (groups[g] as readonly number[]).length;
    }
    return sum / n;
  });
}

function summarise(groups: readonly (readonly number[])[], options: Resampling): Summary {
  const { level = LEVEL } = options;
  const values = groups.flat();
  const centre = mean(values);
  const factor = widening(groups.length, 1, undefined, level);
  const plain = factor === null ? null : percentileInterval(draws(groups, options), level);
  return {
    mean: centre,
    interval: plain && factor !== null ? widen(centre, plain, factor, 'difference') : null,
    level,
    n: values.length,
    configurations: groups.length,
    widening: factor,
  };
}

/**
 * Mean of the values with a bootstrap interval over whole groups; without `groups` each value is its own. NaN and
 * infinite values are the caller's to leave out: they would make the mean meaningless, and do.
 * @param groups for each value the group it belongs to
 */
export function meanWithInterval(
  values: readonly number[],
  { groups, ...options }: Resampling & { readonly groups?: readonly (number | string)[] } = {},
): Summary {
  if (values.length === 0) throw new RangeError('a mean of no values');
  const byGroup = new Map<number | string, number[]>();
  for (const [row, value] of values.entries()) {
    const group = groups?.[row] ?? row;
    byGroup.set(group, [...(byGroup.get(group) ?? []), value]);
  }
  return summarise([...byGroup.values()], options);
}

export interface Difference extends Summary {
  /** True: differences within seeds that both have; seeds of only one are left out. */
  readonly paired: boolean;
  /** False also where nothing can be said: an interval needs two seeds on each side. */
  readonly excludesZero: boolean;
}

/**
 * How far `a` lies above `b`, both by seed. Seeds that both have are compared with themselves, which takes the noise
 * they share out of the difference; with fewer than two such seeds the two sides are resampled apart.
 */
export function difference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  options: Resampling = {},
): Difference {
  const { level = LEVEL, seed = 0 } = options;
  const shared = [...a.keys()].filter((key) => b.has(key));
  const excludesZero = (interval: Interval | null): boolean =>
    interval !== null && (interval[0] > 0 || interval[1] < 0);
  if (shared.length >= 2) {
    const summary = summarise(
      shared.map((key) => [(a.get(key) as number) - (b.get(key) as number)]),
      options,
    );
    return { ...summary, paired: true, excludesZero: excludesZero(summary.interval) };
  }
  const sides = [[...a.values()], [...b.values()]] as const;
  if (sides.some((side) => side.length === 0)) throw new RangeError('a difference to no values');
  const centre = mean(sides[0]) - mean(sides[1]);
  const smaller = Math.min(...sides.map((side) => side.length));
  const factor = widening(smaller, 1, undefined, level);
  let interval: Interval | null = null;
  if (factor !== null) {
    const [first, second] = sides.map((side, index) =>
      draws(
        side.map((value) => [value]),
        { ...options, seed: seed + index },
      ),
    ) as [number[], number[]];
    const plain = percentileInterval(
      first.map((value, i) => value - (second[i] as number)),
      level,
    );
    interval = plain && widen(centre, plain, factor, 'difference');
  }
  return {
    mean: centre,
    interval,
    level,
    n: sides[0].length + sides[1].length,
    configurations: smaller,
    widening: factor,
    paired: false,
    excludesZero: excludesZero(interval),
  };
}
