// What a config will cost, before anything is allocated: layers, parameters, compute, steps, memory.
import { architectures } from '../catalog/architectures/index.ts';
import { datasets } from '../catalog/datasets/index.ts';
import { batchScaledRate } from '../catalog/optimizers/fields.ts';
import { optimizers } from '../catalog/optimizers/index.ts';
import { tasks } from '../catalog/tasks/index.ts';
import { type DatasetFacts, features, type ImageShape } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { formatBytes } from '../core/format.ts';
import {
  countParameters,
  flow,
  type Layer,
  macsPerExample,
  type ParameterCount,
  walk,
} from '../core/layers.ts';
import { resizedShape } from '../core/resize-images.ts';
import type { Config } from './config.ts';
import { microBatchCount, microBatchSize, requireMicroBatches } from './micro-batches.ts';
import { programBytes } from './program/build-program.ts';
import { uncompiledPart } from './program/network.ts';
import { specOfConfig } from './program/spec-of-config.ts';
import { isProbe, layersInTransfer } from './transfer.ts';

const FLOAT_BYTES = 4;

/** Bytes on the device while training: what the compiled step plans, and the resident dataset. */
export interface MemoryPlan {
  readonly data: number;
  readonly weights: number;
  readonly gradients: number;
  /** Of the optimizer, with the average of the weights. */
  readonly slots: number;
  /** The most activations and their gradients that live at one time. */
  readonly activations: number;
  /** Running statistics, a workspace for products, readings and the small buffers around a step. */
  readonly rest: number;
  readonly total: number;
}

export interface Plan {
  readonly layers: readonly Layer[];
  /** Of an image as it lies on the device: resized where that is asked for. */
  readonly shape: ImageShape;
  /** Features that enter the network, and that the head puts out. */
  readonly inputs: number;
  readonly outputs: number;
  /** What of the network only tfjs can run, in words; null where it has a compiled form. */
  readonly uncompiled: string | null;
  readonly parameters: ParameterCount;
  /** Multiply-adds of one forward pass of one example. */
  readonly macsPerExample: number;
  /** 6 × MACs × batch: forward and backward, a multiply-add counted as 2; a probe's body has a forward pass only. */
  readonly flopsPerStep: number;
  /** Images trained on, after subset and validation split. */
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  readonly stepsPerEpoch: number;
  /** What the schedule multiplies: the learning rate as set, scaled by the batch size where that is asked for. */
  readonly learningRate: number;
  /** Passes of a step, whose gradients are averaged; 1: the whole batch at once. */
  readonly microBatches: number;
  /** Null: the budget is in seconds. */
  readonly steps: number | null;
  /** Images that lie on the device: both splits, used or not. */
  readonly images: number;
}

/**
 * `facts` are those of the data that is there; without them the catalog's. Throws LabError `config-invalid` with the
 * setting and the next step where the config cannot be trained, `dataset-unavailable` for own data without its facts.
 */
