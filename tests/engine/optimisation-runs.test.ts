// Whole runs with what can be changed about an update: what is reported, and that stopping and going on changes no bit.
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import type { TrainEvent } from '../../src/engine/train.ts';
import type { Named } from '../../src/experiment/config.ts';
import type { CheckpointBytes } from '../../src/experiment/protocol.ts';
import { deviceOf, eventsOf, ofKind, requestOf, runners, series, tinyConfig } from './material.ts';

const lastBytes = (events: readonly TrainEvent[]): CheckpointBytes =>
  ofKind(events, 'checkpoint').at(-1)?.bytes ?? [];
async function stateOf(events: readonly TrainEvent[]) {
  const parts = await Promise.all(lastBytes(events).map((blob) => blob.arrayBuffer()));
  return [...decodeSafetensors(new Uint8Array(await new Blob(parts).arrayBuffer())).tensors];
}

const cases: readonly (readonly [string, Named])[] = [
  [
    'averaged, decay on matrices',
    { 'train.ema': 0.8, 'optimizer.weightDecay': 0.1, 'optimizer.decayGroup': 'matrices' },
  ],
  [
    'averaged, in micro-batches, clipped',
    {
      'train.ema': 0.9,
      'train.microBatch': 4,
      'train.clipNorm': 0.5,
      optimizer: 'sgd',
      'model.dropout': 0.1,
    },
  ],
  ['averaged with BatchNorm', { model: 'hourglass', 'train.ema': 0.5, optimizer: 'lion' }],
];

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  test.each(cases)('%s: the same bits after a stop', async (_, settings) => {
    const device = await deviceOf(backend);
    const config = tinyConfig({ 'train.steps': 22, augment: 'flip-crop', schedule: 'cosine', ...settings });
    const run = (options: { untilStep?: number; from?: CheckpointBytes }) =>
      eventsOf(requestOf(device, config, { makeRunner, options }));
    const whole = await run({});
    const first = await run({ untilStep: 7 });
    const second = await run({ from: lastBytes(first) });
    for (const name of ['train/loss', 'test/loss', 'test/average-loss', 'test/average-accuracy'] as const) {
      expect(series(whole, name).length).toBeGreaterThan(0);
      expect([...series(first, name), ...series(second, name)]).toEqual(series(whole, name));
    }
    for (const name of ['gradient/noise-scale', 'gradient/signal', 'gradient/noise'] as const)
      expect([...series(first, name), ...series(second, name)]).toEqual(series(whole, name));
    expect(series(whole, 'test/average-loss')).not.toEqual(series(whole, 'test/loss'));
    expect(await stateOf(second)).toEqual(await stateOf(whole));
  });
});
