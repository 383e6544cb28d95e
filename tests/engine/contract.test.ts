// Every runner on every backend against PyTorch's numbers. The bounds are the house's; none may be widened.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { factsOf } from '../../src/core/dataset.ts';
import { tensors } from '../../src/core/layers.ts';
import { createBudget } from '../../src/engine/budget.ts';
import type { Device } from '../../src/engine/device.ts';
import { gather, pixels, targets } from '../../src/engine/gather.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { crossEntropy, forward } from '../../src/engine/tfjs/network.ts';
import { createScalars } from '../../src/engine/tfjs/scalars.ts';
import { createState } from '../../src/engine/tfjs/state.ts';
import { wantsNorm } from '../../src/engine/window.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { type GoldenCase, goldenBatches, goldenCases, goldenDataset, goldenSteps } from './golden.ts';
import { deviceOf, jobOf, relative, runners } from './material.ts';

const facts = factsOf(goldenDataset);
const hasBatchNorm = ({ config }: GoldenCase): boolean => config['model.norm'] === 'batch';
/** SGD and AdamW with GELU and LayerNorm follow to 1e-5; elsewhere ten times the reference's own spread. */
const isSmooth = ({ config }: GoldenCase): boolean =>
  !hasBatchNorm({ config } as GoldenCase) && config.optimizer !== 'lion';

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

/** The same from any runner: without decay the first momentum buffer of SGD is the gradient. */
async function gradientsFrom(
  makeRunner: RunnerMaker,
  { config, start }: GoldenCase,
): Promise<Map<string, Float32Array>> {
  const plain = makeConfig({
    ...config,
    optimizer: 'sgd',
    'optimizer.weightDecay': 0,
    'train.clipNorm': 0,
  } as Named);
  const weights = new Map([...start].filter(([name]) => !name.startsWith('optimizer.')));
  const runner = await makeRunner(jobOf(plain, goldenDataset, goldenBatches), weights);
  runner.step(0, 0, false);
  await runner.read();
  const slot = 'optimizer.momentum_buffer.';
  const state = await runner.exportState();
  runner.dispose();
  return new Map(
    state.flatMap(({ name, values }) =>
      name.startsWith(slot) ? [[name.slice(slot.length), values] as const] : [],
    ),
  );
}

describe.each(runners)('$title', ({ backend, makeRunner, title }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });
  test.each(goldenCases.map((entry) => [entry.title, entry] as const))('%s', async (_title, entry) => {
    const { config, start } = entry;
    const bound = hasBatchNorm(entry) ? 1e-4 : 1e-5;
    const job = jobOf(config, goldenDataset, goldenBatches);
    const budget = createBudget(config, plan(config, facts));

    const gradients = title.startsWith('tfjs')
      ? await gradientsOf(entry)
      : await gradientsFrom(makeRunner, entry);
    expect([...gradients.keys()].sort()).toEqual([...entry.gradients.keys()].sort());
    for (const [name, { values }] of entry.gradients)
      expect(relative(gradients.get(name) as Float32Array, values), name).toBeLessThan(bound);

    const runner = await makeRunner(job, start);
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 0; step < goldenSteps; step++) {
      expect(budget.rate(step, 0)).toBeCloseTo(entry.rates[step] as number, 12);
      runner.step(step, budget.rate(step, 0), true);
      const read = await device.guard(() => runner.read());
      losses.push(...read.losses);
      norms.push(...read.norms);
      if (step > 0) continue;
      const state = new Map((await runner.exportState()).map((tensor) => [tensor.name, tensor.values]));
      for (const [name, { values }] of entry.updated)
        expect(relative(state.get(name) as Float32Array, values), name).toBeLessThan(bound);
      for (const [slot, held] of Object.entries(entry.slots))
        for (const [name, { values }] of held)
          expect(
            relative(state.get(`optimizer.${slot}.${name}`) as Float32Array, values),
            `${slot} ${name}`,
          ).toBeLessThan(bound);
    }
    const off = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);
    expect(off(losses[0] as number, entry.losses[0] as number)).toBeLessThan(1e-5);
    expect(off(norms[0] as number, entry.norms[0] as number)).toBeLessThan(bound);
    const free = Math.max(...losses.map((loss, step) => off(loss, entry.losses[step] as number)));
    expect(free).toBeLessThan(isSmooth(entry) ? 1e-5 : 10 * entry.spread);

    const state = new Map((await runner.exportState()).map((tensor) => [tensor.name, tensor.values]));
    for (const [name, { values }] of entry.final)
      expect(relative(state.get(name) as Float32Array, values), name).toBeLessThan(bound);
    for (const { name, kind } of tensors(job.layers))
      if (kind === 'buffer')
        expect(
          relative(state.get(name) as Float32Array, entry.final.get(name)?.values ?? []),
          name,
        ).toBeLessThan(1e-4);
    const logits = await runner.logits({ split: 'train', rows: goldenBatches.rows(0) });
    expect(relative(logits, entry.logits)).toBeLessThan(bound);
    runner.dispose();
  });
});

test('the gradient length is read every tenth step, or always when clipping', () => {
  expect([1, 9, 10, 11, 20].map((step) => wantsNorm(step, 0))).toEqual([false, false, true, false, true]);
  expect(wantsNorm(3, 1)).toBe(true);
});
