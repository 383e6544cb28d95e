// Cells of a grid compared: the mean of a metric over seeds, the best of what is tuned, and whether that best one lies at
// the edge of what was tried.
import { type Group, groupsOf, isLowerBetter, type Observed } from './measurement.ts';
import type { Value } from './setting.ts';
import { difference, meanWithInterval, type Summary } from './stats/summary.ts';

/** The last value of a metric of each finished run, by its seed. */
export function bySeed({ measurements }: Group, metric: string): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  for (const { outcome, final, config } of measurements) {
    const value = final[metric];
    if (outcome === 'finished' && value !== undefined) values.set(Number(config['seed'] ?? 0), value);
  }
  return values;
}

/** Mean over the finished seeds of a cell with its interval; null where none finished. */
export function meanOf(group: Group, metric: string): Summary | null {
  const values = [...bySeed(group, metric).values()];
  return values.length === 0 ? null : meanWithInterval(values);
}

export interface Best {
  readonly group: Group;
  /** The value of the tuned axis. */
  readonly value: number;
  /** The best value is the first or the last that was tried: a better one may lie beyond. */
  readonly isEdge: boolean;
}

/**
 * The best cell among those that differ in one numeric axis alone, by the mean of a metric. Cells whose runs all diverged
 * count as tried, so that the last rate that still trains is no edge where a larger one was tried.
 */
export function bestBy(groups: readonly Group[], axis: string, metric: string): Best | null {
  const tried = groups.map(({ cell }) => Number(cell[axis]));
  let best: { group: Group; score: number } | null = null;
  for (const group of groups) {
    const score = meanOf(group, metric)?.mean;
    if (score === undefined) continue;
    if (best === null || (isLowerBetter(metric) ? score < best.score : score > best.score))
      best = { group, score };
  }
  if (!best) return null;
  const value = Number(best.group.cell[axis]);
  return { group: best.group, value, isEdge: value === Math.min(...tried) || value === Math.max(...tried) };
}

/** Values of an axis in the rows, rising where they are numbers. */
export function valuesOf(rows: readonly Observed[], axis: string): readonly Value[] {
  const values = [...new Set(rows.flatMap(({ cell }) => (axis in cell ? [cell[axis] as Value] : [])))];
  return values.every((value) => typeof value === 'number')
    ? values.toSorted((a, b) => Number(a) - Number(b))
    : values;
}

/** Groups of the rows that stand at these values. */
export function groupsAt(rows: readonly Observed[], cell: Readonly<Record<string, Value>>): readonly Group[] {
  return groupsOf(
    rows.filter((row) => Object.entries(cell).every(([key, value]) => row.cell[key] === value)),
  );
}

/** How much better (positive) one cell is than another by a metric, seeds paired. Null where one has no finished run. */
export function gainOf(one: Group, other: Group, metric: string): ReturnType<typeof difference> | null {
  const [a, b] = [bySeed(one, metric), bySeed(other, metric)];
  if (a.size === 0 || b.size === 0) return null;
  return isLowerBetter(metric) ? difference(b, a) : difference(a, b);
}

/** Runs that diverged, counted. */
export const divergedOf = (rows: readonly Observed[]): number =>
  rows.filter(({ measurement }) => measurement.outcome === 'diverged').length;
