// Everything that stands before the first step: plan, batches, and the state to start from.
import { datasets } from '../catalog/datasets/index.ts';
import { tasks } from '../catalog/tasks/index.ts';
import { type Dataset, factsOf } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { Pause } from '../core/files/byte-reader.ts';
import { elements, flow, type Layer, tensors } from '../core/layers.ts';
import { noEstimates } from '../core/noise-scale.ts';
import { decodeSafetensors, type NamedTensor } from '../core/safetensors.ts';
import { type Config, identityText } from '../experiment/config.ts';
import { microBatchSize } from '../experiment/micro-batches.ts';
import { type Plan, plan } from '../experiment/plan.ts';
import type { StartOptions } from '../experiment/protocol.ts';
import { slotsOf } from '../experiment/state-names.ts';
import { isTransfer } from '../experiment/transfer.ts';
import { variedData } from '../experiment/vary-data.ts';
import { createBatches } from './batches.ts';
import { decodeCheckpoint, type Identity, type Progress } from './checkpoint.ts';
import { initialWeights } from './initial-weights.ts';
import { createBreather } from './macrotask.ts';
import { prototypesOf, unitPixels } from './pictures.ts';
import type { Job } from './runner.ts';
import { stateSpecs } from './state-specs.ts';
import { transferredWeights } from './transferred-weights.ts';

/** Rows of the full training split that a run trains and validates on. */
export interface SplitRows {
  readonly train: Uint32Array<ArrayBuffer>;
  readonly validation: Uint32Array<ArrayBuffer>;
}

export interface Prepared {
  readonly planned: Plan;
  readonly job: Job;
  readonly identity: Identity;
  readonly progress: Progress;
  readonly state: ReadonlyMap<string, NamedTensor>;
  /** Features of the widest tensor an example leaves. */
  readonly widest: number;
}

const START: Progress = { step: 0, seconds: 0, firstLoss: null, evaluated: null, estimates: noEstimates };

/**
 * Throws LabError `config-invalid`, `checkpoint-incompatible`, or `out-of-memory` where one tensor is larger than the
 * device takes.
 */
export async function prepare(
  config: Config,
  dataset: Dataset,
  rows: SplitRows,
  options: StartOptions,
  largestTensor: number,
): Promise<Prepared> {
  const planned = plan(config, factsOf(dataset));
  const { layers } = planned;
  const size = config['train.batchSize'];
  if (rows.train.length < size)
    throw new LabError(
      'config-invalid',
      `train.batchSize=${size} is more than the ${rows.train.length} training images: choose at most ${rows.train.length}.`,
    );
  const widths = [...flow(layers, planned.inputs)].map(({ rows, width }) => rows * width);
  const widest = Math.max(planned.inputs, ...widths);
  refuseTooLarge(layers, widest * microBatchSize(config), largestTensor);
  const { picture } = tasks[config.task];
  const varied = await variedData(config, dataset, createPause());
  const { mean, std } = picture
    ? unitPixels(varied.shape.channels)
    : (varied.normalisation ?? datasets[config.data]);
  const prototypes =
    picture?.target === 'prototype' ? prototypesOf(withLabelsOf(varied, dataset), rows.train) : null;
  const batches = createBatches(rows.train, config, varied.shape);
  const { sha256, order } = dataset;
  const identity = { config: identityText(config, options.parent), sha256, order };
  const start = options.from
    ? await decodeCheckpoint(options.from, identity, options.parent)
    : { progress: START, tensors: startingWeights(config, planned, options.init) };
  if (options.from) requireTensors(layers, start.tensors);
  // Before the first update all slots are zero, and a checkpoint need not hold them.
  if (options.parent && start.progress.step > 0) requireSlots(layers, slotsOf(config), start.tensors);
  const job = { config, layers, dataset: varied, batches, mean, std, prototypes };
  return { planned, job, identity, progress: start.progress, state: start.tensors, widest };
}

/** A prototype is an image of its class, whatever the noise on labels says. */
function withLabelsOf(varied: Dataset, { train }: Dataset): Dataset {
  return { ...varied, train: { ...varied.train, labels: train.labels } };
}

/** Preparing the data of a large set takes seconds; messages are served all the while. */
function createPause(): Pause {
  const breathe = createBreather(30);
  return async () => {
    await breathe();
  };
}

function startingWeights(
  config: Config,
  { layers, shape }: Plan,
  init?: Uint8Array,
): ReadonlyMap<string, NamedTensor> {
  if (isTransfer(config) && !init)
    throw new LabError(
      'config-invalid',
      `The weights that transfer.from=${config['transfer.from']} names were not given.`,
    );
  if (!init) return new Map(initialWeights(layers, config.seed).map((tensor) => [tensor.name, tensor]));
  const { tensors: given } = decodeSafetensors(init);
  if (isTransfer(config)) return transferredWeights(layers, config.seed, given, shape);
  const weights = new Map([...given].filter(([name]) => !name.startsWith('optimizer.')));
  requireTensors(layers, weights);
  return weights;
}

/** Names and shapes must be those of the layers, no tensor missing and none left over (slots are not looked at). */
function requireTensors(layers: readonly Layer[], given: ReadonlyMap<string, NamedTensor>): void {
  const left = new Set([...given.keys()].filter((name) => !name.startsWith('optimizer.')));
  for (const { name, shape } of tensors(layers)) {
    const found = given.get(name);
    if (!found)
      throw new LabError(
        'checkpoint-incompatible',
        `Tensor ${name} of shape [${shape.join(', ')}] is missing in the file.`,
      );
    if (String(found.shape) !== String(shape))
      throw new LabError(
        'checkpoint-incompatible',
        `Tensor ${name} has shape [${found.shape.join(', ')}] in the file; the network needs [${shape.join(', ')}].`,
      );
    left.delete(name);
  }
  for (const name of left)
    throw new LabError('checkpoint-incompatible', `The network has no tensor ${name}, which is in the file.`);
}

/** A fork must not begin with half an optimizer: what is not there would silently be zero. */
function requireSlots(
  layers: readonly Layer[],
  slots: readonly string[],
  given: ReadonlyMap<string, NamedTensor>,
): void {
  const wanted = new Set(stateSpecs(layers, slots).map(({ name }) => name));
  const odd =
    [...wanted].find((name) => !given.has(name)) ?? [...given.keys()].find((name) => !wanted.has(name));
  if (odd !== undefined)
    throw new LabError(
      'checkpoint-incompatible',
      `The checkpoint was made by another optimizer, or trains other tensors (${odd}). Fork with the same rule, or start from step 0.`,
    );
}

/** Share of the device's limit that one tensor may take. */
const HEADROOM = 0.9;

function refuseTooLarge(layers: readonly Layer[], activations: number, largestTensor: number): void {
  const largest = 4 * Math.max(activations, ...tensors(layers).map(({ shape }) => elements(shape)));
  if (largest <= HEADROOM * largestTensor) return;
  const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);
  throw new LabError(
    'out-of-memory',
    `One tensor would take ${megabytes(largest)} MB; this GPU takes at most ${megabytes(HEADROOM * largestTensor)} MB. Choose a smaller width or batch size.`,
  );
}
