// Faults of the device: what it reports voids the window, a lost device ends the run, nothing changes in silence.
import { describe, expect, test } from 'vitest';
import { openDevice } from '../../src/engine/device.ts';
import { type TrainEvent, train } from '../../src/engine/train.ts';
import { ofKind, requestOf, series, tinyConfig } from './material.ts';

const endless = tinyConfig({ 'train.steps': 100_000 });

/** Trains until the first report, then does `harm`; what was reported after that and what was thrown. Turns report nothing. */
async function harmed(backend: 'webgpu', harm: (device: GPUDevice) => void) {
  const device = await openDevice(backend);
  const before: TrainEvent[] = [];
  const after: TrainEvent[] = [];
  let isHarmed = false;
  try {
    for await (const event of train(requestOf(device, endless))) {
      if (event.kind !== 'turn') (isHarmed ? after : before).push(event);
      if (event.kind !== 'metrics' || isHarmed) continue;
      isHarmed = true;
      harm(device.gpu as GPUDevice);
    }
  } catch (thrown) {
    return { before, after, thrown, device };
  }
  throw new Error('the run did not fail');
}

describe('a WebGPU device that fails', () => {
  test.each([
    ['a validation error', (gpu: GPUDevice) => void gpu.createBuffer({ size: 16, usage: 0x9999 })],
    [
      'a buffer over the limit',
      (gpu: GPUDevice) => void gpu.createBuffer({ size: 2 ** 45, usage: GPUBufferUsage.STORAGE }),
    ],
  ])('%s outside the window voids the next one', async (_name, harm) => {
    const { before, after, thrown, device } = await harmed('webgpu', harm);
    expect(series(before, 'train/loss').length).toBeGreaterThan(0);
    expect(after).toEqual([]);
    expect(thrown).toMatchObject({ code: expect.stringMatching(/^(device-error|out-of-memory)$/) });
    device.close();
  });

  test('an error inside the window voids it', async () => {
    const device = await openDevice('webgpu');
    const inside = device.guard(async () => {
      device.gpu?.createBuffer({ size: 16, usage: 0x9999 });
      return 1;
    });
    await expect(inside).rejects.toMatchObject({ code: 'device-error' });
    await expect(device.guard(async () => 2)).resolves.toBe(2);
    device.close();
  });

  test('a destroyed device ends the run as lost', async () => {
    const { after, thrown, device } = await harmed('webgpu', (gpu) => gpu.destroy());
    expect(after).toEqual([]);
    expect(thrown).toMatchObject({ code: 'device-lost' });
    expect(device.lost()).toContain('destroyed');
    const next = await openDevice('webgpu');
    expect(await next.guard(async () => 'works')).toBe('works');
    next.close();
  });
});

describe('which backend', () => {
  test('auto takes WASM where the GPU is a software adapter, and says so', async () => {
    const device = await openDevice('auto');
    expect(device.info).toMatchObject({ backend: 'wasm', runner: 'compiled' });
    expect(device.info.note).toContain('software adapter');
  });

  test('a backend that changed under a run is an error', async () => {
    const device = await openDevice('wasm');
    await openDevice('cpu');
    await expect(device.guard(async () => 1)).rejects.toMatchObject({ code: 'device-error' });
  });

  test('a network with a tensor over the limit is refused before anything is allocated', async () => {
    const device = await openDevice('wasm');
    const small = { ...device, largestTensor: 1000 };
    await expect(train(requestOf(small, endless)).next()).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  test('no run without a checkpoint before its end', async () => {
    const device = await openDevice('cpu');
    const events: TrainEvent[] = [];
    for await (const event of train(requestOf(device, endless, { isStopped: () => true })))
      events.push(event);
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'initial', 'checkpoint', 'ended']);
    expect(ofKind(events, 'ended')).toMatchObject([{ outcome: 'stopped', step: 0 }]);
  });
});
