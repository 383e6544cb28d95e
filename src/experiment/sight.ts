// What can be seen inside a run's network. The engine makes a sight of stored weights when the page asks, and sends a
// gallery after every scoring of a run on images. A new inside view is a new kind here, made in `engine/sights/`.
import type { ImageShape } from '../core/dataset.ts';
import type { FilterLayer } from '../core/filters.ts';
import type { Spread } from '../core/spread.ts';
import type { Predictions } from '../core/stats/confusion.ts';

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

export const filterOrders = ['strongest', 'local', 'start'] as const;
/** Largest norm first, most local first, and the seeded first weights of the strongest ones. */
export type FilterOrder = (typeof filterOrders)[number];

/** Some filters: zero is the middle grey, each is scaled by its own largest weight. */
export interface FilterSet {
  /** Rows of the matrix. */
  readonly units: readonly number[];
  readonly norms: readonly number[];
  readonly localities: readonly number[];
  readonly pictures: Pictures;
}

/** Rows of the first matrix as images. */
export interface Filters {
  readonly kind: 'filters';
  /** Null where the first matrix does not look at pixels. */
  readonly layer: FilterLayer | null;
  /** The run shuffles pixels: they are shown where they were before. */
  readonly isUnshuffled: boolean;
  /** Means over filters, as `filters/locality` measures them; null for patches and where all weights are zero. */
  readonly locality: number | null;
  readonly startLocality: number | null;
  readonly sets: Readonly<Record<FilterOrder, FilterSet>> | null;
}

/** Statistics of every tensor, every layer's output and every gradient, on a fixed batch. */
export interface LayerStatistics {
  readonly kind: 'layers';
  /** Training images of the batch. */
  readonly images: number;
  /** Parameters and buffers by their names in the state dict; null: no gradient. */
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Spread;
    readonly gradient: Spread | null;
  }[];
  /** What leaves each layer, in order of execution. */
  readonly outputs: readonly {
    /** "linear_in", "gelu", "layernorms.0". */
    readonly name: string;
    readonly width: number;
    readonly values: Spread;
    /** Of an activation: units that are above zero for no image of the batch; else null. */
    readonly dead: number | null;
  }[];
}

/** What a network answers for every image of the test split. */
export interface Answers extends Predictions {
  readonly kind: 'answers';
  /** Wrong answers, the most confident first. */
  readonly mistakes: {
    readonly rows: readonly number[];
    /** rows × classes. */
    readonly probabilities: Float32Array;
    readonly pictures: Pictures;
  };
}

/** Test images as the network gets them, but before their pixels are shuffled. */
export interface Images {
  readonly kind: 'images';
  readonly rows: readonly number[];
  readonly pictures: Pictures;
}

/** What a network answers for an image of one's own. */
export interface Guess {
  readonly kind: 'guess';
  /** Of the wish. */
  readonly mark: number;
  /** As it enters the network, but before pixels are shuffled and normalised. */
  readonly image: Pictures;
  readonly probabilities: Float32Array;
}

export type Sight = Gallery | Filters | LayerStatistics | Answers | Images | Guess;
export type SightKind = Sight['kind'];

/** What the page wants to see. */
export type SightWish =
  | { readonly kind: 'gallery' }
  | { readonly kind: 'filters' }
  | { readonly kind: 'layers' }
  | { readonly kind: 'answers' }
  | { readonly kind: 'images'; readonly rows: readonly number[] }
  /** `image` has the shape of the dataset; `mark` tells one image from the next. */
  | { readonly kind: 'guess'; readonly mark: number; readonly image: Pictures };
