// Both ends of a step on tfjs: batches from the dataset, and the loss with its gradient; for classes and for images.
import * as tf from '@tensorflow/tfjs-core';
import { features } from '../../core/dataset.ts';
import { fixedNoise, trainingNoise } from '../../core/noise.ts';
import { gather, pixels, targets } from '../gather.ts';
import { pictureMaker } from '../pictures.ts';
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

export function createEnds({ config, dataset, batches, mean, std, prototypes }: Job): Ends {
  const { train, shape } = dataset;
  const look = pixels(shape, mean, std);
  const size = features(shape);
  const classes = dataset.classes.length;
  const images = new Float32Array(batches.size * size);
  const makePictures = pictureMaker(config, shape, prototypes);
  const labelsOf = (labels: Uint8Array, rows: Uint32Array): Uint8Array =>
    Uint8Array.from(rows, (row) => labels[row] as number);
  const scoredImages = ({ split, rows }: Rows): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(rows.length * size);
    gather(look, dataset[split].images, rows, null, out);
    return out;
  };
  if (makePictures)
    return {
      batch(step) {
        const rows = batches.rows(step);
        gather(look, train.images, rows, batches.draws(step), images);
        const { input, target } = makePictures(
          images,
          labelsOf(train.labels, rows),
          trainingNoise(config.seed, step),
        );
        return { input, goal: target };
      },
      scored(one) {
        const labels = labelsOf(dataset[one.split].labels, one.rows);
        return makePictures(scoredImages(one), labels, fixedNoise(config.seed, one.split, one.rows)).input;
      },
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
    scored: scoredImages,
    objective: crossEntropy,
    outputs: (logits) => logits,
  };
}
