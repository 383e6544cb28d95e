// A network of stored weights, opened to be looked into with tfjs operations: the same for every runner and backend.
import * as tf from '@tensorflow/tfjs-core';
import { tasks } from '../../catalog/tasks/index.ts';
import { type Layer, withoutDropout } from '../../core/layers.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { targets } from '../gather.ts';
import { goalReader } from '../pictures.ts';
import type { Job } from '../runner.ts';
import { createEnds } from './ends.ts';
import type { Context } from './layers.ts';
import { forward } from './network.ts';
import { createScalars } from './scalars.ts';
import { createState } from './state.ts';

/** Is told each thing in turn; the values are its own. */
export interface Watcher {
  /** rows × width of what leaves a layer, in order of execution. */
  onOutput(layer: Layer, values: Float32Array, width: number): void;
  onGradient(tensor: string, values: Float32Array): void;
}

/**
 * Runs training images through the network and the gradient of their mean loss back, as a step would, but without
 * augmentation, MixUp, noise that is drawn anew, or dropout, and without changing anything.
 */
export async function lookInside(
  job: Job,
  weights: ReadonlyMap<string, NamedTensor>,
  rows: Uint32Array<ArrayBuffer>,
  watcher: Watcher,
): Promise<void> {
  const layers = withoutDropout(job.layers);
  const scalars = createScalars();
  const state = createState(layers, [], weights);
  const ends = createEnds(job);
  const outputs: { readonly layer: Layer; readonly output: tf.Tensor2D }[] = [];
  const gradients: Record<string, tf.Tensor> = {};
  const context: Context = {
    scalars,
    isTraining: true,
    tensor: state.get,
    gradient: (name, value) => {
      gradients[name] = tf.keep(value);
    },
    dropout: () => new Float32Array(0),
    buffer: () => {},
    // A clone: layers may hand their input on, and everything is disposed of by itself.
    seen: (layer, output) => outputs.push({ layer, output: tf.keep(tf.clone(output)) }),
  };
  try {
    tf.tidy(() => {
      const input = ends.scored({ split: 'train', rows });
      const goal = goalOf(job, rows);
      const through = forward(context, layers, matrix(input, rows.length));
      const { gradient } = ends.objective(scalars, through.output, matrix(goal, rows.length));
      through.backward(gradient);
    });
    for (const { layer, output } of outputs)
      watcher.onOutput(layer, await output.data<'float32'>(), output.shape[1]);
    for (const [name, gradient] of Object.entries(gradients))
      watcher.onGradient(name, await gradient.data<'float32'>());
  } finally {
    for (const { output } of outputs) output.dispose();
    tf.dispose(gradients);
    state.dispose();
    scalars.dispose();
  }
}

/** What the network gives out for one example in evaluation: logits, or pixels. */
export async function outputsOf(
  job: Job,
  weights: ReadonlyMap<string, NamedTensor>,
  input: Float32Array,
): Promise<Float32Array> {
  const scalars = createScalars();
  const state = createState(job.layers, [], weights);
  const context: Context = {
    scalars,
    isTraining: false,
    tensor: state.get,
    gradient: () => {},
    dropout: () => new Float32Array(0),
    buffer: () => {},
  };
  const output = tf.tidy(() =>
    createEnds(job).outputs(forward(context, job.layers, matrix(input, 1)).output),
  );
  try {
    return new Float32Array(await output.data<'float32'>());
  } finally {
    output.dispose();
    state.dispose();
    scalars.dispose();
  }
}

const matrix = (values: Float32Array, rows: number): tf.Tensor2D =>
  tf.tensor2d(values, [rows, values.length / rows]);

/** What has to come out: probabilities, or images. */
function goalOf({ config, dataset, prototypes }: Job, rows: Uint32Array): Float32Array {
  if (!tasks[config.task].picture) {
    const classes = dataset.classes.length;
    const goal = new Float32Array(rows.length * classes);
    targets(dataset.train.labels, rows, classes, config['train.labelSmoothing'], goal);
    return goal;
  }
  const read = goalReader(config, dataset.train, dataset.shape, prototypes);
  const size = tasks[config.task].outputs(dataset);
  const goal = new Float32Array(rows.length * size);
  for (const [index, row] of rows.entries()) goal.set(Float32Array.from(read(row)), index * size);
  return goal;
}
