// Runs one operation as kernels and in plain loops in double precision, with NaN around its operands, and compares.
import { expect } from 'vitest';
import { elements } from '../../src/core/layers.ts';
import { kernelsOf, operandOf } from '../../src/engine/webgpu/kernels-of-op.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { operandsOf } from '../../src/experiment/program/operands.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import type { Ref } from '../../src/experiment/program/ref.ts';
import { createPlainExecutor } from '../reference/plain-executor.ts';
import { type Data, distance, type Gpu, numbers, run } from './webgpu-device.ts';

/** Refs side by side in one arena. */
export function placer() {
  let end = 0;
  const place = (name: string, ...shape: number[]): Ref => {
    const ref: Ref = { name, shape, buffer: 'arena', byteOffset: end };
    end += Math.ceil((elements(shape) * 4) / 256) * 256;
    return ref;
  };
  return { place, bytes: () => end };
}

/** Contents of an operand by its name; noise where it gives none. */
export type Fill = (name: string, count: number) => Float32Array<ArrayBuffer> | undefined;

/** Runs an operation both ways and compares all that it writes. */
export async function prove(
  gpu: Gpu,
  op: Op,
  bytes: number,
  fill: Fill = () => undefined,
  tolerance = 1e-5,
): Promise<void> {
  const program = { bytes: { arena: bytes } } as unknown as Program;
  const plain = createPlainExecutor(program, () => undefined);
  const data: Record<string, Data> = {};
  let seed = 1;
  for (const { operand } of operandsOf(op)) {
    const count = elements(operand.shape);
    const values = fill(operand.name, count) ?? numbers(count, seed++);
    plain.view(operand).set(values);
    data[operand.name] = operand.name === 'labels' ? Uint32Array.from(values) : values;
  }
  plain.run([op]);
  const written = operandsOf(op).filter(({ access }) => access !== 'read');
  const forms = (['shared', 'alone'] as const).map((sharing) =>
    kernelsOf(op, { choose: () => ({ variant: 'tile32' }), sharing, resident: null }),
  );
  for (const kernels of forms) {
    const isSame = kernels !== forms[0] && kernels.every(({ code }, i) => code === forms[0]?.[i]?.code);
    if (isSame) continue;
    const got = await run(gpu, kernels, data);
    for (const { operand } of written) {
      // The harness keys by binding name, which the operands here carry as their own.
      expect(operandOf(op, operand.name)).toBe(operand);
      const name = `${op.kind} ${operand.name} [${operand.shape.join(', ')}]`;
      expect(distance(got[operand.name] ?? [], plain.view(operand)), name).toBeLessThan(tolerance);
    }
  }
}

/** Rows and columns. */
export const sizes = [
  [1, 1],
  [3, 10],
  [7, 31],
  [33, 129],
  [130, 32],
  [257, 127],
  [5, 1024],
  [2, 20_001],
] as const;
