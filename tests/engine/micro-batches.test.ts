// Micro-batches on every runner: with LayerNorm 4 × 32 examples are a batch of 128, whatever is drawn for them; with
// BatchNorm they are not. And what the gradient noise scale comes to on a real network.
import { describe, expect, test } from 'vitest';
import { addEstimates, gradientEstimates, meanEstimates, noEstimates } from '../../src/core/noise-scale.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import type { Readings, RunnerMaker } from '../../src/engine/runner.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import { deviceOf, jobOf, relative, runners, tinyConfig, tinyDataset } from './material.ts';

const dataset = tinyDataset();

interface Left extends Readings {
  readonly state: ReadonlyMap<string, Float32Array>;
}

/** Plain SGD without decay: after one step its momentum buffer is the gradient. */
async function trained(makeRunner: RunnerMaker, named: Named, steps: number, rate = 0.05): Promise<Left> {
  const config = tinyConfig({ optimizer: 'sgd', ...named });
  const job = jobOf(config, dataset);
  const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
  const runner = await makeRunner(job, start);
  for (let step = 0; step < steps; step++) runner.step(step, rate, true);
  const readings = await runner.read();
  const state = new Map((await runner.exportState()).map(({ name, values }) => [name, values]));
  runner.dispose();
  return { ...readings, state };
}

/** The largest relative difference of a tensor whose name starts so. */
function distance(a: Left, b: Left, prefix = ''): number {
  const names = [...a.state.keys()].filter((name) => name.startsWith(prefix));
  expect(names.length).toBeGreaterThan(0);
  return Math.max(
    ...names.map((name) => relative(a.state.get(name) ?? [], b.state.get(name) as Float32Array)),
  );
}

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  test.each(['isotropic', 'inverted-bottleneck'] as const)('4 × 32 are 128: %s', async (model) => {
    await deviceOf(backend);
    const named = { model, 'train.batchSize': 128, 'train.clipNorm': 0.1 } as const;
    const whole = await trained(makeRunner, named, 3);
    const parts = await trained(makeRunner, { ...named, 'train.microBatch': 32 }, 3);
    expect(distance(parts, whole)).toBeLessThan(1e-6);
    expect(relative(parts.losses, whole.losses)).toBeLessThan(1e-6);
    expect(relative(parts.norms, whole.norms)).toBeLessThan(1e-6);
    // Gradients of fewer examples are longer.
    for (const [step, square] of parts.squares.entries())
      expect(square).toBeGreaterThan((parts.norms[step] as number) ** 2);
    expect(whole.squares).toEqual([]);
  });

  test.each([
    ['shifted images', { augment: 'flip-crop' }],
    ['resized windows', { augment: 'resized-crop' }],
    ['noise on the pixels', { task: 'denoise', 'model.width': 8 }],
    ['dropout', { 'model.dropout': 0.25 }],
  ] as const)('%s are drawn as for the whole batch', async (_, named) => {
    await deviceOf(backend);
    const whole = await trained(makeRunner, { ...named, 'train.batchSize': 24 }, 1);
    const parts = await trained(makeRunner, { ...named, 'train.batchSize': 24, 'train.microBatch': 6 }, 1);
    expect(distance(parts, whole)).toBeLessThan(1e-6);
  });

  test('BatchNorm sees each micro-batch by itself', async () => {
    await deviceOf(backend);
    const named = { model: 'hourglass', 'train.batchSize': 32 } as const;
    const whole = await trained(makeRunner, named, 1);
    const parts = await trained(makeRunner, { ...named, 'train.microBatch': 16 }, 1);
    expect(distance(parts, whole, 'optimizer.')).toBeGreaterThan(1e-3);
    // Its running mean has moved twice, by a tenth of the way each time: 0.19 of the mean instead of 0.1.
    const moved = distance(parts, whole, 'norms.0.running_mean');
    expect(moved).toBeGreaterThan(0.8);
    expect(moved).toBeLessThan(1);
  });
});

test('estimates from parts of batches agree with every example’s own gradient', async () => {
  const size = dataset.train.labels.length;
  const still = { 'model.width': 8, 'model.depth': 1 } as const;
  const makeRunner: RunnerMaker = (job, state) => createWasmRunner(job, state, 1);
  const every = await trained(makeRunner, { ...still, 'train.batchSize': size, 'train.microBatch': 1 }, 1, 0);
  const lengths = { parts: every.squares[0] as number, whole: (every.norms[0] as number) ** 2 };
  const truth = gradientEstimates({ part: 1, whole: size, population: size }, lengths);
  expect(truth.signal).toBe(lengths.whole);
  // At rate 0 the weights stay: 40 epochs of batches of 64 in parts of 8.
  const steps = (40 * size) / 64;
  const some = await trained(
    makeRunner,
    { ...still, 'train.batchSize': 64, 'train.microBatch': 8 },
    steps,
    0,
  );
  const all = some.squares.map((parts, step) =>
    gradientEstimates(
      { part: 8, whole: 64, population: size },
      { parts, whole: (some.norms[step] as number) ** 2 },
    ),
  );
  const mean = meanEstimates(all.reduce(addEstimates, noEstimates));
  for (const of of ['signal', 'noise'] as const) {
    const center = mean?.[of] ?? Number.NaN;
    const variance = all.reduce((sum, one) => sum + (one[of] - center) ** 2, 0) / (all.length - 1);
    expect(Math.abs(center - truth[of]), of).toBeLessThan(5 * Math.sqrt(variance / all.length));
    expect(center / truth[of], of).toBeGreaterThan(0.8);
    expect(center / truth[of], of).toBeLessThan(1.25);
  }
});
