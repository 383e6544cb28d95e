// One pass forward and backward, and several of them at the same weights: the gradients of micro-batches averaged.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalars } from './scalars.ts';
import { globalNorm } from './update.ts';

/** Tensors by name, so that tidy finds them. */
export type Gradients = Readonly<Record<string, tf.Tensor>>;

export interface Pass {
  readonly loss: tf.Tensor1D;
  readonly gradients: Gradients;
}

export interface Accumulated extends Pass {
  /** Mean over the micro-batches of the squared length of their gradients. */
  readonly squares: tf.Tensor1D;
}

/** Runs `count` micro-batches within the caller's tidy; what a pass leaves is let go before the next one. */
export function accumulate(scalars: Scalars, count: number, pass: (index: number) => Pass): Accumulated {
  const share = scalars(1 / count);
  let sum: Accumulated | null = null;
  for (let index = 0; index < count; index++) {
    const before: Accumulated | null = sum;
    const joined: Accumulated = tf.tidy((): Accumulated & tf.TensorContainerObject => {
      const one = pass(index);
      const add = <T extends tf.Tensor>(value: T, total: tf.Tensor | undefined): T => {
        const part = tf.mul(value, share) as T;
        return total ? (tf.add(total, part) as T) : part;
      };
      const gradients: Record<string, tf.Tensor> = {};
      for (const [name, value] of Object.entries(one.gradients))
        gradients[name] = add(value, before?.gradients[name]);
      const square = tf.square(globalNorm(Object.values(one.gradients)));
      return { loss: add(one.loss, before?.loss), gradients, squares: add(square, before?.squares) };
    });
    if (before) tf.dispose({ ...before });
    sum = joined;
  }
  if (!sum) throw new Error('A step without a micro-batch.');
  return sum;
}
