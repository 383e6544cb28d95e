// When a trial is given up: at an evaluation its validation loss is more than `factor` times the lowest that a rival had
// by the same share of its budget. Rivals are the trials that differ in the tuned axes alone.
import type { Curve } from '../core/measurement.ts';
import type { Cell } from './sweep/sweep.ts';

/** What a trial was given up for: at `step` its validation loss was `loss` where its best rival had `rival`. */
export interface Pruned {
  readonly step: number;
  readonly loss: number;
  readonly rival: number;
}

/** A rival's validation losses, and the steps of its whole budget. */
export interface Rival {
  readonly losses: Curve;
  readonly totalSteps: number;
}

/** Cells that differ in nothing but the tuned axes. */
export function areRivals(one: Cell, other: Cell, tuned: readonly string[]): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of tuned) keys.delete(key);
  return [...keys].every((key) => one[key] === other[key]);
}

/** Steps that are a share of a budget meet although they are rounded. */
const SLACK = 1e-9;

/** The lowest loss of any rival by that share of its budget; null where none had been evaluated by then. */
export function bestRival(rivals: readonly Rival[], share: number): number | null {
  let best: number | null = null;
  for (const { losses, totalSteps } of rivals) {
    for (const [index, step] of losses.steps.entries()) {
      const value = losses.values[index] as number;
      if (step / totalSteps <= share + SLACK && Number.isFinite(value)) best = Math.min(best ?? value, value);
    }
  }
  return best;
}

/** The rival's loss that a trial at `share` of its budget with `loss` is dominated by; null: it goes on. */
export function dominatedBy(
  loss: number,
  share: number,
  rivals: readonly Rival[],
  factor: number,
): number | null {
  const best = bestRival(rivals, share);
  return best !== null && loss > factor * best ? best : null;
}
