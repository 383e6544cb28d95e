// Gaussian noise on pixels without a logarithm or sine where it is drawn: 16 bits of the counter-based generator pick
// one of 65,536 values of a table. Integers and one exact table look-up, so every backend draws the same bits.
import { normalQuantile } from './normal.ts';
import { streams, threefry } from './rng.ts';

export const NOISE_VALUES = 65_536;

/**
 * std · z of the quantiles z at (i + ½) / 65,536, computed in float64 and rounded to float32. Symmetric about 0; their
 * standard deviation is 0.99999 std and none is beyond 4.33 std.
 */
export function noiseTable(std: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: NOISE_VALUES },
    (_, i) => std * normalQuantile((i + 0.5) / NOISE_VALUES),
  );
}

/** Calls of the generator that an example takes: four features each. */
export const noiseCalls = (features: number): number => Math.ceil(features / 4);

/** Whose noise: key (seed, stream), counter (id · calls + call, lane) with the id of each row. */
export interface NoiseDraw {
  readonly seed: number;
  readonly stream: number;
  readonly lane: number;
  /** Null: a row's id is its place in the batch, of which the first row's is `first`. */
  readonly ids: Uint32Array | null;
  readonly first: number;
}

/** In training noise is drawn anew at every step, from (seed, step, place in the batch, feature). Steps count from 0. */
export const trainingNoise = (seed: number, step: number, first = 0): NoiseDraw => ({
  seed,
  stream: streams.noise,
  lane: step,
  ids: null,
  first,
});

/** Lanes of the noise that scored images carry, always the same for an image of a split. */
export const fixedNoiseLane = { test: 0, train: 1 } as const;

/** When scored, an image carries noise of (seed, split, row in the split, feature) alone. */
export const fixedNoise = (seed: number, split: 'train' | 'test', rows: Uint32Array): NoiseDraw => ({
  seed,
  stream: streams.fixedNoise,
  lane: fixedNoiseLane[split],
  ids: rows,
  first: 0,
});

/**
 * out = min(1, max(0, images + noise)) for rows × features, in float32; `out` may be `images`. Of a call's two words,
 * feature 4c takes the low half of the first, 4c + 1 its high half, 4c + 2 and 4c + 3 those of the second.
 */
export function addNoise(
  images: Float32Array,
  out: Float32Array,
  features: number,
  table: Float32Array,
  { seed, stream, lane, ids, first: firstRow }: NoiseDraw,
): void {
  const words = new Uint32Array(2);
  const calls = noiseCalls(features);
  const rows = images.length / features;
  for (let row = 0; row < rows; row++) {
    const first = Math.imul(ids ? (ids[row] as number) : firstRow + row, calls);
    for (let feature = 0; feature < features; feature++) {
      if (feature % 4 === 0) threefry(seed, stream, first + feature / 4, lane, words);
      const word = words[(feature >> 1) & 1] as number;
      const value = table[feature % 2 === 0 ? word & 0xffff : word >>> 16] as number;
      const at = row * features + feature;
      out[at] = Math.min(1, Math.max(0, Math.fround((images[at] as number) + value)));
    }
  }
}
