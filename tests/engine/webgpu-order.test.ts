// Proof 6: one order of summation. Two runs agree bit for bit; k in slices stays within 1e-5 of double precision.
import { beforeAll, expect, test } from 'vitest';
import { choiceName, matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { suits } from '../../src/engine/webgpu/variants.ts';
import { layouts, product, variants } from '../engine-pure/webgpu-cases.ts';
import { distance, fullGpu, type Gpu, run } from './webgpu-device.ts';
import { expected, operands } from './webgpu-products.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

test('two runs of every variant are equal bit for bit', async () => {
  for (const variant of variants) {
    const n = variant === 'skinny' || variant === 'row-dot' ? 12 : 40;
    const layout = variant === 'intel' ? 'NN' : 'NT';
    const one = product(layout, 48, n, 300);
    expect(suits(variant, one)).toBe(true);
    const data = operands(one);
    const first = await run(gpu, matmul(one, { variant }), data);
    const second = await run(gpu, matmul(one, { variant }), data);
    expect(first['output'], variant).toEqual(second['output']);
    expect(distance(first['output'] ?? [], expected(one, data).output), variant).toBeLessThan(1e-5);
  }
});

test('1, 2, 4 and 8 slices of k, with an epilogue, are each repeatable and right', async () => {
  for (const layout of layouts)
    for (const slices of [1, 2, 4, 8]) {
      const one = product(layout, 33, 36, 1000, { bias: 0, activation: 'gelu' });
      const choice = { variant: 'tile32', slices } as const;
      const data = operands(one);
      const first = await run(gpu, matmul(one, choice), data);
      const second = await run(gpu, matmul(one, choice), data);
      expect(first['output'], choiceName(choice)).toEqual(second['output']);
      expect(distance(first['output'] ?? [], expected(one, data).output), choiceName(choice)).toBeLessThan(
        1e-5,
      );
    }
});
