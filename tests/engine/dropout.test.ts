// Dropout in both compiled runners' kernels, bit for bit the masks of core/dropout.ts at any seed, step and site.
import { expect, test } from 'vitest';
import { dropoutKey, dropoutMask, dropoutScale, dropoutThreshold } from '../../src/core/dropout.ts';
import * as operations from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { wordsOfDraw } from '../../src/engine/webgpu/kernels/draw.ts';
import { pointwise } from '../../src/engine/webgpu/kernels/pointwise.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { guarded } from './wasm-guard.ts';
import { numbers, plainGpu, run } from './webgpu-device.ts';
import { placer, prove, sizes } from './webgpu-prove.ts';

const draws = [
  { seed: 0, step: 0, rate: 0.5, site: 0, microBatch: 0 },
  { seed: 2 ** 31 - 1, step: 123_456_789, rate: 0.95, site: 1023, microBatch: 0 },
  { seed: 3, step: 2 ** 24 + 1, rate: 0.1, site: 7, microBatch: 5 },
];
const counts = [1, 3, 4, 7, 8, 12, 37, 64, 20_003];

/** −0 and 0 are the same here. */
const expected = (x: Float32Array, mask: Float32Array): number[] =>
  Array.from(x, (value, i) => Math.fround(value * (mask[i] as number)) + 0);
const plain = (values: ArrayLike<number>): number[] => Array.from(values, (value) => value + 0);

test('CPU kernels', async () => {
  const kernels = await createPool(2 ** 24, 1);
  const clock = kernels.allocate(12);
  for (const { seed, step, rate, site, microBatch } of draws)
    for (const count of counts) {
      const values = numbers(count, 5);
      const [x, out] = [guarded(kernels, values), guarded(kernels, count)];
      kernels.integers(clock, 3).set([seed, step, microBatch]);
      const dropout = {
        clock,
        key: dropoutKey(site),
        threshold: dropoutThreshold(rate),
        scale: dropoutScale(rate),
      };
      kernels.run(kernels.tape([operations.pointwise({ x: x.at, out: out.at, count, dropout })]));
      const mask = dropoutMask(seed, step, { rate, site }, count, microBatch);
      expect(plain(out.values())).toEqual(expected(values, mask));
      out.check();
    }
  kernels.dispose();
});

test('WebGPU', async () => {
  const gpu = await plainGpu();
  for (const { seed, step, rate, site, microBatch } of draws)
    for (const count of [1, 7, 64, 20_003]) {
      const input = numbers(count, 5);
      const op = { kind: 'pointwise', rows: 1, columns: count, input: 0, output: 0 } as const;
      const kernel = pointwise({ ...op, dropout: { rate, site }, derivative: null, residual: null });
      const got = await run(gpu, [kernel], {
        input,
        draw: wordsOfDraw({ offset: 0, step, seed, microBatch }),
      });
      const wanted = expected(input, dropoutMask(seed, step, { rate, site }, count, microBatch));
      expect(plain(got['output'] ?? [])).toEqual(wanted);
    }
});

test('WebGPU: with derivative and residual, at odd sizes', async () => {
  const gpu = await plainGpu();
  for (const [rows, columns] of sizes)
    for (const parts of ['dropout', 'derivative', 'all'] as const) {
      const { place, bytes } = placer();
      const op: Op = {
        kind: 'pointwise',
        rows,
        columns,
        input: place('input', rows, columns),
        output: place('output', rows, columns),
        dropout: parts === 'derivative' ? null : { rate: 0.25, site: 4 },
        derivative: parts === 'dropout' ? null : { function: 'gelu', of: place('derivative', rows, columns) },
        residual: parts === 'all' ? place('residual', rows, columns) : null,
      };
      await prove(gpu, op, bytes());
    }
});
