// Layers of networks on patches. A batch of B images is B · tokens rows of features; across tokens it is B · features
// rows of tokens, so that every other layer works on rows and knows nothing of this.
import * as tf from '@tensorflow/tfjs-core';
import {
  type Gate,
  type PatchEmbedding,
  type TokenMean,
  type Transpose,
  tokensOf,
} from '../../core/layers.ts';
import type { Context, Pass } from './layers.ts';
import { product, productTransposedLeft, sumOfRows } from './product.ts';

/**
 * A convolution with stride = kernel = patch, as one product: pixels are put in order of patches first. It is the first
 * layer of its network, so its input has no gradient. Weights keep the convolution's shape.
 */
export function patchEmbedding(context: Context, layer: PatchEmbedding, x: tf.Tensor2D): Pass {
  const { name, outputs } = layer;
  const size = layer.channels * layer.patch ** 2;
  const rows = x.shape[0] * tokensOf(layer);
  const weight = tf.transpose(tf.reshape(context.tensor(`${name}.weight`), [outputs, size])) as tf.Tensor2D;
  const patches = tf.reshape(tf.gather(x, tf.tensor1d(patchOrder(layer), 'int32'), 1), [rows, size]);
  return {
    output: product(patches as tf.Tensor2D, weight, context.tensor(`${name}.bias`)),
    backward(upstream) {
      const byWeight = productTransposedLeft(upstream, patches as tf.Tensor2D);
      context.gradient(
        `${name}.weight`,
        tf.reshape(byWeight, [outputs, layer.channels, layer.patch, layer.patch]),
      );
      context.gradient(`${name}.bias`, tf.reshape(sumOfRows(context.scalars, upstream), [outputs]));
      return null;
    },
  };
}

/** For each place of [token, channel, row, column] the pixel in [channel, row, column] of the whole image. */
function patchOrder({ channels, height, width, patch }: PatchEmbedding): Int32Array {
  const order = new Int32Array(channels * height * width);
  let at = 0;
  for (let top = 0; top < height; top += patch)
    for (let left = 0; left < width; left += patch)
      for (let channel = 0; channel < channels; channel++)
        for (let y = top; y < top + patch; y++)
          for (let x = left; x < left + patch; x++) order[at++] = (channel * height + y) * width + x;
  return order;
}

function transposed(x: tf.Tensor2D, rows: number, columns: number): tf.Tensor2D {
  const examples = x.shape[0] / rows;
  return tf.reshape(tf.transpose(tf.reshape(x, [examples, rows, columns]), [0, 2, 1]), [
    examples * columns,
    rows,
  ]);
}

export function transpose({ rows, columns }: Transpose, x: tf.Tensor2D): Pass {
  return {
    output: transposed(x, rows, columns),
    backward: (upstream) => transposed(upstream, columns, rows),
  };
}

export function tokenMean({ scalars }: Context, { tokens }: TokenMean, x: tf.Tensor2D): Pass {
  const [rows, width] = x.shape;
  const examples = rows / tokens;
  return {
    output: tf.mean(tf.reshape(x, [examples, tokens, width]), 1),
    backward(upstream) {
      const share = tf.reshape(tf.mul(upstream, scalars(1 / tokens)), [examples, 1, width]);
      return tf.reshape(tf.tile(share, [1, tokens, 1]), [rows, width]);
    },
  };
}

/** u ⊙ branch(v) of x = [u, v] (Liu et al. 2021, equation 4 with the split). `branch` runs the gate's layers. */
export function gate({ width }: Gate, x: tf.Tensor2D, branch: (half: tf.Tensor2D) => Pass): Pass {
  const rows = x.shape[0];
  const passed = tf.slice(x, [0, 0], [rows, width]);
  const pass = branch(tf.slice(x, [0, width], [rows, width]));
  return {
    output: tf.mul(passed, pass.output),
    backward(upstream) {
      const byGate = pass.backward(tf.mul(upstream, passed));
      const byPassed = tf.mul(upstream, pass.output) as tf.Tensor2D;
      return byGate && tf.concat([byPassed, byGate], 1);
    },
  };
}
