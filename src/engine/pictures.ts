// Tasks on images, on the host: the prototypes of a run, and from gathered images what enters the network and what has
// to come out. The compiled runners do the same on the device.
import { tasks } from '../catalog/tasks/index.ts';
import { type Dataset, features, type ImageShape, type Split } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { halve, halved } from '../core/halve.ts';
import { addNoise, fixedNoise, type NoiseDraw, noiseTable } from '../core/noise.ts';
import type { Config } from '../experiment/config.ts';
import { gather, pixels } from './gather.ts';
import type { Job, Rows } from './runner.ts';

/** Of each class the first of `rows`, by label. */
export function firstOfEach(labels: Uint8Array, rows: Uint32Array): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const row of rows) {
    const label = labels[row] as number;
    if (!first.has(label)) first.set(label, row);
  }
  return first;
}

/**
 * classes × features pixels in [0, 1]: of each class the first image among `rows` of the training split. Throws LabError
 * `config-invalid` where a class that occurs has none.
 */
export function prototypesOf(
  { train, test, classes, shape }: Dataset,
  rows: Uint32Array,
): Float32Array<ArrayBuffer> {
  const size = features(shape);
  const first = firstOfEach(train.labels, rows);
  for (const label of new Set([...train.labels, ...test.labels]))
    if (!first.has(label))
      throw new LabError(
        'config-invalid',
        `task=prototype needs a training image of every class, and none of the ${rows.length} is of class ${classes[label] ?? label}: raise data.trainSize.`,
      );
  const prototypes = new Float32Array(classes.length * size);
  for (const [label, row] of first)
    for (let i = 0; i < size; i++)
      prototypes[label * size + i] = (train.images[row * size + i] as number) / 255;
  return prototypes;
}

/** Reads the image that a task asks for of a row of the split: pixels in [0, 1], valid until the next call. */
export function goalReader(
  config: Config,
  { images, labels }: Split,
  shape: ImageShape,
  prototypes: Float32Array | null,
): (row: number) => ArrayLike<number> {
  const size = features(shape);
  if (prototypes && tasks[config.task].picture?.target === 'prototype')
    return (row) => {
      const from = (labels[row] as number) * size;
      return prototypes.subarray(from, from + size);
    };
  const goal = new Float32Array(size);
  return (row) => {
    for (let i = 0; i < size; i++) goal[i] = (images[row * size + i] as number) / 255;
    return goal;
  };
}

/** Pixels as tasks on images take them: in [0, 1], whatever the dataset's normalisation. */
export const unitPixels = (channels: number): { mean: readonly number[]; std: readonly number[] } => ({
  mean: Array.from({ length: channels }, () => 0),
  std: Array.from({ length: channels }, () => 1),
});

export interface PictureBatch {
  /** rows × inputs. */
  readonly input: Float32Array<ArrayBuffer>;
  /** rows × outputs. */
  readonly target: Float32Array<ArrayBuffer>;
}

/** Makes batches of a task on images; `images` are gathered ones, of `labels`. */
export type PictureMaker = (
  images: Float32Array<ArrayBuffer>,
  labels: ArrayLike<number>,
  noise: NoiseDraw,
) => PictureBatch;

/** What enters the network when rows are scored: rows × inputs. */
export function scoredInput(
  { config, dataset, mean, std }: Job,
  make: PictureMaker,
  { split, rows }: Rows,
): Float32Array<ArrayBuffer> {
  const { images, labels } = dataset[split];
  const gathered = new Float32Array(rows.length * features(dataset.shape));
  gather(pixels(dataset.shape, mean, std), images, rows, null, gathered);
  const own = Uint8Array.from(rows, (row) => labels[row] as number);
  return make(gathered, own, fixedNoise(config.seed, split, rows)).input;
}

/** Null where the task is to name a class. */
export function pictureMaker(
  config: Config,
  shape: ImageShape,
  prototypes: Float32Array | null,
): PictureMaker | null {
  const { picture } = tasks[config.task];
  if (!picture) return null;
  const size = features(shape);
  const table = picture.input === 'noisy' ? noiseTable(config['task.noise']) : null;
  const inputOf = (images: Float32Array<ArrayBuffer>, noise: NoiseDraw): Float32Array<ArrayBuffer> => {
    if (table) {
      const noisy = new Float32Array(images.length);
      addNoise(images, noisy, size, table, noise);
      return noisy;
    }
    if (picture.input !== 'halved') return images;
    const small = new Float32Array((images.length / size) * features(halved(shape)));
    halve(images, small, shape);
    return small;
  };
  const targetOf = (
    images: Float32Array<ArrayBuffer>,
    labels: ArrayLike<number>,
  ): Float32Array<ArrayBuffer> => {
    if (picture.target === 'image') return images;
    const target = new Float32Array(images.length);
    for (let row = 0; row < labels.length; row++) {
      const from = (labels[row] as number) * size;
      target.set(prototypes?.subarray(from, from + size) ?? [], row * size);
    }
    return target;
  };
  return (images, labels, noise) => ({ input: inputOf(images, noise), target: targetOf(images, labels) });
}