export function plan(config: Config, facts: DatasetFacts = datasets[config.data]): Plan {
  if (facts.classes.length === 0) throw needsFile();
  const task = tasks[config.task];
  refuseFlat(config, facts.shape);
  const shape = resizedShape(facts.shape, config['data.resolution']);
  const images = facts.train + facts.test;
  refuseTooManyPixels(config, shape, images);
  const subject = { ...facts, shape };
  const refusal = task.refusal(subject);
  if (refusal !== null) throw new LabError('config-invalid', refusal);
  const image = task.input(subject);
  const inputs = features(image);
  const outputs = task.outputs(subject);
  const layers = layersInTransfer(
    config,
    architectures[config.model].layers(config, { inputs, outputs, image }),
  );
  const batch = config['train.batchSize'];
  const validationCount = config['data.validationSize'];
  const rest = facts.train - validationCount;
  if (rest < 1) {
    throw new LabError(
      'config-invalid',
      `data.validationSize=${validationCount} leaves none of the ${facts.train} training images: choose at most ${facts.train - 1}.`,
    );
  }
  const asked = config['data.trainSize'];
  if (asked > rest) {
    throw new LabError(
      'config-invalid',
      `data.trainSize=${asked} is more than the ${rest} images that are there: choose at most ${rest}, or 0 for all.`,
    );
  }
  const trainCount = asked === 0 ? rest : asked;
  if (trainCount < batch) {
    throw new LabError(
      'config-invalid',
      `train.batchSize=${batch} is more than the ${trainCount} training images: choose at most ${trainCount}.`,
    );
  }
  requireMicroBatches(config);
  if (microBatchSize(config) < 2 && config['model.norm'] === 'batch') {
    const { 'train.microBatch': part, 'train.accumulation': parts } = config;
    const needed =
      batch < 2
        ? 'train.batchSize of at least 2'
        : part > 0
          ? 'train.microBatch of at least 2'
          : `micro-batches of at least 2, and ${batch} in ${parts} parts are of 1`;
    throw new LabError('config-invalid', `model.norm=batch needs ${needed}: one example has no variance.`);
  }
  if (config['augment.mixup'] > 0 && task.picture !== null) {
    throw new LabError(
      'config-invalid',
      `augment.mixup mixes classes and their loss, which task=${config.task} does not have: set augment.mixup to 0.`,
    );
  }
  const stepsPerEpoch = Math.floor(trainCount / batch);
  const parameters = countParameters(layers);
  const macs = macsPerExample(layers);
  return {
    layers,
    shape,
    inputs,
    outputs,
    uncompiled: uncompiledPart(layers, inputs),
    parameters,
    macsPerExample: macs,
    flopsPerStep: batch * flopsPerExample(config, layers),
    learningRate: batchScaledRate(config),
    microBatches: microBatchCount(config),
    trainCount,
    validationCount,
    testCount: facts.test,
    stepsPerEpoch,
    steps: budgetSteps(config, stepsPerEpoch),
    images,
  };
}

function flopsPerExample(config: Config, layers: readonly Layer[]): number {
  const macs = macsPerExample(layers);
  if (!isProbe(config)) return 6 * macs;
  const head = layers.filter((layer) => layer.kind === 'linear' && layer.role === 'head');
  return 2 * macs + 4 * macsPerExample(head);
}

/** The error for own data whose file nobody has chosen yet. */
export function needsFile(): LabError {
  return new LabError(
    'dataset-unavailable',
    'This link needs a dataset file: choose it, or drop it on the page (on the command line --data PATH).',
  );
}

/** Rows of numbers have no picture that could be cut, mirrored or resized. */
function refuseFlat(config: Config, { height }: ImageShape): void {
  const wish =
    config.augment !== 'none' ? `augment=${config.augment}` : `data.resolution=${config['data.resolution']}`;
  if (height > 1 || (config.augment === 'none' && config['data.resolution'] === 0)) return;
  throw new LabError(
    'config-invalid',
    `${wish} needs images, and this dataset has rows of features: choose augment=none and data.resolution=0.`,
  );
}

/** The most bytes of images that a device may be asked to hold. */
const MAX_DATA_BYTES = 2e9;

function refuseTooManyPixels(config: Config, shape: ImageShape, images: number): void {
  const bytes = images * features(shape);
  if (config['data.resolution'] === 0 || bytes <= MAX_DATA_BYTES) return;
  const most = Math.floor(config['data.resolution'] * Math.sqrt(MAX_DATA_BYTES / bytes));
  throw new LabError(
    'config-invalid',
    `data.resolution=${config['data.resolution']} makes ${formatBytes(bytes)} of ${images} images: choose at most ${most}.`,
  );
}

/**
 * What the compiled step plans; for a network that only tfjs runs, the outputs of all layers, which it keeps. It lists
 * every operation, so it is computed where it is shown and not with each plan. `planned` is the plan of the same config.
 */
