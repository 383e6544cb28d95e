// Without augmentation a dense network cannot tell shuffled pixels from plain ones: where the columns of its first matrix
// are put in the same order, every loss is the same but for the order of sums.
import { describe, expect, test } from 'vitest';
import { encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts';
import { pixelOrder } from '../../src/core/shuffle-pixels.ts';
import { prepare } from '../../src/engine/prepare.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import { deviceOf, everyRow, runners, tinyConfig, tinyDataset } from './material.ts';

const STEPS = 8;
const dataset = tinyDataset(160, 40);
const rows = { train: everyRow(160), validation: new Uint32Array(0) };

/** Column p of the result is column order[p]. */
function permuted({ name, shape, values }: NamedTensor, order: Uint32Array): NamedTensor {
  const [outputs, inputs] = shape as [number, number];
  const columns = new Float32Array(values.length);
  for (let row = 0; row < outputs; row++)
    for (let column = 0; column < inputs; column++)
      columns[row * inputs + column] = values[row * inputs + (order[column] as number)] as number;
  return { name, shape, values: columns };
}

async function curve(
  settings: Named,
  makeRunner: RunnerMaker,
  order: Uint32Array | null,
): Promise<readonly number[]> {
  const config = tinyConfig({ ...settings, 'data.shufflePixels': order !== null });
  const start = await prepare(config, dataset, rows, {}, Number.POSITIVE_INFINITY);
  const weights = [...start.state.values()].map((tensor) =>
    order && tensor.name === 'linear_in.weight' ? permuted(tensor, order) : tensor,
  );
  const options = { init: encodeSafetensors(weights) };
  const { job, state } = await prepare(config, dataset, rows, options, Number.POSITIVE_INFINITY);
  const runner = await makeRunner(job, state);
  for (let step = 0; step < STEPS; step++) runner.step(step, 0.003, false);
  const { losses } = await runner.read();
  runner.dispose();
  return losses;
}

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  test.each(['isotropic', 'inverted-bottleneck'] as const)('%s', async (model) => {
    await deviceOf(backend);
    const settings: Named = { model, 'model.width': 16, seed: 2 };
    const plain = await curve(settings, makeRunner, null);
    const shuffled = await curve(settings, makeRunner, pixelOrder(dataset.shape, 2));
    expect(plain).toHaveLength(STEPS);
    for (const [step, loss] of shuffled.entries())
      expect(Math.abs(loss / (plain[step] as number) - 1), `step ${step}`).toBeLessThan(1e-5);
  });
});

test('the pixels are shuffled indeed: without the columns in order the first loss is another', async () => {
  const settings: Named = { model: 'isotropic', 'model.width': 16, seed: 2 };
  const { backend, makeRunner } = runners[0] as (typeof runners)[number];
  await deviceOf(backend);
  const plain = await curve(settings, makeRunner, null);
  const kept = await curve(settings, makeRunner, everyRow(64));
  expect(Math.abs((kept[0] as number) - (plain[0] as number))).toBeGreaterThan(1e-3);
});
