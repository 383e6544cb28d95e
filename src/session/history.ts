// What the form showed before: undo and redo of the draft, as plain moves between two stacks.
import type { Config } from '../experiment/config.ts';
import type { Lesson } from '../experiment/lesson.ts';
import type { Sweep } from '../experiment/sweep/sweep.ts';

/** What is undone together. */
export interface Moment {
  readonly draft: Config;
  readonly sweep: Sweep | null;
  readonly lesson: Lesson | null;
}

export interface History {
  readonly past: readonly Moment[];
  readonly future: readonly Moment[];
}

export const noHistory: History = { past: [], future: [] };

/** So many moments can be undone. */
const MOST = 200;

/** The history once something else is shown than `now`. */
export function withMoment({ past }: History, now: Moment): History {
  return { past: [...past, now].slice(-MOST), future: [] };
}

/** The moment before `now` (or after it) and the history from there; null where there is none. */
export function moved(
  { past, future }: History,
  now: Moment,
  way: 'undo' | 'redo',
): { readonly moment: Moment; readonly history: History } | null {
  const moment = way === 'undo' ? past.at(-1) : future.at(-1);
  if (!moment) return null;
  const history =
    way === 'undo'
      ? { past: past.slice(0, -1), future: [...future, now] }
      : { past: [...past, now], future: future.slice(0, -1) };
  return { moment, history };
}
