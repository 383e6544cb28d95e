// Which of several configs leads, by how much, and how sure that is.
import { difference } from '../../core/stats/summary.ts';
import { factsOf, type Group, samples } from './run-rows.ts';
import { lastScore, scoreOf } from './score.ts';

export interface Lead {
  /** Places in the list. */
  readonly best: number;
  readonly next: number;
  readonly by: number;
  /** 95 %; null where nothing is known of the spread. */
  readonly interval: readonly [number, number] | null;
  /** Of the one that has fewer. */
  readonly seeds: number;
}

/** What its runs reached, by seed. */
function bySeed({ runs }: Group): ReadonlyMap<number, number> {
  const pairs = samples(runs).flatMap((run) => {
    const reached = lastScore(run);
    return reached ? [[run.config.seed, reached.value] as const] : [];
  });
  return new Map(pairs);
}

/** Null where fewer than two have been scored. */
export function leadOf(groups: readonly Group[]): Lead | null {
  const [first] = groups[0]?.runs ?? [];
  if (!first) return null;
  const sign = scoreOf(first.config).rises ? 1 : -1;
  const ranked = groups
    .map((group, place) => ({ place, group, facts: factsOf(group) }))
    .filter(({ facts }) => facts.score !== null)
    .sort((a, b) => sign * ((b.facts.score?.mean ?? 0) - (a.facts.score?.mean ?? 0)));
  const [best, next] = ranked;
  if (!best?.facts.score || !next?.facts.score) return null;
  const by = sign * (best.facts.score.mean - next.facts.score.mean);
  const seeds = Math.min(best.facts.score.n, next.facts.score.n);
  const place = { best: best.place, next: next.place, by, seeds };
  if (seeds > 1) {
    const { interval } = difference(bySeed(best.group), bySeed(next.group));
    return { ...place, interval: interval && sortedBy(sign, interval) };
  }
  const [a, b] = [best.facts.half, next.facts.half];
  const half = a === null || b === null ? null : Math.hypot(a, b);
  return { ...place, interval: half === null ? null : [by - half, by + half] };
}

const sortedBy = (sign: number, [low, high]: readonly [number, number]): readonly [number, number] =>
  sign > 0 ? [low, high] : [-high, -low];
