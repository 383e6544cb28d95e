// The small buffers around a step: labels, results of each row, scalars, and the two ways to and from the host.

import { groupSettingNames, readingNames, settingNames } from './program.ts';
import { ALIGNMENT, type BufferName, type Ref } from './ref.ts';
import { alignedBytes } from './state.ts';

/** Rows of `readings`: so many steps can pass between two reads. */
const READING_ROWS = 4096;

export interface Places {
  readonly labels: Ref;
  readonly losses: Ref;
  readonly correct: Ref;
  readonly norm: Ref;
  readonly scale: Ref;
  /** Of a step's micro-batches together. */
  readonly loss: Ref;
  readonly hits: Ref;
  readonly settings: Ref;
  /** What the host tells each update group. */
  readonly groups: readonly Ref[];
  readonly readings: Ref;
}

const ref = (name: string, buffer: BufferName, shape: readonly number[], byteOffset = 0): Ref => ({
  name,
  shape,
  buffer,
  byteOffset,
});

/** Places for batches of `rows`, in buffers that hold `capacity` rows, with `groups` update groups. */
export function places(rows: number, capacity: number, groups: number): Places {
  return {
    labels: ref('labels', 'labels', [rows]),
    losses: ref('losses', 'results', [rows]),
    correct: ref('correct', 'results', [rows], alignedBytes(capacity)),
    norm: ref('norm', 'scalars', [1]),
    scale: ref('scale', 'scalars', [1], ALIGNMENT),
    loss: ref('loss', 'scalars', [1], 2 * ALIGNMENT),
    hits: ref('hits', 'scalars', [1], 3 * ALIGNMENT),
    settings: ref('settings', 'settings', [settingNames.length]),
    groups: Array.from({ length: groups }, (_, index) =>
      ref(`settings ${index}`, 'settings', [groupSettingNames.length], (index + 1) * ALIGNMENT),
    ),
    readings: ref('readings', 'readings', [READING_ROWS, readingNames.length]),
  };
}

/** Bytes of the small buffers. */
export const placeBytes = (capacity: number, groups: number) => ({
  labels: alignedBytes(capacity),
  results: 2 * alignedBytes(capacity),
  scalars: 4 * ALIGNMENT,
  settings: (groups + 1) * ALIGNMENT,
  readings: alignedBytes(READING_ROWS * readingNames.length),
});
