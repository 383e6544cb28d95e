// What an augmentation is: integers drawn for one example, from (seed, step, row) alone; runners apply them to the raw bytes.
import type { ImageShape } from '../../core/dataset.ts';
import { real } from '../../core/fields.ts';
import type { Stream } from '../../core/rng.ts';
import type { Fields, ValuesOf } from '../../core/setting.ts';

/**
 * Integers of a draw: flip (1 mirrors the window left to right, 2 a shifted one top to bottom, 3 both), then where the window starts, x to the right and y down, in pixels of
 * the image; where it is resized, also its width and height.
 */
export const drawWords = { shifted: 3, resized: 5 } as const;

/**
 * `shifted`: a window of the image's own size, black where it leaves the image. `resized`: a window within the image,
 * scaled to the image's size. Mirroring comes last.
 */
export type Cut = keyof typeof drawWords;

export type Draw =
  | readonly [flip: 0 | 1 | 2 | 3, x: number, y: number]
  | readonly [flip: 0 | 1, x: number, y: number, width: number, height: number];

export interface Augmentation<F extends Fields = Fields> {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: F;
  /** Null: images are used as they are. */
  readonly variation: {
    readonly cut: Cut;
    /** The draws of one config and size of image. */
    readonly draws: (
      settings: ValuesOf<F>,
      shape: ImageShape,
    ) => (random: Stream, step: number, row: number) => Draw;
  } | null;
}

export function augmentation<const F extends Fields>(entry: Augmentation<F>): Augmentation<F> {
  return entry;
}

/** Goes with every augmentation. */
export const augmentationFields = {
  'augment.mixup': real([0, 100], {
    label: 'MixUp',
    scale: 'linear',
    help: 'Each image is mixed with the one before it in its batch, one share λ ~ Beta(α, α) a batch, and so is the loss; this is α, and 0 is off.',
    source: 'Zhang et al. 2018; Scaling MLPs’ code (0.8)',
    default: 0,
  }),
} as const;
