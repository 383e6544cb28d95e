// Every runner on every backend against PyTorch's numbers. The bounds are the house's; none may be widened.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropoutMask } from '../../src/core/dropout.ts';
import type { Dropout } from '../../src/core/layers.ts';
import type { Device } from '../../src/engine/device.ts';
import { gather, pixels, targets } from '../../src/engine/gather.ts';
import { crossEntropy, forward } from '../../src/engine/tfjs/network.ts';
import { createScalars } from '../../src/engine/tfjs/scalars.ts';
import { createState } from '../../src/engine/tfjs/state.ts';
import { wantsNorm } from '../../src/engine/window.ts';
import { plan } from '../../src/experiment/plan.ts';
import { facts, gradientsFrom, holdContract } from './contract.ts';
import { type GoldenCase, goldenBatches, goldenCases, goldenDataset } from './golden.ts';
import { deviceOf, runners } from './material.ts';

/** Gradients of the first step by name, in the official layout. */
async function gradientsOf({ config, start }: GoldenCase): Promise<Map<string, Float32Array>> {
  const { layers } = plan(config, facts);
  const scalars = createScalars();
  const state = createState(layers, [], start);
  const images = new Float32Array(goldenBatches.size * 64);
  const goal = new Float32Array(goldenBatches.size * 10);
  const rows = goldenBatches.rows(0);
  gather(pixels(goldenDataset.shape, [0.3], [0.35]), goldenDataset.train.images, rows, null, images);
  targets(goldenDataset.train.labels, rows, 10, config['train.labelSmoothing'], goal);
  const found = tf.tidy(() => {
    const gradients = new Map<string, tf.Tensor>();
    const context = {
      scalars,
      isTraining: true,
      tensor: state.get,
      gradient: (name: string, value: tf.Tensor) => gradients.set(name, value),
      dropout: (layer: Dropout, count: number) => dropoutMask(config.seed, 0, layer, count),
      buffer: () => {},
    };
    const pass = forward(context, layers, tf.tensor2d(images, [goldenBatches.size, 64]));
    pass.backward(crossEntropy(scalars, pass.output, tf.tensor2d(goal, [goldenBatches.size, 10])).gradient);
    return [...gradients].map(
      ([name, value]) => [name, tf.keep(value.rank === 2 ? tf.transpose(value) : value)] as const,
    );
  });
  const result = new Map<string, Float32Array>();
  for (const [name, value] of found) result.set(name, new Float32Array(await value.data()));
  for (const [, value] of found) value.dispose();
  state.dispose();
  scalars.dispose();
  return result;
}

describe.each(runners)('$title', ({ backend, makeRunner, title }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });
  const cases = goldenCases.filter(
    ({ config }) => title.startsWith('tfjs') || plan(config, facts).uncompiled === null,
  );
  test.each(cases.map((entry) => [entry.title, entry] as const))('%s', async (_title, entry) => {
    const gradients = title.startsWith('tfjs')
      ? await gradientsOf(entry)
      : await gradientsFrom(makeRunner, entry);
    await holdContract(device, makeRunner, entry, gradients);
  });
});

test('the gradient length is read every tenth step, or always when clipping', () => {
  expect([1, 9, 10, 11, 20].map((step) => wantsNorm(step, false))).toEqual([false, false, true, false, true]);
  expect(wantsNorm(3, true)).toBe(true);
});
