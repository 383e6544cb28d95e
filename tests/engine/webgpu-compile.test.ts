// Proof 3, first half: the browser's compiler takes every kernel without a message, on a device with default limits and
// no feature at all; those that spread over subgroups, on one that has them.
import { expect, test } from 'vitest';
import { matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { suits } from '../../src/engine/webgpu/variants.ts';
import { epilogues, layouts, otherKernels, product, variants } from '../engine-pure/webgpu-cases.ts';
import { fullGpu, pipelineOf, plainGpu } from './webgpu-device.ts';

const shapeFor = (variant: string) => (['skinny', 'row-dot', 'dot'].includes(variant) ? 12 : 128);

test('every variant and layout, one layout with the whole epilogue', async () => {
  const [plain, full] = [await plainGpu(), await fullGpu()];
  expect([...plain.device.features].filter((name) => name === 'subgroups')).toEqual([]);
  expect(plain.device.limits.maxComputeWorkgroupStorageSize).toBe(16_384);
  for (const variant of variants)
    for (const layout of layouts) {
      const epilogue = epilogues[layout === 'NN' ? 'all' : 'none'];
      const one = product(layout, 128, shapeFor(variant), 128, epilogue);
      if (!suits(variant, one)) continue;
      for (const slices of variant === 'tile64' ? [1, 2] : [1])
        for (const { code, label, needsSubgroups } of matmul(one, { variant, slices }))
          await pipelineOf(needsSubgroups ? full : plain, code, label);
    }
  expect(plain.errors.concat(full.errors)).toEqual([]);
});

test('every other kernel', async () => {
  const plain = await plainGpu();
  for (const [rows, columns] of [
    [128, 512],
    [200, 10],
  ] as const)
    for (const { code, label } of otherKernels(rows, columns)) await pipelineOf(plain, code, label);
  expect(plain.errors).toEqual([]);
});
