// Each kind of layer: its output, and its backward pass as a closure over what the forward pass kept.
// Gradients are derived by hand (sources: PyTorch's semantics of each module), so no tape is recorded.
import * as tf from '@tensorflow/tfjs-core';
import {
  type Activation,
  BATCH_NORM_MOMENTUM,
  type BatchNorm,
  type Dropout,
  type Layer,
  type LayerNorm,
  type Linear,
  NORM_EPSILON,
} from '../../core/layers.ts';
import { meanOfRows, product, productTransposedLeft, productTransposedRight, sumOfRows } from './product.ts';
import type { Scalars } from './scalars.ts';

/** What a forward pass needs and leaves. Tensors are in the runner's layout: weights [inputs, outputs]. */
export interface Context {
  readonly scalars: Scalars;
  readonly isTraining: boolean;
  tensor(name: string): tf.Tensor;
  /** Takes a gradient of a trainable tensor. */
  gradient(name: string, value: tf.Tensor): void;
  /** Factors of dropout for `count` elements at this step. */
  dropout(layer: Dropout, count: number): Float32Array;
  /** Takes the new value of a buffer. */
  buffer(name: string, value: tf.Tensor): void;
  /** Is told what leaves each layer, where somebody looks. */
  seen?(layer: Layer, output: tf.Tensor2D): void;
}

export interface Pass {
  readonly output: tf.Tensor2D;
  /** Takes the gradient of the loss by the output; gives it by the input, or null where nobody needs it. */
  readonly backward: (upstream: tf.Tensor2D) => tf.Tensor2D | null;
}

/** x · W + b. `wantsInput`: something before this layer is trainable. */
export function linear(context: Context, layer: Linear, x: tf.Tensor2D, wantsInput: boolean): Pass {
  const weight = context.tensor(`${layer.name}.weight`) as tf.Tensor2D;
  const output = product(x, weight, layer.bias ? context.tensor(`${layer.name}.bias`) : undefined);
  return {
    output,
    backward(upstream) {
      if (layer.trainable) {
        context.gradient(`${layer.name}.weight`, productTransposedLeft(x, upstream));
        if (layer.bias)
          context.gradient(
            `${layer.name}.bias`,
            tf.reshape(sumOfRows(context.scalars, upstream), [layer.outputs]),
          );
      }
      return wantsInput ? productTransposedRight(upstream, weight) : null;
    },
  };
}

/** Ba, Kiros and Hinton 2016: (x − mean) / √(biased variance + eps) over the features, times weight, plus bias. */
export function layerNorm(context: Context, layer: LayerNorm, x: tf.Tensor2D, wantsInput: boolean): Pass {
  const weight = context.tensor(`${layer.name}.weight`);
  const bias = context.tensor(`${layer.name}.bias`);
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  const scale = tf.rsqrt(tf.add(variance, context.scalars(NORM_EPSILON)));
  const normal = tf.mul(centred, scale) as tf.Tensor2D;
  return {
    output: tf.add(tf.mul(normal, weight), bias),
    backward(upstream) {
      if (layer.trainable ?? true) {
        const byWeight = sumOfRows(context.scalars, tf.mul(upstream, normal));
        const byBias = sumOfRows(context.scalars, upstream);
        context.gradient(`${layer.name}.weight`, tf.reshape(byWeight, [layer.width]));
        context.gradient(`${layer.name}.bias`, tf.reshape(byBias, [layer.width]));
      }
      if (!wantsInput) return null;
      const byNormal = tf.mul(upstream, weight);
      const along = tf.mean(tf.mul(byNormal, normal), 1, true);
      return tf.mul(tf.sub(tf.sub(byNormal, tf.mean(byNormal, 1, true)), tf.mul(normal, along)), scale);
    },
  };
}

/**
 * Ioffe and Szegedy 2015 without scale and shift: in training the batch's mean and biased variance, and running
 * statistics that take in the unbiased variance; in evaluation, and frozen, the running statistics.
 */
export function batchNorm(context: Context, layer: BatchNorm, x: tf.Tensor2D, wantsInput: boolean): Pass {
  const { scalars } = context;
  const runningMean = context.tensor(`${layer.name}.running_mean`);
  const runningVariance = context.tensor(`${layer.name}.running_var`);
  if (!context.isTraining || layer.trainable === false) {
    const scale = tf.rsqrt(tf.add(runningVariance, scalars(NORM_EPSILON)));
    return {
      output: tf.mul(tf.sub(x, runningMean), scale),
      backward: (upstream) => (wantsInput ? tf.mul(upstream, scale) : null),
    };
  }
  const rows = x.shape[0];
  const mean = meanOfRows(scalars, x);
  const centred = tf.sub(x, mean) as tf.Tensor2D;
  const variance = meanOfRows(scalars, tf.square(centred));
  const scale = tf.rsqrt(tf.add(variance, scalars(NORM_EPSILON)));
  const normal = tf.mul(centred, scale) as tf.Tensor2D;
  const blend = (running: tf.Tensor, newest: tf.Tensor, factor: number): tf.Tensor =>
    tf.add(
      tf.mul(running, scalars(1 - BATCH_NORM_MOMENTUM)),
      tf.reshape(tf.mul(newest, scalars(BATCH_NORM_MOMENTUM * factor)), [layer.width]),
    );
  context.buffer(`${layer.name}.running_mean`, blend(runningMean, mean, 1));
  context.buffer(`${layer.name}.running_var`, blend(runningVariance, variance, rows / (rows - 1)));
  return {
    output: normal,
    backward(upstream) {
      if (!wantsInput) return null;
      const along = meanOfRows(scalars, tf.mul(upstream, normal));
      return tf.mul(tf.sub(tf.sub(upstream, meanOfRows(scalars, upstream)), tf.mul(normal, along)), scale);
    },
  };
}

/** Srivastava et al. 2014 with PyTorch's scaling. The factors come from the host: tfjs has no integers to draw them by. */
export function dropout(context: Context, layer: Dropout, x: tf.Tensor2D, wantsInput: boolean): Pass {
  if (!context.isTraining) return { output: x, backward: () => null };
  const factor = tf.tensor2d(context.dropout(layer, x.size), x.shape);
  return {
    output: tf.mul(x, factor),
    backward: (upstream) => (wantsInput ? tf.mul(upstream, factor) : null),
  };
}

/** ReLU, or GELU with the exact error function: x Φ(x) (Hendrycks and Gimpel 2016). */
export function activate(context: Context, kind: Activation, x: tf.Tensor2D, wantsInput: boolean): Pass {
  const { scalars } = context;
  switch (kind) {
    case 'relu':
      return {
        output: tf.relu(x),
        backward: (upstream) => (wantsInput ? tf.mul(upstream, tf.step(x)) : null),
      };
    case 'gelu': {
      const half = scalars(0.5);
      const below = tf.add(tf.mul(tf.erf(tf.mul(x, scalars(Math.SQRT1_2))), half), half);
      return {
        output: tf.mul(x, below),
        backward(upstream) {
          if (!wantsInput) return null;
          const density = tf.mul(
            tf.exp(tf.mul(tf.square(x), scalars(-0.5))),
            scalars(1 / Math.sqrt(2 * Math.PI)),
          );
          return tf.mul(upstream, tf.add(below, tf.mul(x, density)));
        },
      };
    }
    default:
      throw kind satisfies never;
  }
}
