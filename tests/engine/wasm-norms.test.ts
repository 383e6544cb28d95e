// Activations and norms of the CPU kernels against float64.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Kernels } from '../../src/engine/wasm/memory.ts';
import * as operations from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { gelu, geluSlope } from '../reference/erf.ts';
import { expectClose, guarded, noise } from './wasm-guard.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createPool(2 ** 26, 1);
});
const run = (...list: operations.Operation[]): void => kernels.run(kernels.tape(list));

const sizes = [1, 3, 5, 7, 8, 9, 31, 33, 37, 127, 129];
const epsilon = 1e-5;

describe('GELU', () => {
  const points = Float32Array.from({ length: 40001 }, (_, i) => (i - 20000) / 2000);

  test('is exact to 1.2e-7 of max(1, |x|), its derivative to 2.5e-7', () => {
    const x = guarded(kernels, points);
    const ones = guarded(kernels, new Float32Array(points.length).fill(1));
    const y = guarded(kernels, points.length);
    const slope = guarded(kernels, points.length);
    run(operations.activate(x.at, y.at, points.length, 'gelu'));
    run(
      operations.pointwise({
        x: ones.at,
        out: slope.at,
        count: points.length,
        activation: 'gelu',
        before: x.at,
      }),
    );
    let worst = 0;
    let worstSlope = 0;
    const values = y.values();
    const slopes = slope.values();
    for (const [i, point] of points.entries()) {
      const size = Math.max(1, Math.abs(point));
      worst = Math.max(worst, Math.abs((values[i] as number) - gelu(point)) / size);
      worstSlope = Math.max(worstSlope, Math.abs((slopes[i] as number) - geluSlope(point)));
    }
    expect(worst).toBeLessThan(1.2e-7);
    expect(worstSlope).toBeLessThan(2.5e-7);
    for (const operand of [x, y, slope]) operand.check();
  });

  test('keeps NaN and the far ends', () => {
    const x = guarded(kernels, [Number.NaN, 30, -30, 0, Number.POSITIVE_INFINITY]);
    const y = guarded(kernels, 5);
    run(operations.activate(x.at, y.at, 5, 'gelu'));
    const [nan, far, low, zero, infinite] = y.values();
    expect(nan).toBeNaN();
    expect([far, zero, infinite]).toEqual([30, 0, Number.POSITIVE_INFINITY]);
    expect(Math.abs(low as number)).toBeLessThan(1e-30);
  });
});

test.each(sizes)('elementwise operations on %i values', (count) => {
  const x = guarded(kernels, noise(count, 1));
  const dy = guarded(kernels, noise(count, 2));
  const outs = [guarded(kernels, count), guarded(kernels, count), guarded(kernels, count)] as const;
  run(
    operations.activate(x.at, outs[0].at, count, 'relu'),
    operations.pointwise({ x: dy.at, out: outs[1].at, count, activation: 'relu', before: x.at }),
    operations.pointwise({ x: dy.at, out: outs[2].at, count, residual: x.at }),
  );
  const [values, gradients] = [x.values(), dy.values()];
  expectClose(
    outs[0].values(),
    values.map((value) => Math.max(0, value)),
    0,
  );
  expectClose(
    outs[1].values(),
    gradients.map((g, i) => ((values[i] as number) > 0 ? g : 0)),
    0,
  );
  expectClose(
    outs[2].values(),
    gradients.map((g, i) => g + (values[i] as number)),
    1e-7,
  );
  for (const out of outs) out.check();
});

/** Mean, biased variance of `count` values by index. */
function moments(count: number, at: (i: number) => number): { mean: number; variance: number; root: number } {
  let mean = 0;
  for (let i = 0; i < count; i++) mean += at(i) / count;
  let variance = 0;
  for (let i = 0; i < count; i++) variance += (at(i) - mean) ** 2 / count;
  return { mean, variance, root: 1 / Math.sqrt(variance + epsilon) };
}

/** Normalised values and the gradient towards x of one group of values. */
function normReference(count: number, x: (i: number) => number, g: (i: number) => number) {
  const { mean, variance, root } = moments(count, x);
  const normal = Array.from({ length: count }, (_, i) => (x(i) - mean) * root);
  let plain = 0;
  let weighted = 0;
  for (let i = 0; i < count; i++) {
    plain += g(i) / count;
    weighted += (g(i) * (normal[i] as number)) / count;
  }
  const dx = normal.map((n, i) => root * (g(i) - plain - n * weighted));
  return { mean, variance, normal, dx };
}

