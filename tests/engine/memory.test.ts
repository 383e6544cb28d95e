// What a compiled runner holds on its device is what the plan said it would, the dataset included.
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../src/core/dataset.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { createWebgpuRunner } from '../../src/engine/webgpu/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import { memoryOf, plan } from '../../src/experiment/plan.ts';
import { deviceOf, jobOf, tinyConfig, tinyDataset } from './material.ts';

const WITHIN = 0.1;

function made(settings: Named) {
  const config = tinyConfig({ 'train.batchSize': 128, ...settings });
  const dataset = tinyDataset();
  const job = jobOf(config, dataset);
  const state = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
  return { job, state, planned: memoryOf(config, plan(config, factsOf(dataset))).total };
}

const configs: readonly [string, Named][] = [
  ['isotropic, SGD', { model: 'isotropic', 'model.width': 200, optimizer: 'sgd' }],
  ['inverted bottleneck, AdamW', { 'model.width': 100, 'model.depth': 5 }],
  [
    'averaged, in micro-batches',
    {
      'model.width': 100,
      'model.depth': 2,
      'train.microBatch': 16,
      'train.ema': 0.9,
      'train.batchSize': 256,
    },
  ],
  ['inverted bottleneck, 64 blocks', { 'model.width': 32, 'model.depth': 64 }],
  [
    'norm after the sum, dropout',
    { 'model.width': 100, 'model.depth': 4, 'model.normPosition': 'post', 'model.dropout': 0.1 },
  ],
  [
    'fixed lift, BatchNorm, Lion',
    { model: 'hourglass', 'model.width': 256, 'model.lift': 'fixed', optimizer: 'lion' },
  ],
];

describe('memory on the device is within 10 % of the plan', () => {
  test.each(configs)('CPU kernels: %s', async (_, settings) => {
    const { job, state, planned } = made(settings);
    const runner = await createWasmRunner(job, state, 1);
    expect(Math.abs(runner.bytes() / planned - 1)).toBeLessThan(WITHIN);
    runner.dispose();
  });

  test.each(configs.filter(([title]) => !title.includes('64')))('WebGPU: %s', async (_, settings) => {
    const { gpu } = await deviceOf('webgpu');
    const { job, state, planned } = made(settings);
    const runner = await createWebgpuRunner(gpu as GPUDevice, job, state);
    expect(Math.abs(runner.bytes() / planned - 1)).toBeLessThan(WITHIN);
    runner.dispose();
  });
});
