// Which images step s trains on and how they are varied: a function of (seed, s) alone, so that stopping and going
// on changes nothing. Steps count from 0 here.
import type { Augmentation, Draw } from '../catalog/augmentations/augmentation.ts';
import { permutation, stream, streams } from '../core/rng.ts';

export interface Batches {
  readonly size: number;
  readonly stepsPerEpoch: number;
  /** Rows of the full training split, `size` of them. */
  rows(step: number): Uint32Array<ArrayBuffer>;
  /** One draw an example, or null where images are used as they are. */
  draws(step: number): readonly Draw[] | null;
}

/**
 * Batches over `rows` (rows of the full training split): a fresh seeded permutation each epoch, the last partial
 * batch dropped. At least one batch must fit.
 */
export function createBatches(
  rows: Uint32Array<ArrayBuffer>,
  size: number,
  seed: number,
  augmentation: Augmentation,
): Batches {
  const stepsPerEpoch = Math.floor(rows.length / size);
  const random = stream(seed, streams.augment);
  let epochOfOrder = -1;
  let order = new Uint32Array(0);
  return {
    size,
    stepsPerEpoch,
    rows(step) {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (epoch !== epochOfOrder) {
        order = permutation(rows.length, seed, streams.permutation, epoch).map(
          (place) => rows[place] as number,
        );
        epochOfOrder = epoch;
      }
      const begin = (step % stepsPerEpoch) * size;
      return order.subarray(begin, begin + size);
    },
    draws(step) {
      const { draw } = augmentation;
      if (!draw) return null;
      return Array.from({ length: size }, (_, row) => draw(random, step, row));
    },
  };
}
