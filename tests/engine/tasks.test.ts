// The tasks on images: PyTorch's numbers on every runner, and whole runs with their scores.
import { beforeAll, describe, expect, test } from 'vitest';
import { streams } from '../../src/core/rng.ts';
import type { Device } from '../../src/engine/device.ts';
import type { RunnerMaker } from '../../src/engine/runner.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { tasksGolden } from '../reference/tasks.ts';
import { gradientsFrom, holdContract } from './contract.ts';
import { unpackCase } from './golden.ts';
import { deviceOf, eventsOf, ofKind, requestOf, runners, series, tinyConfig } from './material.ts';

const cases = tasksGolden.cases.map(unpackCase);

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });
  test.each(cases.map((entry) => [entry.title, entry] as const))('%s', async (_title, entry) => {
    await holdContract(device, makeRunner, entry, await gradientsFrom(makeRunner, entry));
  });
});

describe('whole runs', () => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf('wasm');
  });
  const settings = {
    'train.steps': 60,
    'optimizer.learningRate': 0.01,
    'model.width': 32,
    'data.validationSize': 0,
  };

  test.each(['denoise', 'super-resolve', 'prototype'] as const)('%s learns', async (task) => {
    const config = tinyConfig({ ...settings, task });
    const makeRunner: RunnerMaker = (job, state) => createWasmRunner(job, state, 1);
    const events = await eventsOf(requestOf(device, config, { makeRunner }));
    expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
    for (const name of ['test/psnr', 'test/ssim'] as const) {
      const scores = series(events, name);
      expect(scores).toHaveLength(3);
      expect(scores.at(-1)?.[1] ?? 0).toBeGreaterThan(scores[0]?.[1] ?? 1);
    }
    // Of 80 images there is one batch of 128: its PSNR is that of the loss.
    const loss = series(events, 'test/loss').at(-1)?.[1] ?? 0;
    expect(series(events, 'test/psnr').at(-1)?.[1]).toBeCloseTo(-10 * Math.log10(loss), 9);
    expect(series(events, 'test/accuracy')).toEqual([]);
    const losses = series(events, 'train/loss').map(([, value]) => value);
    expect(losses.at(-1) ?? 1).toBeLessThan(0.7 * (losses[0] ?? 0));
  });

  test('a trace names what drew the noise, and the prototypes', async () => {
    const linesOf = async (task: 'denoise' | 'prototype') => {
      const config = tinyConfig({ task, seed: 6 });
      const events = await eventsOf(requestOf(device, config, { options: { trace: 2, untilStep: 2 } }));
      return ofKind(events, 'trace').flatMap(({ lines }) => lines);
    };
    const noise = { seed: 6, stream: streams.noise };
    expect((await linesOf('denoise')).map((line) => line.noise)).toEqual([
      { ...noise, step: 0 },
      { ...noise, step: 1 },
    ]);
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect((await linesOf('prototype')).map((line) => line.prototypes)).toEqual([rows, rows]);
  });

  test('a prototype of every class is needed', async () => {
    const rows = {
      train: Uint32Array.from({ length: 16 }, (_, row) => 10 * row),
      validation: new Uint32Array(0),
    };
    const request = requestOf(device, tinyConfig({ task: 'prototype' }), { rows });
    await expect(eventsOf(request)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('none of the 16 is of class 1: raise data.trainSize'),
    });
  });
});
