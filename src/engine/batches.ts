// Which images step s trains on and how they are varied: a function of (seed, s) alone, so that stopping and going
// on changes nothing. Steps count from 0 here.
import { drawWords } from '../catalog/augmentations/augmentation.ts';
import { augmentations } from '../catalog/augmentations/index.ts';
import { symmetricBeta } from '../core/beta.ts';
import type { ImageShape } from '../core/dataset.ts';
import { permutation, stream, streams } from '../core/rng.ts';
import type { Config } from '../experiment/config.ts';

export interface Batches {
  readonly size: number;
  readonly stepsPerEpoch: number;
  /** Rows of the full training split, `size` of them. */
  rows(step: number): Uint32Array<ArrayBuffer>;
  /**
   * `drawWords` integers an example, one example after the other, in an array that the next call overwrites; null where
   * images are used as they are.
   */
  draws(step: number): Int32Array<ArrayBuffer> | null;
  /** MixUp's λ, float32: the share that an example keeps of itself, the rest being the example before it; null: off. */
  share(step: number): number | null;
}

/**
 * Batches over `rows` (rows of the full training split): a fresh seeded permutation each epoch, the last partial
 * batch dropped. At least one batch must fit.
 */
export function createBatches(rows: Uint32Array<ArrayBuffer>, config: Config, shape: ImageShape): Batches {
  const { seed } = config;
  const size = config['train.batchSize'];
  const alpha = config['augment.mixup'];
  const stepsPerEpoch = Math.floor(rows.length / size);
  const random = stream(seed, streams.augment);
  const mixing = stream(seed, streams.mixup);
  const { variation } = augmentations[config.augment];
  const draw = variation?.draws(config, shape);
  const words = variation ? drawWords[variation.cut] : 0;
  const drawn = new Int32Array(words * size);
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
      if (!draw) return null;
      for (let row = 0; row < size; row++) drawn.set(draw(random, step, row), words * row);
      return drawn;
    },
    share: (step) => (alpha > 0 ? symmetricBeta(mixing, alpha, step) : null),
  };
}
