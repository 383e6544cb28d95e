// Sizes that no tile likes: widths of 1, 3 and 37, batches of 1 and 7, one block and 64, against plain tfjs operations.
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { createWebgpuRunner } from '../../src/engine/webgpu/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import { deviceOf, jobOf, tinyConfig, tinyDataset } from './material.ts';

const STEPS = 3;

async function lossesOf(settings: Named, makeRunner: RunnerMaker): Promise<readonly number[]> {
  const config = tinyConfig(settings);
  const job = jobOf(config, tinyDataset());
  const state = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
  const runner = await makeRunner(job, state);
  for (let step = 0; step < STEPS; step++) runner.step(step, 1e-3, false);
  const { losses } = await runner.read();
  runner.dispose();
  return losses;
}

async function expectSame(settings: Named, makeRunner: RunnerMaker): Promise<void> {
  await deviceOf('cpu');
  const wanted = await lossesOf(settings, createTfjsRunner);
  const losses = await lossesOf(settings, makeRunner);
  expect(losses).toHaveLength(STEPS);
  for (const [step, loss] of losses.entries()) {
    const expected = wanted[step] as number;
    expect(Math.abs(loss - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
  }
}

const shapes: readonly [string, Named][] = [
  [
    'width 1, batch 7, one layer',
    { model: 'isotropic', 'model.width': 1, 'model.depth': 1, 'train.batchSize': 7 },
  ],
  ['width 3, batch 1', { 'model.width': 3, 'model.depth': 1, 'train.batchSize': 1 }],
  ['width 37, batch 7', { 'model.width': 37, 'model.depth': 2, 'train.batchSize': 7 }],
  [
    'hourglass 37 to 3, batch 7, BatchNorm',
    { model: 'hourglass', 'model.width': 37, 'model.bottleneck': 3, 'model.depth': 1, 'train.batchSize': 7 },
  ],
  [
    'width 37 as written, batch 7, dropout',
    {
      model: 'isotropic',
      'model.width': 37,
      'model.depth': 3,
      'model.order': 'written',
      'model.dropout': 0.2,
      'train.batchSize': 7,
    },
  ],
  [
    'width 3, batch 1, norm after the sum, dropout',
    {
      'model.width': 3,
      'model.depth': 2,
      'model.normPosition': 'post',
      'model.dropout': 0.5,
      'train.batchSize': 1,
    },
  ],
  [
    'width 37, batch 7, BatchNorm, no skip connections',
    { 'model.width': 37, 'model.norm': 'batch', 'model.skip': false, 'train.batchSize': 7 },
  ],
  // Plain gradient steps: Adam divides by gradients that 64 blocks leave near zero, so that it shows rounding alone.
  ['64 blocks of width 37', { 'model.width': 37, 'model.depth': 64, 'train.batchSize': 7, optimizer: 'sgd' }],
];

describe('odd sizes', () => {
  test.each(shapes)('CPU kernels: %s', (_, settings) =>
    expectSame(settings, (job, state) => createWasmRunner(job, state, 1)),
  );

  test.each(shapes)('WebGPU: %s', (_, settings) =>
    expectSame(settings, async (job, state) => {
      const { gpu } = await deviceOf('webgpu');
      return createWebgpuRunner(gpu as GPUDevice, job, state);
    }),
  );
});
