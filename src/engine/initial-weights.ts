// The seeded start of a network: every tensor's first values, in the official layout.
import { elements, type Init, type Layer, tensors } from '../core/layers.ts';
import { normalQuantile } from '../core/normal.ts';
import { orthonormalise, transpose } from '../core/orthonormal.ts';
import { type Stream, stream, streams } from '../core/rng.ts';
import type { NamedTensor } from '../core/safetensors.ts';

/**
 * Initial tensors in order of execution. Tensor i of the list draws from lane i of the `init` stream; element e is a
 * function of (seed, i, e) alone, computed in float64 and rounded to float32.
 */
export function initialWeights(layers: readonly Layer[], seed: number): NamedTensor[] {
  const random = stream(seed, streams.init);
  return tensors(layers).map(({ name, shape, init }, lane) => {
    return { name, shape, values: initialValues(init, shape, random, lane) };
  });
}

function initialValues(
  init: Init,
  shape: readonly number[],
  random: Stream,
  lane: number,
): Float32Array<ArrayBuffer> {
  const count = elements(shape);
  const [rows = 1, columns = 1] = shape;
  const fill = (value: (index: number) => number): Float32Array<ArrayBuffer> => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = value(i);
    return values;
  };
  switch (init.kind) {
    case 'constant':
      return new Float32Array(count).fill(init.value);
    case 'uniform':
      return fill((i) => (2 * random.uniform(i, lane) - 1) * init.bound);
    case 'normal':
      return fill((i) => init.deviation * gaussian(random, i, lane, init.within));
    case 'identity':
      return fill((i) => (i % columns === Math.floor(i / columns) ? 1 : 0));
    case 'orthogonal': {
      const matrix = Float64Array.from({ length: count }, (_, i) => gaussian(random, i, lane, null));
      if (rows <= columns) {
        orthonormalise(matrix, rows, columns);
        return Float32Array.from(matrix);
      }
      const across = transpose(matrix, rows, columns);
      orthonormalise(across, columns, rows);
      return Float32Array.from(transpose(across, columns, rows));
    }
    default:
      throw init satisfies never;
  }
}

/** The share of a standard normal distribution below −2. */
const TAIL = 0.022750131948179195;

/** A standard normal number by its quantile at a 32-bit draw; with `within`, of the distribution cut off there. */
function gaussian(random: Stream, index: number, lane: number, within: 2 | null): number {
  const share = (random.word(index, lane) + 0.5) * 2 ** -32;
  return normalQuantile(within === null ? share : TAIL + share * (1 - 2 * TAIL));
}
