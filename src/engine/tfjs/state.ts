// Parameters, buffers and slots on the device. Inside, weights are [inputs, outputs], which every backend multiplies
// fastest; outside, everything has PyTorch's names and layouts.
import * as tf from '@tensorflow/tfjs-core';
import { type Layer, type TensorSpec, tensors } from '../../core/layers.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { checkedState } from '../state-specs.ts';

export interface State {
  /** Trainable tensors, in order of execution. */
  readonly trainable: readonly TensorSpec[];
  get(name: string): tf.Tensor;
  /** Takes a new value and lets go of the old one. */
  replace(name: string, value: tf.Tensor): void;
  /** All of it, or the tensors of these names. */
  export(names?: ReadonlySet<string>): Promise<NamedTensor[]>;
  dispose(): void;
}

/** Uploads a state; slots that are not there start at zero. Throws LabError `checkpoint-incompatible`. */
export function createState(
  layers: readonly Layer[],
  slots: readonly string[],
  initial: ReadonlyMap<string, NamedTensor>,
): State {
  const specs = checkedState(layers, slots, initial);
  const kept = new Map<string, tf.Tensor>();
  for (const { name, shape, values } of specs) {
    kept.set(
      name,
      tf.tidy(() => tf.keep(inner(tf.tensor(values.slice(), [...shape], 'float32')))),
    );
  }
  const get = (name: string): tf.Tensor => kept.get(name) as tf.Tensor;
  return {
    trainable: tensors(layers).filter((spec) => spec.trainable),
    get,
    replace(name, value) {
      get(name).dispose();
      kept.set(name, tf.keep(value));
    },
    async export(names) {
      const result: NamedTensor[] = [];
      for (const { name, shape } of specs) {
        if (names && !names.has(name)) continue;
        const outside = tf.tidy(() => inner(get(name)));
        const values = new Float32Array(await outside.data<'float32'>());
        outside.dispose();
        result.push({ name, shape, values });
      }
      return result;
    },
    dispose() {
      for (const tensor of kept.values()) tensor.dispose();
      kept.clear();
    },
  };
}

/** The transpose of a matrix, a copy of a vector: its own inverse, so it serves both ways. */
function inner(tensor: tf.Tensor): tf.Tensor {
  return tensor.rank === 2 ? tf.transpose(tensor) : tf.clone(tensor);
}
