// μP on a real network: the learning rate that is best at one width is best at 16 times the width, which it is not by
// PyTorch's start.
import { expect, test } from 'vitest';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import { jobOf, tinyConfig, tinyDataset } from './material.ts';

const dataset = tinyDataset();
/** Learning rates are 2 to the power of minus these. */
const halvings = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Steps over which losses are averaged. */
const [FROM, TO] = [10, 15] as const;

/** The halving whose loss after a few steps is the least. */
async function bestHalving(named: Named): Promise<number> {
  const job = jobOf(
    tinyConfig({ 'train.batchSize': 32, 'model.depth': 1, 'model.baseWidth': 16, ...named }),
    dataset,
  );
  const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
  const losses: number[] = [];
  for (const halving of halvings) {
    const runner = await createWasmRunner(job, start, 1);
    for (let step = 0; step < TO; step++) runner.step(step, 2 ** -halving, false);
    const last = (await runner.read()).losses.slice(FROM, TO);
    losses.push(last.reduce((sum, loss) => sum + loss, 0) / last.length);
    runner.dispose();
  }
  return halvings[losses.indexOf(Math.min(...losses))] as number;
}

test.each([
  ['mup', 0, 1],
  ['standard', 3, 5],
] as const)(
  '%s: from width 16 to 256 the best learning rate is halved %i to %i times',
  async (name, least, most) => {
    const moved =
      (await bestHalving({ 'model.parametrisation': name, 'model.width': 256 })) -
      (await bestHalving({ 'model.parametrisation': name, 'model.width': 16 }));
    expect(Math.abs(moved)).toBeGreaterThanOrEqual(least);
    expect(Math.abs(moved)).toBeLessThanOrEqual(most);
  },
);
