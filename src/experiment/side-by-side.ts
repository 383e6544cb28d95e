// Runs side by side: how many, whether they fit in memory together, and what they have in equal parts.
import { LabError } from '../core/failure.ts';
import { formatBytes } from '../core/format.ts';
import type { Config } from './config.ts';
import { memoryOf, type Plan } from './plan.ts';
import type { TurnUnit } from './protocol.ts';
import type { GridAxis } from './sweep/sweep.ts';
import type { Trial } from './sweep/trials.ts';

/** As many as there are colours. */
export const MOST_TOGETHER = 6;
export const LEAST_TOGETHER = 2;

/** Each run holds its own network and its own copy of the data: more than this is more than a tab should ask for. */
const MOST_BYTES = 2 * 2 ** 30;

/** Throws `config-invalid` where the runs are too many, or plan more memory than a tab should ask for. */
export function requireRoom(runs: readonly { readonly config: Config; readonly planned: Plan }[]): void {
  if (runs.length > MOST_TOGETHER)
    throw new LabError(
      'config-invalid',
      `${runs.length} runs are too many side by side: at most ${MOST_TOGETHER}.`,
    );
  const bytes = runs.map(({ config, planned }) => memoryOf(config, planned).total);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  if (total <= MOST_BYTES) return;
  const needs = `${runs.length} runs side by side need ${formatBytes(total)}, more than the ${formatBytes(MOST_BYTES)} that a tab is given`;
  throw new LabError(
    'config-invalid',
    `${needs}; the largest needs ${formatBytes(Math.max(...bytes))}. Take fewer or smaller ones, or train them one after the other as a sweep.`,
  );
}

/** What runs have in equal parts while this is the x axis: epochs are examples of one data set. */
export function turnUnitOf(x: TurnUnit | 'epoch'): TurnUnit {
  return x === 'epoch' ? 'examples' : x;
}

/** Trials as their values stand on the axes of the grid, the first axis deciding first. */
export function inGridOrder(trials: readonly Trial[], axes: readonly GridAxis[]): readonly Trial[] {
  const placeOf = ({ cells: [cell] }: Trial): number =>
    axes.reduce((place, { key, values }) => {
      const value = cell[key];
      return place * values.length + (value === undefined ? 0 : values.indexOf(value));
    }, 0);
  return trials.toSorted((a, b) => placeOf(a) - placeOf(b));
}
