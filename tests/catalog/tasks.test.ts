// What tasks make of a dataset's shape.
import { expect, test } from 'vitest';
import { tasks } from '../../src/catalog/tasks/index.ts';
import { features } from '../../src/core/dataset.ts';
import { makeConfig, runId } from '../../src/experiment/config.ts';
import { describe as describeConfig } from '../../src/experiment/describe.ts';

const cifar = { shape: { channels: 3, height: 32, width: 32 }, classes: [...'0123456789'] };

test('features that enter and leave the network', () => {
  const ends = Object.entries(tasks).map(([id, { input, outputs }]) => [
    id,
    features(input(cifar)),
    outputs(cifar),
  ]);
  expect(ends).toEqual([
    ['classify', 3072, 10],
    ['denoise', 3072, 3072],
    ['super-resolve', 768, 3072],
    ['prototype', 3072, 3072],
  ]);
});

test('the published parameter counts of the hourglass paper', () => {
  const shape = { data: 'cifar-10', model: 'hourglass', 'model.width': 3546, 'model.depth': 5 } as const;
  const denoise = { ...shape, task: 'denoise', 'model.bottleneck': 270 } as const;
  expect(describeConfig(makeConfig(denoise)).params.total).toBe(31_360_824);
  expect(describeConfig(makeConfig({ ...denoise, 'model.lift': 'fixed' })).params.trainable).toBe(20_467_512);
  const half = { ...shape, task: 'super-resolve', 'model.bottleneck': 16 } as const;
  expect(describeConfig(makeConfig(half)).params.total).toBe(14_184_000);
});

test('images of odd sides cannot be halved', () => {
  const { refusal } = tasks['super-resolve'];
  expect(refusal({ ...cifar, shape: { channels: 1, height: 7, width: 8 } })).toContain('7 × 8 pixels');
  expect(refusal(cifar)).toBe(null);
});

test('settings of one task have no effect on another', () => {
  const denoise = makeConfig({ task: 'denoise', 'train.labelSmoothing': 0.3 });
  expect(denoise['train.labelSmoothing']).toBe(0);
  expect(runId(makeConfig({ 'task.noise': 0.5 }))).toBe(runId(makeConfig()));
  expect(runId(makeConfig({ task: 'denoise', 'task.noise': 0.5 }))).not.toBe(runId(denoise));
});
