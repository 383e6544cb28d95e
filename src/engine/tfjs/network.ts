// A layer list forward and backward, and the loss it is trained on.
import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../../core/layers.ts';
import { activate, batchNorm, type Context, dropout, layerNorm, linear, type Pass } from './layers.ts';
import type { Scalars } from './scalars.ts';
import { gate, patchEmbedding, tokenMean, transpose } from './tokens.ts';

/** Whether the layer, or something inside it, has trainable tensors. */
function isTrainable(layer: Layer): boolean {
  switch (layer.kind) {
    case 'linear':
      return layer.trainable;
    case 'layer-norm':
    case 'patch-embedding':
      return layer.trainable ?? true;
    case 'batch-norm':
    case 'activation':
    case 'dropout':
    case 'transpose':
    case 'token-mean':
      return false;
    case 'residual':
    case 'gate':
      return layer.branch.some(isTrainable);
    default:
      throw layer satisfies never;
  }
}

/**
 * Runs the layers on x, rows × inputs. The backward pass hands gradients to the context; `wantsInput` says that the
 * gradient by x is needed as well, and layers before the first trainable one are left out.
 */
export function forward(
  context: Context,
  layers: readonly Layer[],
  x: tf.Tensor2D,
  wantsInput = false,
): Pass {
  const passes: Pass[] = [];
  let output = x;
  let wants = wantsInput;
  for (const layer of layers) {
    const pass = forwardOne(context, layer, output, wants);
    passes.push(pass);
    output = pass.output;
    context.seen?.(layer, output);
    wants ||= isTrainable(layer);
  }
  return {
    output,
    backward(upstream) {
      let gradient: tf.Tensor2D | null = upstream;
      for (const pass of passes.toReversed()) {
        if (gradient === null) return null;
        gradient = pass.backward(gradient);
      }
      return gradient;
    },
  };
}

function forwardOne(context: Context, layer: Layer, x: tf.Tensor2D, wants: boolean): Pass {
  switch (layer.kind) {
    case 'linear':
      return linear(context, layer, x, wants);
    case 'layer-norm':
      return layerNorm(context, layer, x, wants);
    case 'batch-norm':
      return batchNorm(context, layer, x, wants);
    case 'activation':
      return activate(context, layer.function, x, wants);
    case 'dropout':
      return dropout(context, layer, x, wants);
    case 'residual': {
      const branch = forward(context, layer.branch, x, wants);
      return {
        output: tf.add(x, branch.output),
        backward(upstream) {
          const throughBranch = branch.backward(upstream);
          if (!wants) return null;
          return throughBranch === null ? upstream : tf.add(upstream, throughBranch);
        },
      };
    }
    case 'patch-embedding':
      return patchEmbedding(context, layer, x);
    case 'transpose':
      return transpose(layer, x);
    case 'token-mean':
      return tokenMean(context, layer, x);
    case 'gate':
      return gate(layer, x, (half) => forward(context, layer.branch, half, wants));
    default:
      throw layer satisfies never;
  }
}

/** A loss and its gradient by what the last layer gives. */
export interface Objective {
  readonly loss: tf.Tensor1D;
  readonly gradient: tf.Tensor2D;
}

/**
 * Softmax cross-entropy, mean over the batch, against target probabilities (rows × classes, each row sums to 1), and
 * its gradient by the logits: (softmax − targets) / rows.
 */
export function crossEntropy(scalars: Scalars, logits: tf.Tensor2D, targets: tf.Tensor2D): Objective {
  const share = 1 / logits.shape[0];
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
  const perRow = tf.sum(tf.mul(targets, logProbabilities), 1);
  return {
    loss: tf.reshape(tf.mul(tf.sum(perRow), scalars(-share)), [1]),
    gradient: tf.mul(tf.sub(tf.exp(logProbabilities), targets), scalars(share)),
  };
}

/**
 * Mean squared error over batch and features between σ(logits) and the target images, and its gradient by the logits:
 * 2 (σ − t) σ (1 − σ) / (rows · features).
 */
export function squaredError(scalars: Scalars, logits: tf.Tensor2D, target: tf.Tensor2D): Objective {
  const [rows, features] = logits.shape;
  const y = tf.sigmoid(logits);
  const off = tf.sub(y, target);
  // Row by row first, as the other runners do: one long float32 sum would lose digits.
  const perRow = tf.mul(tf.sum(tf.square(off), 1), scalars(1 / features));
  const slope = tf.mul(y, tf.sub(scalars(1), y));
  return {
    loss: tf.reshape(tf.mul(tf.sum(perRow), scalars(1 / rows)), [1]),
    gradient: tf.mul(tf.mul(off, slope), scalars(2 / (rows * features))),
  };
}
