// A dataset in memory: bytes as they came (channel planes first), labels, and where they are from.

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface Split {
  /** count × channels × height × width bytes: R plane, G plane, B plane, as CIFAR's files and PyTorch lay them out. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** One class index an image. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** Mean and standard deviation a channel, for pixels in [0, 1]. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface Dataset {
  readonly id: string;
  /** Which order the rows are in: sources differ (`official`, `hugging-face`). */
  readonly order: string;
  /**
   * SHA-256 of train images, train labels, test images, test labels, in this order, hex; of own data also of its shape
   * and the names of its classes.
   */
  readonly sha256: string;
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly train: Split;
  readonly test: Split;
  /** Measured on the training split, where no published figures are used. */
  readonly normalisation?: Normalisation;
}

/**
 * What of a dataset decides the sizes of a network and of an epoch. An entry of the catalog has them in advance, a card
 * has those of the data that is there.
 */
export interface DatasetFacts {
  readonly shape: ImageShape;
  /** Names, in the order of the labels. */
  readonly classes: readonly string[];
  /** Images of each split. */
  readonly train: number;
  readonly test: number;
}

/** What the page knows of a loaded dataset; the bytes stay in the worker. */
export interface DatasetCard extends DatasetFacts {
  readonly id: string;
  readonly order: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly normalisation: Normalisation;
  /** Training images of each class. */
  readonly counts: readonly number[];
  /** "Built in", "On this device", "Generated": where the bytes are. */
  readonly origin: 'built-in' | 'generated' | 'cache' | 'same-origin' | 'download' | 'file';
  /** First image of each of the first ten classes, for the card's thumbnails: NCHW bytes. */
  readonly samples: Uint8Array<ArrayBuffer>;
}

export function factsOf({ shape, classes, train, test }: Dataset): DatasetFacts {
  return { shape, classes, train: train.labels.length, test: test.labels.length };
}

export function features(shape: ImageShape): number {
  return shape.channels * shape.height * shape.width;
}
