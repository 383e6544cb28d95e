// What the device does in a second, by a fixed benchmark of about one second and a few megabytes that knows nothing
// of any link: whole training steps of one small network, and the cost of one small operation.
import * as tf from '@tensorflow/tfjs-core';
import { architectures } from '../catalog/architectures/index.ts';
import type { Dataset } from '../core/dataset.ts';
import { macsPerExample } from '../core/layers.ts';
import { makeConfig } from '../experiment/config.ts';
import { type DeviceSpeed, operationsPerStep } from '../experiment/plan.ts';
import type { Device } from './device.ts';
import { initialWeights } from './initial-weights.ts';
import type { Job, RunnerMaker } from './runner.ts';

const BATCH = 128;
const SIDE = 28;
const SMALL_PER_ROUND = 50;
/** How long each of the two is repeated after a first round that compiles and allocates. */
const MEASURE_MS = 400;

/**
 * Speed of training on the device, an optimizer's and the activations' traffic included, and the time of one small
 * operation. Throws what the device's guard throws.
 */
export function measureSpeed(device: Device, makeRunner: RunnerMaker): Promise<DeviceSpeed> {
  return device.guard(async () => {
    // A compiled step is one call: its operations cost what they compute.
    const secondsPerOperation = device.info.runner === 'compiled' ? 0 : await smallOperation();
    const job = benchmark();
    const weights = initialWeights(job.layers, 0);
    const runner = await makeRunner(job, new Map(weights.map((tensor) => [tensor.name, tensor])));
    try {
      const seconds = await secondsPerRound(async (count) => {
        for (let step = 0; step < count; step++) runner.step(step, 0, false);
        await runner.read();
      });
      const flops = 6 * macsPerExample(job.layers) * BATCH;
      const products = seconds - operationsPerStep(job.layers) * secondsPerOperation;
      return { flopsPerSecond: flops / Math.max(products, seconds / 4), secondsPerOperation };
    } finally {
      runner.dispose();
    }
  });
}

/** One inverted bottleneck block on one batch of noise. */
function benchmark(): Job {
  const config = makeConfig({ 'model.depth': 1, 'train.batchSize': BATCH });
  const features = SIDE * SIDE;
  const layers = architectures['inverted-bottleneck'].layers(config, { inputs: features, outputs: 10 });
  const images = Uint8Array.from({ length: BATCH * features }, (_, index) => (index * 7919) % 251);
  const split = { images, labels: Uint8Array.from({ length: BATCH }, (_, row) => row % 10) };
  const dataset: Dataset = {
    id: 'benchmark',
    order: 'benchmark',
    sha256: '',
    shape: { channels: 1, height: SIDE, width: SIDE },
    classes: Array.from({ length: 10 }, (_, index) => String(index)),
    train: split,
    test: split,
  };
  const rows = Uint32Array.from({ length: BATCH }, (_, row) => row);
  const batches = { size: BATCH, stepsPerEpoch: 1, rows: () => rows, draws: () => null, share: () => null };
  return { config, layers, dataset, batches, mean: [0.5], std: [0.5], prototypes: null };
}

async function smallOperation(): Promise<number> {
  const one = tf.keep(tf.scalar(1));
  const small = tf.keep(tf.fill([64], 1));
  const round = (): tf.Tensor =>
    tf.tidy(() => {
      let value = small as tf.Tensor;
      for (let index = 0; index < SMALL_PER_ROUND; index++) value = tf.mul(value, one);
      return value;
    });
  try {
    const seconds = await secondsPerRound(async (count) => {
      for (let index = 1; index < count; index++) round().dispose();
      const last = round();
      await last.data();
      last.dispose();
    });
    return seconds / SMALL_PER_ROUND;
  } finally {
    one.dispose();
    small.dispose();
  }
}

/** Mean time of one round, `run(count)` doing several and waiting for them, over about `measureMs`. */
export async function secondsPerRound(
  run: (count: number) => Promise<void>,
  measureMs = MEASURE_MS,
): Promise<number> {
  await run(1);
  const begin = performance.now();
  let rounds = 0;
  let count = 1;
  while (performance.now() - begin < measureMs) {
    await run(count);
    rounds += count;
    count = Math.min(
      2 * count,
      256,
      Math.max(1, Math.floor((0.2 * measureMs * rounds) / (performance.now() - begin))),
    );
  }
  return (performance.now() - begin) / 1000 / rounds;
}
