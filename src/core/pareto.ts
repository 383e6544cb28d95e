// Pareto fronts of repeated runs: which shapes are not beaten by a cheaper or equally cheap one, and of which that can
// be said at all with the seeds that there are.
import { difference, meanWithInterval, type Resampling, type Summary } from './stats/summary.ts';

export interface Candidate {
  readonly name: string;
  /** Parameters, FLOPs, seconds: less is better. */
  readonly cost: number;
  /** What was reached, by seed. */
  readonly scores: ReadonlyMap<number, number>;
}

export interface Placed {
  readonly name: string;
  readonly cost: number;
  readonly score: Summary;
  /**
   * `front`: none that costs no more scores better. `dominated`: one does, by more than their seeds explain.
   * `undecided`: one does, but the interval of the difference holds 0, or there is only one seed.
   */
  readonly place: 'front' | 'dominated' | 'undecided';
  /** The best of those that cost no more and score better. */
  readonly beatenBy: string | null;
}

/**
 * Places every candidate, in order of cost.
 * @param better which way the score is better
 */
export function paretoFront(
  candidates: readonly Candidate[],
  better: 'lower' | 'higher',
  options: Resampling = {},
): readonly Placed[] {
  const sign = better === 'higher' ? 1 : -1;
  const scored = candidates
    .filter(({ scores }) => scores.size > 0)
    .map((candidate) => ({ ...candidate, score: meanWithInterval([...candidate.scores.values()], options) }))
    .sort((a, b) => a.cost - b.cost);
  return scored.map((one) => {
    const above = scored
      .filter(
        (other) =>
          other !== one &&
          other.cost <= one.cost &&
          (sign * (other.score.mean - one.score.mean) > 0 ||
            (other.score.mean === one.score.mean && other.cost < one.cost)),
      )
      .sort((a, b) => sign * (b.score.mean - a.score.mean));
    const isCertain = above.some((other) => difference(other.scores, one.scores, options).excludesZero);
    return {
      name: one.name,
      cost: one.cost,
      score: one.score,
      place: above.length === 0 ? 'front' : isCertain ? 'dominated' : 'undecided',
      beatenBy: above[0]?.name ?? null,
    };
  });
}
