// Without augmentation a dense network cannot tell shuffled pixels from plain ones: where the columns of its first matrix
// are put in the same order, every loss is the same but for the order of sums.
import { describe, expect, test } from 'vitest';
import type { Split } from '../../src/core/dataset.ts';
import { stream } from '../../src/core/rng.ts';
import { encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts';
import { pixelOrder } from '../../src/core/shuffle-pixels.ts';
import { prepare } from '../../src/engine/prepare.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import type { Named } from '../../src/experiment/config.ts';
import {
  deviceOf,
  eventsOf,
  everyRow,
  requestOf,
  runners,
  series,
  tinyConfig,
  tinyDataset,
} from './material.ts';

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

/** Two lit pixels of four, in every way. */
const TEXTURES = [
  [1, 1, 0, 0],
  [1, 0, 1, 0],
  [1, 0, 0, 1],
  [0, 1, 1, 0],
  [0, 1, 0, 1],
  [0, 0, 1, 1],
] as const;
const CLASSES = 4;

/** Images whose class is a texture of 2 × 2 pixels, on a quarter of the patches, wherever they are. */
function textures(count: number, seed: number): Split {
  const random = stream(seed, 78);
  const labels = Uint8Array.from({ length: count }, (_, row) => row % CLASSES);
  const images = new Uint8Array(count * 64);
  for (let row = 0; row < count; row++)
    for (let patch = 0; patch < 16; patch++) {
      const isOwn = random.integer(4, 2 * patch, row) === 0;
      const kind = isOwn ? (labels[row] as number) : CLASSES + random.integer(2, 2 * patch + 1, row);
      const corner = row * 64 + Math.floor(patch / 4) * 16 + (patch % 4) * 2;
      for (const [pixel, lit] of (TEXTURES[kind] ?? []).entries())
        images[corner + Math.floor(pixel / 2) * 8 + (pixel % 2)] = 200 * lit;
    }
  return { images, labels };
}

test('a Mixer can: what its patches show is lost where pixels are shuffled', async () => {
  const device = await deviceOf('wasm');
  const local = { ...tinyDataset(), train: textures(800, 1), test: textures(400, 2) };
  const accuracy = async (shuffled: boolean): Promise<number> => {
    const config = tinyConfig({
      model: 'mlp-mixer',
      'model.patch': 2,
      'model.width': 16,
      'model.depth': 1,
      'data.shufflePixels': shuffled,
      'optimizer.learningRate': 0.01,
      'train.batchSize': 32,
      'train.steps': 150,
      'train.evaluateEvery': 100,
    });
    const events = await eventsOf(requestOf(device, config, { dataset: local }));
    return series(events, 'test/accuracy').at(-1)?.[1] ?? Number.NaN;
  };
  const [plain, shuffled] = [await accuracy(false), await accuracy(true)];
  expect(plain).toBeGreaterThan(0.9);
  expect(shuffled).toBeLessThan(plain - 0.2);
});
