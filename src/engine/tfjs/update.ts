// The optimizers' update rules as tensor operations. `catalog/optimizers` states each rule in plain arithmetic; the
// tests hold these against it. What changes from step to step goes in as tensors, so that nothing is recompiled.
import * as tf from '@tensorflow/tfjs-core';
import { ADAM_EPSILON } from '../../catalog/optimizers/adamw.ts';
import type { Config } from '../../experiment/config.ts';
import type { Scalars } from './scalars.ts';

/** New values of a parameter and of its slots, in the order of the catalog. */
export type Update = (
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
) => readonly [parameter: tf.Tensor, ...slots: tf.Tensor[]];

/** What a rule is made for: `decay` is 0 for a group that weight decay leaves alone. */
export interface RuleNumbers {
  /** Counts from 1. */
  readonly step: number;
  readonly rate: number;
  readonly decay: number;
}

/** The update of one step and group. Made anew for each step. */
export type Rule = (config: Config, scalars: Scalars, numbers: RuleNumbers) => Update;

/** parameter · (1 − rate · decay). */
function decayed({ rate, decay }: RuleNumbers): (parameter: tf.Tensor) => tf.Tensor {
  if (decay === 0) return (parameter) => parameter;
  const keep = tf.scalar(1 - rate * decay);
  return (parameter) => tf.mul(parameter, keep);
}

const sgd: Rule = (config, scalars, { rate, decay }) => {
  const size = tf.scalar(rate);
  const momentum = scalars(config['optimizer.momentum']);
  return (parameter, gradient, [buffer]) => {
    const pulled = decay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, scalars(decay)));
    const moved = tf.add(tf.mul(buffer as tf.Tensor, momentum), pulled);
    return [tf.sub(parameter, tf.mul(moved, size)), moved];
  };
};

/** −1, 0 or 1. tfjs's own `sign` gives 0 below 1e-7 on WASM, which would freeze Lion where gradients are small. */
function sign(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.step(x), tf.step(tf.neg(x)));
}

const lion: Rule = (config, scalars, numbers) => {
  const size = tf.scalar(numbers.rate);
  const decay = decayed(numbers);
  const b1 = config['optimizer.beta1'];
  const b2 = config['optimizer.beta2'];
  return (parameter, gradient, [mean]) => {
    const blend = (memory: number): tf.Tensor =>
      tf.add(tf.mul(mean as tf.Tensor, scalars(memory)), tf.mul(gradient, scalars(1 - memory)));
    return [tf.sub(decay(parameter), tf.mul(sign(blend(b1)), size)), blend(b2)];
  };
};

const adamw: Rule = (config, scalars, numbers) => {
  const { step, rate } = numbers;
  const b1 = config['optimizer.beta1'];
  const b2 = config['optimizer.beta2'];
  const size = tf.scalar(rate / (1 - b1 ** step));
  const root = tf.scalar(1 / Math.sqrt(1 - b2 ** step));
  const decay = decayed(numbers);
  return (parameter, gradient, [mean, square]) => {
    const m = tf.add(tf.mul(mean as tf.Tensor, scalars(b1)), tf.mul(gradient, scalars(1 - b1)));
    const v = tf.add(tf.mul(square as tf.Tensor, scalars(b2)), tf.mul(tf.square(gradient), scalars(1 - b2)));
    const scale = tf.add(tf.mul(tf.sqrt(v), root), scalars(ADAM_EPSILON));
    return [tf.sub(decay(parameter), tf.div(tf.mul(m, size), scale)), m, v];
  };
};

export const rules: Readonly<Record<Config['optimizer'], Rule>> = { sgd, lion, adamw };

/** Length of all gradients together: PyTorch's total_norm. */
export function globalNorm(gradients: Iterable<tf.Tensor>): tf.Tensor1D {
  const squares = [...gradients].map((gradient) => {
    const square = tf.square(gradient);
    return tf.reshape(square.rank === 2 ? tf.sum(tf.sum(square, 1)) : tf.sum(square), [1]);
  });
  return tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square))) as tf.Tensor1D;
}

/** PyTorch's clip_grad_norm_: min(1, max / (norm + 1e-6)), to multiply every gradient by. */
export function clipFactor(scalars: Scalars, norm: tf.Tensor1D, most: number): tf.Tensor {
  return tf.minimum(tf.div(scalars(most), tf.add(norm, scalars(1e-6))), scalars(1));
}
