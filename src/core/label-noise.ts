// Wrong labels on purpose: a seeded share of rows gets one of the other classes.
import { permutation, stream, streams } from './rng.ts';

/** Lane of the stream that draws the new classes; lane 0 draws the rows. */
const CLASSES_LANE = 1;

/**
 * A copy of `labels` in which round(share · rows) rows hold another class, drawn evenly from the other classes. With the
 * same seed the rows of a smaller share are among those of a larger one, and a row always gets the same class.
 * @param share in [0, 1]
 * @param classes at least 2
 */
export function noisyLabels(
  labels: Uint8Array<ArrayBuffer>,
  classes: number,
  share: number,
  seed: number,
): Uint8Array<ArrayBuffer> {
  const noisy = labels.slice();
  const random = stream(seed, streams.labelNoise);
  const order = permutation(labels.length, seed, streams.labelNoise, 0);
  for (const row of order.subarray(0, Math.round(share * labels.length))) {
    const other = random.integer(classes - 1, row, CLASSES_LANE);
    noisy[row] = other < (labels[row] as number) ? other : other + 1;
  }
  return noisy;
}
