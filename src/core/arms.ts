// Arms of a comparison: each combination of what is compared, at its best over what is tuned, and amounts by seed.
// Amounts are compared on the seeds that both sides have, which takes the noise they share out of a difference.
import { type Group, groupsOf, isLowerBetter, type Measurement, type Observed } from './measurement.ts';
import { bySeed, meanOf } from './observations.ts';
import type { Value } from './setting.ts';
import { meanWithInterval, type Summary } from './stats/summary.ts';

/** One number a seed. */
export type BySeed = ReadonlyMap<number, number>;

export type Place = Readonly<Record<string, Value>>;

export interface Arm {
  /** Its values on the axes that are not tuned. */
  readonly place: Place;
  /** The best cell. */
  readonly group: Group;
  /** Cells that it was chosen from. */
  readonly tried: number;
  /** Tuned axes of at least three values on which the best is the first or the last: a better one may lie beyond. */
  readonly edges: readonly string[];
}

/**
 * The best cell of every place, by the mean over seeds of a metric that is not the one to be reported. A cell in which
 * a seed diverged is taken only where every cell of the place has one; a place where nothing finished has no arm.
 */
export function armsOf(rows: readonly Observed[], tuned: readonly string[], tunedBy: string): readonly Arm[] {
  const places = new Map<string, { place: Place; groups: Group[] }>();
  for (const group of groupsOf(rows)) {
    const place = Object.fromEntries(Object.entries(group.cell).filter(([key]) => !tuned.includes(key)));
    const key = JSON.stringify(Object.entries(place).sort());
    const found = places.get(key);
    if (found) found.groups.push(group);
    else places.set(key, { place, groups: [group] });
  }
  return [...places.values()].flatMap(({ place, groups }) => {
    const best = bestOf(groups, tunedBy);
    return best ? [{ place, group: best, tried: groups.length, edges: edgesOf(best, groups, tuned) }] : [];
  });
}

function bestOf(groups: readonly Group[], tunedBy: string): Group | null {
  const scored = groups.flatMap((group) => {
    const mean = meanOf(group, tunedBy)?.mean;
    return mean === undefined ? [] : [{ group, score: isLowerBetter(tunedBy) ? mean : -mean }];
  });
  const steady = scored.filter(({ group }) =>
    group.measurements.every(({ outcome }) => outcome !== 'diverged'),
  );
  const [best] = (steady.length > 0 ? steady : scored).toSorted((a, b) => a.score - b.score);
  return best?.group ?? null;
}

function edgesOf(best: Group, groups: readonly Group[], tuned: readonly string[]): readonly string[] {
  return tuned.filter((key) => {
    const values = new Set(groups.flatMap(({ cell }) => (typeof cell[key] === 'number' ? [cell[key]] : [])));
    const own = best.cell[key];
    return values.size >= 3 && (own === Math.min(...values) || own === Math.max(...values));
  });
}

const stands = (at: Place, place: Place): boolean =>
  Object.entries(place).every(([key, value]) => at[key] === value);

/** The arms at these values. */
export const armsAt = (arms: readonly Arm[], place: Place): readonly Arm[] =>
  arms.filter((arm) => stands(arm.place, place));

/** A metric of the one arm at these values by seed, times a factor; empty where there is none. */
export function scoreAt(arms: readonly Arm[], place: Place, metric: string, factor = 1): BySeed {
  const [arm] = armsAt(arms, place);
  return scaled(arm ? bySeed(arm.group, metric) : new Map(), factor);
}

/** An amount of each finished run by its seed; null: the run has none. */
export function amounts({ measurements }: Group, of: (run: Measurement) => number | null): BySeed {
  const found = new Map<number, number>();
  for (const run of measurements) {
    const value = run.outcome === 'finished' ? of(run) : null;
    if (value !== null && Number.isFinite(value)) found.set(Number(run.config['seed'] ?? 0), value);
  }
  return found;
}

export const scaled = (amount: BySeed, factor: number): BySeed =>
  new Map([...amount].map(([seed, value]) => [seed, factor * value]));

/** What two amounts make on the seeds that both have. */
export function paired(a: BySeed, b: BySeed, of: (a: number, b: number) => number): BySeed {
  return new Map(
    [...a].flatMap(([seed, value]) => {
      const other = b.get(seed);
      return other === undefined ? [] : [[seed, of(value, other)] as const];
    }),
  );
}

/** a − b on the seeds that both have. */
export const minus = (a: BySeed, b: BySeed): BySeed => paired(a, b, (one, other) => one - other);

/** The mean over several, on the seeds that all have; empty for none. */
export function meanBySeed(sides: readonly BySeed[]): BySeed {
  const [first, ...others] = sides;
  const sum = others.reduce((total, side) => paired(total, side, (a, b) => a + b), first ?? new Map());
  return scaled(sum, 1 / sides.length);
}

export interface Effect {
  /** What one value gains over the other, mean over the combinations of all else. */
  readonly gain: BySeed;
  /** Combinations in which both values have every seed, and combinations that there are. */
  readonly used: number;
  readonly all: number;
}

/**
 * What `one` value of an axis gains over the `other`: the mean over all combinations of the other axes, in which each
 * value stands at its best over what is tuned. Combinations in which a seed is missing are left out.
 */
export function effectOf(
  arms: readonly Arm[],
  axis: string,
  [one, other]: readonly [Value, Value],
  score: (arm: Arm) => BySeed,
): Effect {
  const pairs = armsAt(arms, { [axis]: one }).map((arm) => {
    const [rival] = armsAt(arms, { ...arm.place, [axis]: other });
    return rival ? minus(score(arm), score(rival)) : new Map<number, number>();
  });
  const seeds = Math.max(0, ...pairs.map(({ size }) => size));
  const whole = pairs.filter(({ size }) => size === seeds && seeds > 0);
  return { gain: meanBySeed(whole), used: whole.length, all: pairs.length };
}

/** The mean over seeds with its interval; null without seeds. */
export const summaryOf = (amount: BySeed): Summary | null =>
  amount.size === 0 ? null : meanWithInterval([...amount.values()]);

/** An amount that was averaged as its logarithm, back on its own scale. */
export function fromLog(amount: BySeed): Summary | null {
  const summary = summaryOf(amount);
  if (!summary) return null;
  const { mean, interval } = summary;
  return {
    ...summary,
    mean: Math.exp(mean),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
  };
}

/** The least-squares slope of y over x, for each seed that every point has. */
export function slopeBySeed(points: readonly { readonly x: number; readonly y: BySeed }[]): BySeed {
  if (points.length < 2) return new Map();
  const middle = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const below = points.reduce((sum, { x }) => sum + (x - middle) ** 2, 0);
  if (below === 0) return new Map();
  const terms = points.map(({ x, y }) => scaled(y, ((x - middle) * points.length) / below));
  return meanBySeed(terms);
}
