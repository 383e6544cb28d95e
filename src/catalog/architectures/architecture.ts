// What an architecture is: a few settings and a pure function from their values to a list of layers.
import type { ImageShape } from '../../core/dataset.ts';
import type { Layer } from '../../core/layers.ts';
import type { Fields, ValuesOf } from '../../core/setting.ts';

/** The features that enter and leave the network: pixels times channels, and classes. */
export interface Ends {
  readonly inputs: number;
  readonly outputs: number;
  /** The image that the inputs are, for networks that cut it into patches. */
  readonly image?: ImageShape;
}

export interface Architecture<F extends Fields = Fields> {
  readonly label: string;
  /** Short name for segmented controls and run names. */
  readonly short: string;
  readonly help: string;
  readonly source: string;
  readonly fields: F;
  /** The network. Throws LabError `config-invalid` where the values cannot make one. */
  readonly layers: (config: ValuesOf<F>, ends: Ends) => readonly Layer[];
  /** "512 × 6": the shape in a run's name. */
  readonly shape: (config: ValuesOf<F>) => string;
}

/** Keeps the exact fields in the type, so that `layers` sees its own settings and Config knows them all. */
export function architecture<const F extends Fields>(entry: Architecture<F>): Architecture<F> {
  return entry;
}
