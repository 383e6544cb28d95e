// What computes a run: its words, and which networks have a compiled form.
import { expect, test } from 'vitest';
import type { Layer } from '../../src/core/layers.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { executionOf, executionWords } from '../../src/experiment/execution.ts';
import { memoryOf, plan } from '../../src/experiment/plan.ts';
import { uncompiledPart } from '../../src/experiment/program/network.ts';

test('runner and place are one phrase', () => {
  const words = (backend: 'webgpu' | 'wasm' | 'cpu', runner: 'compiled' | 'tfjs', threads = 1) =>
    executionWords({ backend, runner, threads });
  expect(words('webgpu', 'compiled')).toBe('compiled · WebGPU');
  expect(words('wasm', 'compiled', 2)).toBe('compiled · CPU, 2 threads');
  expect(words('wasm', 'compiled')).toBe('compiled · CPU, 1 thread');
  expect(words('webgpu', 'tfjs')).toBe('tfjs · webgpu');
});

test('what is recorded of a device is what decides about bits', () => {
  const device = {
    backend: 'webgpu',
    runner: 'compiled',
    threads: 1,
    adapter: 'a',
    fallbackAdapter: false,
  } as const;
  expect(executionOf({ ...device, note: 'n', kernelVariants: { a: 'tile32' } })).toEqual({
    backend: 'webgpu',
    runner: 'compiled',
    threads: 1,
    kernelVariants: { a: 'tile32' },
  });
});

test('every architecture of rows has a compiled form; other lists name the part that has none', () => {
  for (const model of ['isotropic', 'inverted-bottleneck', 'hourglass'] as const) {
    const { layers, inputs } = plan(makeConfig({ model }));
    expect(uncompiledPart(layers, inputs)).toBeNull();
  }
  for (const model of ['mlp-mixer', 'gmlp'] as const)
    expect(plan(makeConfig({ model })).uncompiled).toBe('layers that work on patches');
  const gelu: Layer = { kind: 'activation', function: 'gelu' };
  expect(uncompiledPart([gelu], 4)).toBe('an activation without a matrix or norm before it');
});

test('a network that only tfjs runs has a memory plan too', () => {
  const config = makeConfig({ data: 'digits', 'model.width': 8, 'model.depth': 1, 'train.batchSize': 16 });
  const planned = { ...plan(config), images: 100 };
  const { layers, inputs, parameters } = planned;
  const compiled = memoryOf(config, planned);
  const odd: readonly Layer[] = [{ kind: 'activation', function: 'gelu' }, ...layers];
  const other = memoryOf(config, { ...planned, layers: odd, uncompiled: uncompiledPart(odd, inputs) });
  expect(other).toMatchObject({
    data: compiled.data,
    weights: 4 * parameters.total,
    slots: 8 * parameters.trainable,
  });
  // Input, gelu of it, lift, then norm, two matrices and an activation of the block, and the head.
  const features = 64 + 64 + 8 + 8 + 32 + 32 + 8 + 10;
  expect(other.activations).toBe(4 * 16 * features);
});
