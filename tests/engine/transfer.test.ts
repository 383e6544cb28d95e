// Transfer on every runner against PyTorch's numbers (tests/reference/transfer.py), and test-time augmentation: the same
// answers from images that go in ready as from those on the device.
import { beforeAll, describe, expect, test } from 'vitest';
import { tensors } from '../../src/core/layers.ts';
import { encodeSafetensors } from '../../src/core/safetensors.ts';
import type { Device } from '../../src/engine/device.ts';
import { gather, pixels } from '../../src/engine/gather.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import text from '../reference/transfer.json?raw';
import { gradientsFrom, holdContract } from './contract.ts';
import { type PackedCase, unpackCase } from './golden.ts';
import {
  deviceOf,
  eventsOf,
  everyRow,
  jobOf,
  ofKind,
  relative,
  requestOf,
  runners,
  series,
  tinyConfig,
  tinyDataset,
} from './material.ts';

const cases = (JSON.parse(text) as { readonly cases: readonly PackedCase[] }).cases.map(unpackCase);

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });

  test.each(cases.map((entry) => [entry.title, entry] as const))('%s', async (_, entry) => {
    await holdContract(device, makeRunner, entry, await gradientsFrom(makeRunner, entry));
    if (entry.config['transfer.mode'] !== 'probe') return;
    const runner = await makeRunner(jobOf(entry.config, tinyDataset()), entry.start);
    runner.step(0, 0.1, false);
    await device.guard(() => runner.read());
    const state = await runner.exportState();
    runner.dispose();
    for (const { name, values } of state) {
      const isHead = name.includes('linear_out.');
      // To the bit: nothing below the head moves, and nothing is kept beside it.
      if (!isHead) expect(values, name).toEqual(entry.start.get(name)?.values);
    }
  });

  test('images that go in ready give the answers of those on the device', async () => {
    const config = tinyConfig();
    const dataset = tinyDataset(160, 150);
    const job = jobOf(config, dataset);
    const weights = new Map(initialWeights(job.layers, 3).map((tensor) => [tensor.name, tensor]));
    const runner = await makeRunner(job, weights);
    const rows = everyRow(150);
    const given = new Float32Array(150 * 64);
    gather(pixels(dataset.shape, job.mean, job.std), dataset.test.images, rows, null, given);
    const own = await device.guard(() => runner.outputs({ split: 'test', rows }));
    // The rows name other images here: what is given alone counts.
    const ready = await device.guard(() => runner.outputs({ split: 'test', rows: rows.toReversed(), given }));
    runner.dispose();
    expect(relative(ready, own)).toBeLessThan(1e-7);
  });
});

describe('a whole run', () => {
  const dataset = tinyDataset();
  const body = encodeSafetensors(
    initialWeights(jobOf(tinyConfig({ 'model.width': 8 }), dataset).layers, 9),
  ) as Uint8Array<ArrayBuffer>;

  test('a probe leaves the body as it came, scores versions of the test images once, at the end', async () => {
    const device = await deviceOf('cpu');
    const config = makeConfig({
      ...tinyConfig({ augment: 'flip-crop', 'train.steps': 60, 'train.evaluateEvery': 1 }),
      'transfer.from': '0123456789abcdef',
      'transfer.mode': 'probe',
      'evaluate.tta': 3,
    });
    const events = await eventsOf(requestOf(device, config, { dataset, options: { init: body } }));
    expect(ofKind(events, 'ended')[0]?.outcome).toBe('finished');
    expect(series(events, 'test/accuracy').length).toBeGreaterThan(1);
    expect(series(events, 'test/tta-accuracy')).toHaveLength(1);
    expect(series(events, 'test/tta-loss')[0]?.[0]).toBe(60);
    const { layers } = jobOf(config, dataset);
    expect(
      tensors(layers)
        .filter(({ trainable }) => trainable)
        .map(({ name }) => name),
    ).toEqual(['linear_out.weight', 'linear_out.bias']);
  });

  test('a transfer without its weights is refused', async () => {
    const device = await deviceOf('cpu');
    const config = makeConfig({ ...tinyConfig(), 'transfer.from': '0123456789abcdef' });
    await expect(eventsOf(requestOf(device, config, { dataset }))).rejects.toThrow('0123456789abcdef');
  });
});
