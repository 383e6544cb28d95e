// Runs a compiled program on the GPU behind the training loop's contract: the dataset, its order and the state stay on
// the device, a step is one submit, and a window of steps is read at once.
import { PADDING } from '../../catalog/augmentations/flip-crop.ts';
import { augmentations } from '../../catalog/augmentations/index.ts';
import { tasks } from '../../catalog/tasks/index.ts';
import { features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import { fixedNoiseLane, noiseTable } from '../../core/noise.ts';
import { streams } from '../../core/rng.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import type { Config } from '../../experiment/config.ts';
import { buildProgram } from '../../experiment/program/build-program.ts';
import { inputPlace, type Program, readingNames } from '../../experiment/program/program.ts';
import { specOfConfig } from '../../experiment/program/spec-of-config.ts';
import { slotsOf } from '../../experiment/state-names.ts';
import { pixels } from '../gather.ts';
import type { Job, Rows, Runner } from '../runner.ts';
import { statePlace } from '../state-place.ts';
import { checkedState } from '../state-specs.ts';
import { adapterOf, factsOf } from './adapter.ts';
import { type Adapter, chooseKernels, type KernelWish } from './kernel-choices.ts';
import type { Product } from './kernels/epilogue.ts';
import type { Resident } from './kernels/gather.ts';
import type { ResidentData } from './resident-data.ts';
import { createExecutor } from './step.ts';
import { sharingOf } from './variants.ts';

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** What the kernel has to cut out of images. */
function cutOf({ augment }: Config): Resident['cut'] {
  const cut = augmentations[augment].variation?.cut;
  if (cut === undefined) return null;
  if (cut === 'resized') return { kind: cut };
  const isFlips = augment === 'flips';
  return { kind: cut, padding: isFlips ? 0 : PADDING, turns: isFlips, stream: streams.augment };
}

/** Training images, then test images. */
function residentData(
  { config, dataset, batches, mean, std, prototypes }: Job,
  evaluationRows: number,
): ResidentData {
  const { shape, train, test } = dataset;
  const isNoisy = tasks[config.task].picture?.input === 'noisy';
  return {
    shape: {
      ...shape,
      count: train.labels.length + test.labels.length,
      orderLength: Math.max(batches.stepsPerEpoch * batches.size, evaluationRows),
      cut: cutOf(config),
      mixes: config['augment.mixup'] > 0,
      prototypes: prototypes ? dataset.classes.length : 0,
    },
    images: joined(train.images, test.images),
    classes: joined(train.labels, test.labels),
    table: pixels(shape, mean, std).table,
    noise: isNoisy ? noiseTable(config['task.noise']) : new Float32Array(),
    prototypes: prototypes ?? new Float32Array(),
  };
}

/** Every matrix product of a step and of scoring. */
const productsOf = ({ forward, backward, evaluation }: Program): readonly Product[] =>
  [...forward, ...backward, ...evaluation].flatMap((op) => (op.kind === 'matmul' ? [op] : []));

function noteOf(missing: readonly string[]): { note?: string } {
  if (missing.length === 0) return {};
  return {
    note: `Kernel variants that the run is recorded with cannot be used here (${missing.join(', ')}): others compute in their place, and the last bits may differ.`,
  };
}

/** A runner of the job from `initial` on the device that tfjs's backend shares, which `adapter` describes. */
export async function createWebgpuRunner(
  device: GPUDevice,
  job: Job,
  initial: ReadonlyMap<string, NamedTensor>,
  wish: KernelWish = {},
  adapter: Adapter = adapterOf(device),
): Promise<Runner> {
  const { config, layers, dataset, batches } = job;
  const trainCount = dataset.train.labels.length;
  const inputs = features(tasks[config.task].input(dataset));
  const program = buildProgram(specOfConfig(config, { layers, inputs, shape: dataset.shape }));
  const width = program.outputs.shape[1] as number;
  const state = checkedState(layers, slotsOf(config), initial);
  const kernels = await chooseKernels(adapter, productsOf(program), wish);
  const executor = await createExecutor(device, program, {
    choose: kernels.choose,
    sharing: sharingOf(factsOf(device)),
    data: residentData(job, program.evaluationBatch),
  });
  for (const { name, values } of state) executor.write(statePlace(program, name), values);

  const isResizing = cutOf(config)?.kind === 'resized';
  const capacity = program.readings.shape[0] as number;
  /** The epoch whose order is on the device. */
  let ordered = -1;
  /** Steps since the last read: whether each one's norm was wanted. */
  let pending: boolean[] = [];

  /** Puts the epoch's batches on the device, one after the other; gives where the batch of `step` begins. */
  function placeOrder(step: number): number {
    const { stepsPerEpoch, size } = batches;
    const epoch = Math.floor(step / stepsPerEpoch);
    if (epoch !== ordered) {
      const order = new Uint32Array(stepsPerEpoch * size);
      for (let index = 0; index < stepsPerEpoch; index++)
        order.set(batches.rows(epoch * stepsPerEpoch + index), index * size);
      executor.order(order);
      ordered = epoch;
    }
    return (step % stepsPerEpoch) * size;
  }

  return {
    execution: {
      runner: 'compiled',
      threads: 1,
      kernelVariants: kernels.variants,
      ...noteOf(kernels.missing),
    },
    step(step, rate, wantsNorm) {
      if (pending.length === capacity)
        throw new LabError('internal', `More than ${capacity} steps passed between two reads.`);
      const share = batches.share(step) ?? 1;
      const draw = { offset: placeOrder(step), step, seed: config.seed, share };
      const windows = isResizing ? batches.draws(step) : null;
      executor.step({ rate, step: step + 1, row: pending.length, wantsNorm, draw, windows });
      pending.push(wantsNorm);
    },
    async read() {
      const wanted = pending;
      pending = [];
      if (wanted.length === 0) return { losses: [], norms: [], squares: [] };
      const { batch, microBatches } = program;
      const values = await executor.readings(wanted.length);
      const column = (name: (typeof readingNames)[number], row: number): number =>
        values[row * readingNames.length + readingNames.indexOf(name)] as number;
      return {
        losses: wanted.map((_, row) => Math.fround(column('loss', row) / (batch * microBatches))),
        norms: wanted.flatMap((isWanted, row) => (isWanted ? [column('norm', row)] : [])),
        squares: microBatches > 1 ? wanted.map((_, row) => column('squares', row) / microBatches) : [],
      };
    },
    async outputs({ split, rows, isAveraged, given }: Rows) {
      const out = new Float32Array(rows.length * width);
      const first = split === 'train' ? 0 : trainCount;
      const piece = new Uint32Array(program.evaluationBatch);
      ordered = -1;
      const phase = given
        ? isAveraged
          ? 'averageGiven'
          : 'given'
        : isAveraged
          ? 'averageEvaluation'
          : 'evaluation';
      for (let from = 0; from < rows.length; from += piece.length) {
        const taken = rows.subarray(from, from + piece.length);
        piece.fill(first);
        for (const [index, row] of taken.entries()) piece[index] = first + row;
        executor.order(piece);
        if (given)
          executor.write(inputPlace(program), given.subarray(from * inputs, (from + taken.length) * inputs));
        const draw = { offset: 0, step: fixedNoiseLane[split], seed: config.seed, first };
        executor.evaluate(draw, taken.length, 0, phase);
        const scored = await executor.fetch(program.outputs);
        out.set(scored.subarray(0, taken.length * width), from * width);
      }
      return out;
    },
    async exportState(names) {
      const tensors: NamedTensor[] = [];
      for (const { name, shape } of state) {
        if (names && !names.has(name)) continue;
        const values = await executor.fetch({ ...statePlace(program, name), shape });
        tensors.push({ name, shape, values });
      }
      return tensors;
    },
    bytes: () => executor.bytes,
    dispose: executor.dispose,
  };
}
