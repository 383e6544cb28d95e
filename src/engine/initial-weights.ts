// The seeded start of a network: every tensor's first values, in the official layout.
import { elements, type Layer, tensors } from '../core/layers.ts';
import { stream, streams } from '../core/rng.ts';
import type { NamedTensor } from '../core/safetensors.ts';

/**
 * Initial tensors in order of execution. Tensor i of the list draws from lane i of the `init` stream:
 * value = float32((2u − 1) · bound), PyTorch's uniform ±1/√fan-in.
 */
export function initialWeights(layers: readonly Layer[], seed: number): NamedTensor[] {
  const random = stream(seed, streams.init);
  return tensors(layers).map(({ name, shape, init }, lane) => {
    const values = new Float32Array(elements(shape));
    if (init.kind === 'constant') values.fill(init.value);
    else for (let i = 0; i < values.length; i++) values[i] = (2 * random.uniform(i, lane) - 1) * init.bound;
    return { name, shape, values };
  });
}
