// Device memory: a thousand steps hold as much as ten, and a run that is over holds nothing.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import type { Runner } from '../../src/engine/runner.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import {
  backends,
  deviceOf,
  eventsOf,
  everyRow,
  jobOf,
  requestOf,
  tinyConfig,
  tinyDataset,
} from './material.ts';

const settings = { 'model.width': 2, 'model.depth': 1, 'train.batchSize': 2, 'train.clipNorm': 1 } as const;

async function stepsOf(runner: Runner, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    runner.step(step, 1e-3, true);
    if (step % 50 === 49) await runner.read();
  }
  await runner.read();
}

const memory = () => {
  const { numTensors, numBytes, ...rest } = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
  return { numTensors, numBytes, gpu: rest.numBytesInGPU };
};

describe.each(backends)('on %s', (backend) => {
  test('a thousand steps leave nothing behind', async () => {
    const device = await deviceOf(backend);
    const before = memory();
    const job = jobOf(tinyConfig(settings), tinyDataset());
    const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
    const runner = await device.guard(() => createTfjsRunner(job, start));
    await device.guard(() => stepsOf(runner, 0, 20));
    const early = { ...memory(), bytes: runner.bytes() };
    await device.guard(() => stepsOf(runner, 20, 1000));
    expect({ ...memory(), bytes: runner.bytes() }).toEqual(early);
    await runner.outputs({ split: 'test', rows: everyRow(80) });
    await runner.exportState();
    expect(memory().numTensors).toBe(early.numTensors);
    runner.dispose();
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test('neither do averages and micro-batches', async () => {
    const device = await deviceOf(backend);
    const before = memory();
    const config = tinyConfig({ ...settings, 'train.microBatch': 1, 'train.ema': 0.9 });
    const job = jobOf(config, tinyDataset());
    const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
    const runner = await device.guard(() => createTfjsRunner(job, start));
    await device.guard(() => stepsOf(runner, 0, 10));
    const early = { ...memory(), bytes: runner.bytes() };
    await device.guard(() => stepsOf(runner, 10, 60));
    expect({ ...memory(), bytes: runner.bytes() }).toEqual(early);
    await runner.outputs({ split: 'test', rows: everyRow(80), isAveraged: true });
    expect(memory().numTensors).toBe(early.numTensors);
    runner.dispose();
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test('a run that ended, failed or was left holds nothing', async () => {
    const device = await deviceOf(backend);
    const before = memory().numTensors;
    await eventsOf(requestOf(device, tinyConfig({ ...settings, 'train.steps': 5 })));
    await expect(
      eventsOf(requestOf(device, tinyConfig(settings)), () => {
        throw new Error('left');
      }),
    ).rejects.toThrow('left');
    expect(memory().numTensors).toBe(before);
  });
});

test.each(['mlp-mixer', 'gmlp'] as const)(
  'a hundred steps of %s on patches leave nothing behind',
  async (model) => {
    const device = await deviceOf('wasm');
    const before = memory().numTensors;
    const job = jobOf(tinyConfig({ ...settings, model }), tinyDataset());
    const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
    const runner = await device.guard(() => createTfjsRunner(job, start));
    await device.guard(() => stepsOf(runner, 0, 20));
    const early = memory();
    await device.guard(() => stepsOf(runner, 20, 120));
    expect(memory()).toEqual(early);
    runner.dispose();
    expect(memory().numTensors).toBe(before);
  },
);