export function memoryOf(
  config: Config,
  planned: Pick<Plan, 'layers' | 'inputs' | 'shape' | 'uncompiled' | 'images'>,
): MemoryPlan {
  const data = planned.images * (features(planned.shape) + 1);
  const parts = planned.uncompiled === null ? compiledMemory(config, planned) : tfjsMemory(config, planned);
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, data);
  return { data, ...parts, total };
}

type Parts = Omit<MemoryPlan, 'data' | 'total'>;
type Network = Pick<Plan, 'layers' | 'inputs' | 'shape'>;

function compiledMemory(config: Config, network: Network): Parts {
  const { parameters, arena, ...others } = programBytes(specOfConfig(config, network));
  const gradients = others.gradients + others.accumulator;
  const slots = others['slot-0'] + others['slot-1'] + others.average;
  const rest = Object.values(others).reduce((sum, bytes) => sum + bytes, 0) - slots - gradients;
  return { weights: parameters, gradients, slots, activations: arena, rest };
}

function tfjsMemory(config: Config, { layers, inputs }: Network): Parts {
  const { total, trainable } = countParameters(layers);
  const weights = FLOAT_BYTES * total;
  const gradients = FLOAT_BYTES * trainable * (microBatchCount(config) > 1 ? 2 : 1);
  const kept = optimizers[config.optimizer].slots.length + (config['train.ema'] > 0 ? 1 : 0);
  const slots = FLOAT_BYTES * trainable * kept;
  const activations = FLOAT_BYTES * microBatchSize(config) * keptFeatures(layers, inputs);
  return { weights, gradients, slots, activations, rest: 0 };
}

/** Features that the layers of the list put out, summed over an example's rows, with those that enter it. */
function keptFeatures(layers: readonly Layer[], inputs: number): number {
  let kept = inputs;
  for (const { rows, width } of flow(layers, inputs)) kept += rows * width;
  return kept;
}

function budgetSteps(config: Config, stepsPerEpoch: number): number | null {
  if (config['train.steps'] > 0) return config['train.steps'];
  if (config['train.seconds'] > 0) return null;
  return config['train.epochs'] * stepsPerEpoch;
}

/** "Inverted bottleneck 512 × 6": what a run is called until somebody renames it. */
export function runName(config: Config): string {
  const entry = architectures[config.model];
  return `${entry.label} ${(entry.shape as (config: Config) => string)(config)}`;
}

/** What a device was measured to do, by a fixed benchmark that knows nothing of the link. */
export interface DeviceSpeed {
  /** Training FLOPs a second (see `flopsPerStep`), with the optimizer's and the activations' traffic in them. */
  readonly flopsPerSecond: number;
  /** Time that one small operation costs, whatever its size; 0 where compiled steps were measured. */
  readonly secondsPerOperation: number;
}

/** Small operations that one step of these layers costs, whatever their size; counted on the tfjs runner. */
export function operationsPerStep(layers: readonly Layer[]): number {
  return 30 * [...walk(layers)].length + 40;
}

/** What of a plan decides how long it takes. */
export interface Work {
  readonly flopsPerStep: number;
  /** Small operations of one step: see `operationsPerStep`. */
  readonly operations: number;
  readonly steps: number;
}

/** Seconds on a device of that speed. */
export function secondsOfWork({ flopsPerStep, operations, steps }: Work, speed: DeviceSpeed): number {
  return (flopsPerStep / speed.flopsPerSecond + operations * speed.secondsPerOperation) * steps;
}

/** Seconds that the run will take, or null when the budget is in seconds or the device is not measured yet. */
export function estimateSeconds(planned: Plan, speed: DeviceSpeed | null): number | null {
  const { steps, layers, flopsPerStep, microBatches } = planned;
  if (steps === null || speed === null) return null;
  // Compiled steps say nothing of a network that only tfjs runs.
  if (planned.uncompiled !== null && speed.secondsPerOperation === 0) return null;
  return secondsOfWork({ flopsPerStep, operations: microBatches * operationsPerStep(layers), steps }, speed);
}
