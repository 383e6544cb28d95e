// What every runner is held to: PyTorch's numbers of a small network from its first gradient to its outputs. The bounds
// are the house's; none may be widened.
import { expect } from 'vitest';
import { factsOf } from '../../src/core/dataset.ts';
import { tensors } from '../../src/core/layers.ts';
import { createBudget } from '../../src/engine/budget.ts';
import type { Device } from '../../src/engine/device.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { type GoldenCase, goldenBatches, goldenDataset, goldenSteps } from './golden.ts';
import { jobOf, relative } from './material.ts';

export const facts = factsOf(goldenDataset);
const hasBatchNorm = ({ config }: GoldenCase): boolean => config['model.norm'] === 'batch';
/** SGD and AdamW with GELU and LayerNorm follow to 1e-5; elsewhere ten times the reference's own spread. */
const isSmooth = ({ config }: GoldenCase): boolean =>
  !hasBatchNorm({ config } as GoldenCase) && config.optimizer !== 'lion';

/** Gradients of the first step by name, from any runner: without decay the first momentum buffer of SGD is the gradient. */
export async function gradientsFrom(
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

/** `gradients` are those of the first step. */
export async function holdContract(
  device: Device,
  makeRunner: RunnerMaker,
  entry: GoldenCase,
  gradients: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  const { config, start } = entry;
  const bound = hasBatchNorm(entry) ? 1e-4 : 1e-5;
  const job = jobOf(config, goldenDataset, goldenBatches);
  const budget = createBudget(config, plan(config, facts));

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
  const outputs = await runner.outputs({ split: 'train', rows: goldenBatches.rows(0) });
  expect(relative(outputs, entry.outputs)).toBeLessThan(bound);
  runner.dispose();
}
