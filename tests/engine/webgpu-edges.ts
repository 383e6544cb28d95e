// Proof 5: awkward sizes, with NaN around every operand, for a family of variants; and the form without guards against
// the guarded one, bit for bit.
import { describe, expect, test } from 'vitest';
import { type Choice, choiceName, matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { outputsOf, suits } from '../../src/engine/webgpu/variants.ts';
import { epilogues, layouts, product } from '../engine-pure/webgpu-cases.ts';
import { distance, type Gpu, run } from './webgpu-device.ts';
import { expected, operands } from './webgpu-products.ts';

const sizes = [1, 3, 10, 31, 32, 33, 127, 129, 257] as const;

/** All sizes in each layout for the first choice; for the others each size once in one of the layouts: compiling takes long. */
const isChosen = (turn: number, layout: number, index: number): boolean => turn === 0 || index % 3 === layout;

/** Nine shapes in which each size stands once as m, as n and as k; another nine for another `turn`. */
const shapes = (turn: number) =>
  sizes.map(
    (m, i) => [m, sizes[(2 * i + turn) % 9] as number, sizes[(5 * i + 2 * turn + 1) % 9] as number] as const,
  );

/** `first`: 0 takes all sizes for the first choice. */
export function proveEdges(gpu: () => Gpu, choices: readonly Choice[], first = 0): void {
  for (const [position, choice] of choices.entries()) {
    const turn = position + first;
    describe(choiceName(choice), () => {
      const { variant } = choice;
      for (const [index, layout] of layouts.entries()) {
        const narrow = variant === 'skinny' ? 32 : variant === 'row-dot' ? 16 : 257;
        const cases = shapes(turn + 3 * index)
          .filter((_, i) => isChosen(turn, index, i))
          .map(([m, n, k]) => product(layout, m, Math.min(n, narrow), k))
          .filter((one) => suits(variant, one) && (variant !== 'dot' || one.m * one.n <= 4200));
        if (cases.length === 0) continue;
        test(`${layout}: awkward sizes`, async () => {
          for (const [i, { m, n, k }] of cases.entries()) {
            // Epilogues take turns, so that each meets guarded stores.
            const epilogue = Object.values(epilogues)[i % 9] ?? {};
            const one = product(layout, m, n, k, epilogue);
            const data = operands(one);
            const got = await run(gpu(), matmul(one, choice), data);
            const wanted = expected(one, data);
            const name = `${layout} ${m}×${n}×${k}`;
            expect(distance(got['output'] ?? [], wanted.output), name).toBeLessThan(1e-5);
            if (one.preActivation !== null)
              expect(distance(got['preActivation'] ?? [], wanted.preActivation), name).toBeLessThan(1e-5);
          }
        });
        test(`${layout}: with and without guards, bit for bit`, async () => {
          if (variant === 'dot' || variant === 'row-dot') return;
          const { rows, columns } = outputsOf(variant, 32);
          const one = product(layout, rows, columns, 64, epilogues['bias gelu keep']);
          if (!suits(variant, one)) return;
          const data = operands(one);
          const free = await run(gpu(), matmul(one, choice), data);
          const guarded = await run(gpu(), matmul(one, choice, { force: true }), data);
          expect(new Uint32Array(free['output']?.slice().buffer ?? [])).toEqual(
            new Uint32Array(guarded['output']?.slice().buffer ?? []),
          );
          expect(distance(free['output'] ?? [], expected(one, data).output)).toBeLessThan(1e-5);
        });
      }
    });
  }
}
