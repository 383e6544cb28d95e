// Matrix products of the CPU kernels against float64, at sizes around every edge of tiles and blocks.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Kernels } from '../../src/engine/wasm/memory.ts';
import { packedBytes, product } from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { gelu, geluSlope } from '../reference/erf.ts';
import { expectClose, guarded, noise } from './wasm-guard.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createPool(2 ** 26, 1);
});

type Shape = readonly [rows: number, columns: number, depth: number];

function reference(
  a: Float32Array,
  b: Float32Array,
  ta: boolean,
  tb: boolean,
  [m, n, k]: Shape,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++)
        sum += (a[ta ? p * m + i : i * k + p] as number) * (b[tb ? j * k + p : p * n + j] as number);
      c[i * n + j] = sum;
    }
  return c;
}

const sizes = [1, 3, 5, 7, 8, 9, 31, 33, 37, 127, 129];
const shapes: Shape[] = [
  ...sizes.flatMap((size): Shape[] => [
    [size, 8, 37],
    [5, size, 9],
    [7, 33, size],
    [size, size, size],
  ]),
  [131, 70, 257],
  [10, 10, 600],
];

describe.each([
  ['NN', false, false],
  ['NT', false, true],
  ['TN', true, false],
  ['TT', true, true],
] as const)('%s', (_name, ta, tb) => {
  test.each(shapes)('%i × %i, depth %i', (m, n, k) => {
    const a = guarded(kernels, noise(m * k, 1));
    const b = guarded(kernels, noise(k * n, 2));
    const c = guarded(kernels, m * n);
    const packed = kernels.allocate(packedBytes(m, k));
    const settings = {
      a: { at: a.at, transposed: ta },
      b: { at: b.at, transposed: tb },
      c: c.at,
      rows: m,
      columns: n,
      depth: k,
      packed,
    };
    kernels.run(kernels.tape(product(settings)));
    const expected = reference(a.values(), b.values(), ta, tb, [m, n, k]);
    expectClose(c.values(), expected, 1e-6);
    kernels.run(kernels.tape(product({ ...settings, accumulates: true })));
    expectClose(
      c.values(),
      expected.map((value) => 2 * value),
      1e-6,
    );
    for (const operand of [a, b, c]) operand.check();
  });
});

describe('endings', () => {
  const forward = {
    none: (x: number) => x,
    relu: (x: number) => Math.max(x, 0),
    gelu,
  };
  const slope = {
    none: () => 1,
    relu: (x: number) => (x > 0 ? 1 : 0),
    gelu: geluSlope,
  };
  const shape: Shape = [13, 19, 300];
  const [rows, columns, depth] = shape;

  test.each(['none', 'relu', 'gelu'] as const)('bias, %s and residual', (activation) => {
    const a = guarded(kernels, noise(rows * depth, 3));
    const b = guarded(kernels, noise(columns * depth, 4));
    const bias = guarded(kernels, noise(columns, 5));
    const residual = guarded(kernels, noise(rows * columns, 6));
    const before = guarded(kernels, rows * columns);
    const c = guarded(kernels, rows * columns);
    const packed = kernels.allocate(packedBytes(rows, depth));
    const sizes = { rows, columns, depth, packed, a: { at: a.at }, b: { at: b.at, transposed: true } };
    const all = { ...sizes, c: c.at, bias: bias.at, activation, before: before.at, residual: residual.at };
    kernels.run(kernels.tape(product(all)));
    const sums = reference(a.values(), b.values(), false, true, shape);
    const preceding = sums.map((sum, i) => sum + (bias.values()[i % columns] as number));
    if (activation !== 'none') expectClose(before.values(), preceding, 1e-6);
    const skipped = residual.values();
    expectClose(
      c.values(),
      preceding.map((value, i) => forward[activation](value) + (skipped[i] as number)),
      1e-6,
    );
    for (const operand of [a, b, bias, residual, before, c]) operand.check();
  });

  test.each(['relu', 'gelu'] as const)('times the derivative of %s', (activation) => {
    const a = guarded(kernels, noise(rows * depth, 7));
    const b = guarded(kernels, noise(columns * depth, 8));
    const before = guarded(
      kernels,
      noise(rows * columns, 9).map((x) => 3 * x),
    );
    const c = guarded(kernels, rows * columns);
    const packed = kernels.allocate(packedBytes(rows, depth));
    const sizes = { rows, columns, depth, packed, a: { at: a.at }, b: { at: b.at } };
    kernels.run(kernels.tape(product({ ...sizes, c: c.at, activation, backward: true, before: before.at })));
    const sums = reference(a.values(), b.values(), false, false, shape);
    const x = before.values();
    expectClose(
      c.values(),
      sums.map((sum, i) => sum * slope[activation](x[i] as number)),
      1e-6,
    );
    c.check();
    expect(before.values()).toEqual(x);
  });
});
