// What a dataset is: shape, classes, normalisation, where it can be had. Loading is the engine's.
import type { Dataset, DatasetFacts } from '../../core/dataset.ts';
import { integer, real, toggle } from '../../core/fields.ts';

/** One file of a download. */
export interface RemoteFile {
  readonly split: 'train' | 'test';
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file in the form its authors published, as `lab data` fetches it and as `datasets/<id>/` keeps it. */
export interface OriginalFile {
  readonly name: string;
  readonly url: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** Its facts are those of the whole dataset: what the plan assumes until the data is there. Own data has none. */
export interface DatasetEntry extends DatasetFacts {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly licence: string;
  /** Mean and standard deviation a channel, for pixels in [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /**
   * `built-in`: comes with the page. `generated`: computed by `generate`. `external`: has to be fetched or dropped. `own`:
   * a file of the user's, which brings all facts; the entry has none.
   */
  readonly origin: 'built-in' | 'generated' | 'external' | 'own';
  readonly generate?: () => Dataset;
  /** Which order the rows of the built-in or original files are in. */
  readonly order?: string;
  /** SHA-256 of the whole dataset (see `Dataset.sha256`) by order, where it is known. */
  readonly known?: Readonly<Record<string, string>>;
  /** The files that a person can drop, in words. */
  readonly fileHint?: string;
  readonly originals?: readonly OriginalFile[];
  /** Download with one click, where a host allows it. */
  readonly download?: {
    readonly order: string;
    readonly files: readonly RemoteFile[];
    readonly imageColumn: string;
    readonly labelColumn: string;
  };
}

export const datasetFields = {
  'data.trainSize': integer([0, 10_000_000], {
    label: 'Training set',
    unit: 'images',
    scale: 'log2',
    help: 'Train on a seeded subset with the classes in proportion; 0 takes all.',
    source: 'Scaling MLPs, section 4.3',
    default: 0,
  }),
  'data.validationSize': integer([0, 10_000_000], {
    label: 'Validation',
    unit: 'images',
    scale: 'log2',
    help: 'Taken from the training images by seed; tune on these and report the test images.',
    source: 'Shallue et al. 2019, section 4',
    default: 0,
  }),
  'data.resolution': integer([0, 512], {
    label: 'Resolution',
    unit: 'pixels',
    scale: 'log2',
    help: 'Height to which all images are resized, with antialiasing; 0 keeps them as they are.',
    source: 'Scaling MLPs, section 4 (64)',
    default: 0,
  }),
  'data.shufflePixels': toggle({
    label: 'Shuffle pixels',
    help: 'One seeded order of the pixels for all images, before augmentation: a dense network without augmentation cannot tell.',
    source: 'Qiu et al. 2024, code',
    default: false,
  }),
  'data.labelNoise': real([0, 1], {
    label: 'Label noise',
    unit: 'of labels',
    scale: 'linear',
    help: 'Share of the training labels that are replaced by another class, by seed; test labels stay.',
    source: 'Zhang et al. 2017',
    default: 0,
  }),
} as const;
