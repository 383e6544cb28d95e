// Both ends of a step on tfjs: batches from the dataset, and the loss with its gradient; for classes and for images.
import * as tf from '@tensorflow/tfjs-core';
import { features } from '../../core/dataset.ts';
import { trainingNoise } from '../../core/noise.ts';
import { gather, pixels, targets } from '../gather.ts';
import { pictureMaker, scoredInput } from '../pictures.ts';
import type { Job, Rows } from '../runner.ts';
import { crossEntropy, type Objective, squaredError } from './network.ts';
import type { Scalars } from './scalars.ts';

export interface Ends {
  /** What enters the network at `step` (from 0), rows × inputs, and what has to come out: probabilities, or images. */
  batch(step: number): { readonly input: Float32Array; readonly goal: Float32Array };
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
  const images = new Float32Array(batches.size * size);
  const makePictures = pictureMaker(config, shape, prototypes);
  if (makePictures)
    return {
      batch(step) {
        const rows = batches.rows(step);
        gather(look, train.images, rows, batches.draws(step), images);
        const labels = Uint8Array.from(rows, (row) => train.labels[row] as number);
        const { input, target } = makePictures(images, labels, trainingNoise(config.seed, step));
        return { input, goal: target };
      },
      scored: (rows) => scoredInput(job, makePictures, rows),
      objective: squaredError,
      outputs: (logits) => tf.sigmoid(logits),
    };
  const goal = new Float32Array(batches.size * classes);
  return {
    batch(step) {
      const rows = batches.rows(step);
      const share = batches.share(step);
      gather(look, train.images, rows, batches.draws(step), images, share);
      targets(train.labels, rows, classes, config['train.labelSmoothing'], goal, share);
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
