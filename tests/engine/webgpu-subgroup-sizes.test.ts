// Proof 4: kernels that spread values over a subgroup give the same for every size of subgroup, emulated in workgroup
// memory, so nothing leans on the size that this adapter happens to have.
import { beforeAll, expect, test } from 'vitest';
import { intelProduct } from '../../src/engine/webgpu/kernels/intel.ts';
import { blocks, matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { registerProduct } from '../../src/engine/webgpu/kernels/register.ts';
import { layouts, product } from '../engine-pure/webgpu-cases.ts';
import { distance, fullGpu, type Gpu, run } from './webgpu-device.ts';
import { expected, operands } from './webgpu-products.ts';

const SIZES = [4, 8, 16, 32, 64, 128] as const;

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

/** Two lanes down and eight across: emulation takes two barriers a value, so the tile is kept small. */
const block = { ...blocks.software, rows: 4, columns: 4, lanesX: 16 } as const;

for (const layout of layouts)
  test(`values of a spread over 4 to 128 lanes: ${layout}`, async () => {
    const one = product(layout, 7, 70, 13);
    const data = operands(one);
    const wanted = expected(one, data).output;
    const native = (await run(gpu, [registerProduct(one, block)], data))['output'];
    expect(distance(native ?? [], wanted)).toBeLessThan(1e-5);
    for (const size of SIZES) {
      const kernel = registerProduct(one, block, { subgroups: { kind: 'emulated', size } });
      expect(kernel.code).not.toContain('subgroup');
      expect((await run(gpu, [kernel], data))['output'], `${size} lanes`).toEqual(native);
    }
  });

test('the form for Intel, with 4 rows a lane, at every size', async () => {
  const one = product('NN', 40, 132, 40);
  const data = operands(one);
  const native = (await run(gpu, [intelProduct(one, { rows: 4 })], data))['output'];
  expect(distance(native ?? [], expected(one, data).output)).toBeLessThan(1e-5);
  for (const size of SIZES) {
    const kernel = intelProduct(one, { rows: 4, subgroups: { kind: 'emulated', size } });
    expect((await run(gpu, [kernel], data))['output'], `${size} lanes`).toEqual(native);
  }
});

test('the native form ran with real subgroups', async () => {
  const [kernel] = matmul(product('NN', 16, 64, 16), { variant: 'software' });
  expect(kernel?.needsSubgroups).toBe(true);
  expect(gpu.device.features.has('subgroups')).toBe(true);
});
