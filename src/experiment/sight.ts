// What can be seen inside a run's network. The engine sends a sight after every scoring of a run that trains, and makes
// one of stored weights when the page asks. A new inside view is a new kind here, made in `engine/sights.ts`.
import type { ImageShape } from '../core/dataset.ts';

/** Images as bytes, one after the other, channel planes first. */
export interface Pictures {
  readonly shape: ImageShape;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** What a task on images gives for a few test images. */
export interface Gallery {
  readonly kind: 'gallery';
  /** Rows of the test split, and their classes. */
  readonly rows: readonly number[];
  readonly labels: readonly number[];
  readonly input: Pictures;
  readonly output: Pictures;
  readonly target: Pictures;
  /** In dB: of each output, and of each input where that is a damaged copy of the target. */
  readonly psnr: readonly number[];
  readonly inputPsnr: readonly number[] | null;
}

export type Sight = Gallery;
