// What an augmentation is: integers drawn for one example, from (seed, step, row) alone; runners apply them to the raw bytes.

import type { Stream } from '../../core/rng.ts';
import type { Fields } from '../../core/setting.ts';

/** A 0/1 flip, then where the window starts: dx, dy in pixels relative to the image. */
export type Draw = readonly [flip: 0 | 1, dx: number, dy: number];

export interface Augmentation {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: Fields;
  /** Null: images are used as they are. */
  readonly draw: ((random: Stream, step: number, row: number) => Draw) | null;
}
