// Proof 3, second half: a compiler that is not the browser's takes every kernel and turns it into Metal, HLSL and SPIR-V.
import { expect, test } from 'vitest';
import { matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { suits } from '../../src/engine/webgpu/variants.ts';
import { epilogues, layouts, otherKernels, product, variants } from './webgpu-cases.ts';
import { loadNaga } from './webgpu-naga.ts';

const naga = await loadNaga();

test('naga refuses what is wrong', () => {
  expect(() => naga('fn f() -> u32 { return 1.5; }', 'spirv-asm')).toThrow();
});

test('naga takes every variant, layout and epilogue, guarded and not', { timeout: 60_000 }, () => {
  for (const variant of variants)
    for (const layout of layouts)
      for (const [name, epilogue] of Object.entries(epilogues))
        for (const [m, n, k] of [
          [256, 128, 128],
          [33, 31, 129],
        ] as const) {
          const columns = ['skinny', 'row-dot', 'dot'].includes(variant) ? (n === 128 ? 16 : 7) : n;
          const one = product(layout, m, columns, k, epilogue);
          if (!suits(variant, one)) continue;
          // Guards and epilogues do not meet but in `emit`: the two ends of the list are enough beyond the first shape.
          if (m === 33 && name !== 'none' && name !== 'all') continue;
          for (const slices of variant === 'tile32' ? [1, 2] : [1])
            for (const { code, label } of matmul(one, { variant, slices }))
              for (const format of name === 'all'
                ? (['metal', 'hlsl', 'spirv-asm'] as const)
                : (['spirv-asm'] as const))
                expect(() => naga(code, format), `${label} ${name}\n${code}`).not.toThrow();
        }
});

test('naga takes every other kernel', { timeout: 60_000 }, () => {
  for (const [rows, columns] of [
    [128, 512],
    [300, 10],
    [1, 1],
    [7, 4100],
  ] as const)
    for (const { code, label } of [...otherKernels(rows, columns), ...otherKernels(rows, columns, 'alone')])
      for (const format of ['metal', 'hlsl', 'spirv-asm'] as const)
        expect(() => naga(code, format), `${label}\n${code}`).not.toThrow();
});