describe.each([0, 1000])('norms around a mean of %i', (offset) => {
  const tolerance = offset === 0 ? 2e-6 : 1e-4;

  test.each(sizes)('LayerNorm of width %i', (width) => {
    const rows = 67;
    const x = guarded(
      kernels,
      noise(rows * width, 3).map((value) => 1.7 * value + offset),
    );
    const dy = guarded(kernels, noise(rows * width, 4));
    const gamma = guarded(kernels, noise(width, 5));
    const beta = guarded(kernels, noise(width, 6));
    const [y, out, dx] = [rows * width, rows * width, rows * width].map((n) => guarded(kernels, n));
    const [mean, root] = [guarded(kernels, rows), guarded(kernels, rows)];
    const [dGamma, dBeta] = [guarded(kernels, width), guarded(kernels, width)];
    if (!y || !out || !dx) throw new Error('unreachable');
    const norm = { x: x.at, rows, width, mean: mean.at, root: root.at, gamma: gamma.at, beta: beta.at };
    run(
      operations.layerNorm({ ...norm, out: out.at, before: y.at, activation: 'gelu', epsilon }),
      operations.layerNormBackward({ ...norm, dy: dy.at, dx: dx.at }),
      operations.layerNormGradient({ ...norm, dy: dy.at, dGamma: dGamma.at, dBeta: dBeta.at }),
    );
    const [xs, g, scale, shift] = [x.values(), dy.values(), gamma.values(), beta.values()] as number[][] &
      Float32Array[];
    const expected = {
      y: [] as number[],
      dx: [] as number[],
      dGamma: new Float64Array(width),
      dBeta: new Float64Array(width),
    };
    for (let row = 0; row < rows; row++) {
      const at = (i: number): number => row * width + i;
      const result = normReference(
        width,
        (i) => xs?.[at(i)] as number,
        (i) => (g?.[at(i)] as number) * (scale?.[i] as number),
      );
      for (const [i, n] of result.normal.entries()) {
        expected.y.push(n * (scale?.[i] as number) + (shift?.[i] as number));
        expected.dGamma[i] = (expected.dGamma[i] as number) + (g?.[at(i)] as number) * n;
        expected.dBeta[i] = (expected.dBeta[i] as number) + (g?.[at(i)] as number);
      }
      expected.dx.push(...result.dx);
    }
    expectClose(y.values(), expected.y, tolerance);
    expectClose(out.values(), expected.y.map(gelu), tolerance);
    expectClose(dx.values(), expected.dx, tolerance);
    expectClose(dGamma.values(), expected.dGamma, tolerance);
    expectClose(dBeta.values(), expected.dBeta, 1e-6);
    for (const operand of [x, dy, gamma, beta, y, out, dx, mean, root, dGamma, dBeta]) operand.check();
  });

  test.each(sizes)('BatchNorm of width %i', (width) => {
    const rows = 33;
    const x = guarded(
      kernels,
      noise(rows * width, 7).map((value) => 1.7 * value + offset),
    );
    const dy = guarded(kernels, noise(rows * width, 8));
    const [out, again, dx] = [rows * width, rows * width, rows * width].map((n) => guarded(kernels, n));
    const [mean, root] = [guarded(kernels, width), guarded(kernels, width)];
    const runningMean = guarded(kernels, noise(width, 9));
    const runningVariance = guarded(
      kernels,
      noise(width, 10).map((v) => 1 + v / 2),
    );
    const old = [runningMean.values(), runningVariance.values()] as const;
    if (!out || !again || !dx) throw new Error('unreachable');
    const running = { runningMean: runningMean.at, runningVariance: runningVariance.at };
    const norm = { x: x.at, rows, width, mean: mean.at, root: root.at, epsilon };
    run(
      operations.batchNormEvaluate({ ...norm, out: again.at, running, activation: 'relu' }),
      operations.batchNorm({ ...norm, out: out.at, running, momentum: 0.1 }),
      operations.batchNormBackward({ ...norm, normalised: out.at, dy: dy.at, dx: dx.at }),
    );
    const [xs, g] = [x.values(), dy.values()];
    const y = new Float64Array(rows * width);
    const gradient = new Float64Array(rows * width);
    const evaluated = xs.map((value, i) =>
      Math.max(
        0,
        (value - (old[0][i % width] as number)) / Math.sqrt((old[1][i % width] as number) + epsilon),
      ),
    );
    for (let c = 0; c < width; c++) {
      const at = (i: number): number => i * width + c;
      const result = normReference(
        rows,
        (i) => xs[at(i)] as number,
        (i) => g[at(i)] as number,
      );
      for (let i = 0; i < rows; i++) {
        y[at(i)] = result.normal[i] as number;
        gradient[at(i)] = result.dx[i] as number;
      }
      const unbiased = (result.variance * rows) / (rows - 1);
      expect(runningMean.values()[c]).toBeCloseTo(0.9 * (old[0][c] as number) + 0.1 * result.mean, 4);
      expect(runningVariance.values()[c]).toBeCloseTo(0.9 * (old[1][c] as number) + 0.1 * unbiased, 4);
    }
    expectClose(again.values(), evaluated, 1e-6);
    expectClose(out.values(), y, tolerance);
    expectClose(dx.values(), gradient, tolerance);
    for (const operand of [x, dy, out, again, dx, mean, root, runningMean, runningVariance]) operand.check();
  });
});

test.each(sizes)('column sums of width %i', (width) => {
  const rows = 131;
  const x = guarded(kernels, noise(rows * width, 11));
  const out = guarded(kernels, width);
  run(operations.columnSums(x.at, out.at, rows, width));
  const expected = new Float64Array(width);
  for (const [i, value] of x.values().entries())
    expected[i % width] = (expected[i % width] as number) + value;
  expectClose(out.values(), expected, 1e-6);
  out.check();
});
