// Both ends of a step on tfjs: batches from the dataset, and the loss with its gradient; for classes and for images.
import * as tf from '@tensorflow/tfjs-core';
import { features } from '../../core/dataset.ts';
import { trainingNoise } from '../../core/noise.ts';
import { microBatchSize } from '../../experiment/micro-batches.ts';
import { gather, pixels, targets } from '../gather.ts';
import { pictureMaker, scoredInput } from '../pictures.ts';
import type { Job, Rows } from '../runner.ts';
import { crossEntropy, type Objective, squaredError } from './network.ts';
import type { Scalars } from './scalars.ts';

export interface Ends {
  /**
   * What enters the network in a micro-batch of `step` (both from 0), rows × inputs, and what has to come out:
   * probabilities, or images. Valid until the next call.
   */
  batch(step: number, microBatch: number): { readonly input: Float32Array; readonly goal: Float32Array };
  /** What enters the network when rows are scored. */
  scored(rows: Rows): Float32Array;
  readonly objective: (scalars: Scalars, logits: tf.Tensor2D, goal: tf.Tensor2D) => Objective;
  /** What the network gives out, from its last layer. */
  readonly outputs: (logits: tf.Tensor2D) => tf.Tensor2D;
}

export function createEnds(job: Job): Ends {
  const { config, dataset, batches, mean, std, prototypes } = job;
  const { train, shape } = dataset;
  const look = pixels(shape, mean, std);
  const size = features(shape);
  const classes = dataset.classes.length;
  const rows = microBatchSize(config);
  const images = new Float32Array(rows * size);
  /** Rows and draws of a micro-batch. */
  const part = (step: number, index: number) => {
    const draws = batches.draws(step);
    const words = (draws?.length ?? 0) / batches.size;
    const [begin, end] = [index * rows, (index + 1) * rows];
    return {
      rows: batches.rows(step).subarray(begin, end),
      draws: draws?.subarray(begin * words, end * words) ?? null,
    };
  };
  const makePictures = pictureMaker(config, shape, prototypes);
  if (makePictures)
    return {
      batch(step, microBatch) {
        const { rows: chosen, draws } = part(step, microBatch);
        gather(look, train.images, chosen, draws, images);
        const labels = Uint8Array.from(chosen, (row) => train.labels[row] as number);
        const noise = trainingNoise(config.seed, step, microBatch * rows);
        const { input, target } = makePictures(images, labels, noise);
        return { input, goal: target };
      },
      scored: (rows) => scoredInput(job, makePictures, rows),
      objective: squaredError,
      outputs: (logits) => tf.sigmoid(logits),
    };
  const goal = new Float32Array(rows * classes);
  return {
    batch(step, microBatch) {
      const { rows: chosen, draws } = part(step, microBatch);
      const share = batches.share(step);
      gather(look, train.images, chosen, draws, images, share);
      targets(train.labels, chosen, classes, config['train.labelSmoothing'], goal, share);
      return { input: images, goal };
    },
    scored({ split, rows }) {
      const out = new Float32Array(rows.length * size);
      gather(look, dataset[split].images, rows, null, out);
      return out;
    },
    objective: crossEntropy,
    outputs: (logits) => logits,
  };
}
