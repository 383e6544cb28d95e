// Both ends of a step on the CPU kernels: batch, loss, clipping, and the optimizers as the catalog states them.
import { beforeAll, describe, expect, test } from 'vitest';
import { ADAM_EPSILON, adamw } from '../../src/catalog/optimizers/adamw.ts';
import { lion } from '../../src/catalog/optimizers/lion.ts';
import { sgd } from '../../src/catalog/optimizers/sgd.ts';
import type { Kernels } from '../../src/engine/wasm/memory.ts';
import * as objectives from '../../src/engine/wasm/objectives.ts';
import type { Operation } from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { expectClose, guarded, noise } from './wasm-guard.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createPool(2 ** 26, 1);
});
const run = (...list: Operation[]): void => kernels.run(kernels.tape(list));
const sizes = [1, 3, 5, 8, 37, 129, 20000];

describe('cross-entropy', () => {
  test.each(
    [2, 3, 10, 37, 100].flatMap((classes) => [
      [classes, null],
      [classes, 0.3],
    ]),
  )('%i classes, MixUp’s share %f', (classes, kept) => {
    const rows = 9;
    const smoothing = 0.1;
    const logits = guarded(
      kernels,
      noise(rows * classes, 1).map((x) => 12 * x),
    );
    const losses = guarded(kernels, rows);
    const gradient = guarded(kernels, rows * classes);
    const average = guarded(kernels, 1);
    const labels = kernels.allocate(100);
    const indices = kernels.allocate(4 * rows);
    const picked = Array.from({ length: rows }, (_, row) => (row * 7) % 61);
    kernels.integers(indices, rows).set(picked);
    kernels.bytes(labels, 100).set(Array.from({ length: 100 }, (_, i) => (i * 5) % classes));
    const share = kernels.allocate(4);
    kernels.floats(share, 1)[0] = kept ?? 0;
    const own = kept === null ? 1 : Math.fround(kept);
    const settings = {
      ...{ logits: logits.at, labels, indices, losses: losses.at, gradient: gradient.at },
      ...(kept === null ? {} : { share }),
    };
    const labelOf = (row: number): number => ((picked[(row + rows) % rows] as number) * 5) % classes;
    run(
      objectives.crossEntropy({ ...settings, rows, classes, smoothing, scale: 1 / rows }),
      objectives.mean(losses.at, average.at, rows),
    );
    const z = logits.values();
    const expected: number[] = [];
    const slopes: number[] = [];
    for (const row of picked.keys()) {
      const values = Array.from(z.slice(row * classes, (row + 1) * classes));
      const top = Math.max(...values);
      const sum = values.reduce((all, value) => all + Math.exp(value - top), 0);
      let loss = 0;
      for (const [c, value] of values.entries()) {
        const mine = Number(c === labelOf(row)) * own + Number(c === labelOf(row - 1)) * (1 - own);
        const target = smoothing / classes + (1 - smoothing) * mine;
        loss -= target * (value - top - Math.log(sum));
        slopes.push((Math.exp(value - top) / sum - target) / rows);
      }
      expected.push(loss);
    }
    expectClose(losses.values(), expected, 2e-7);
    expectClose(gradient.values(), slopes, 1e-7);
    expectClose(average.values(), [expected.reduce((all, loss) => all + loss, 0) / rows], 2e-7);
    for (const operand of [logits, losses, gradient, average]) operand.check();
  });
});

test.each([
  [1, 5],
  [2, 4],
  [7, 12],
  [5, 3],
  [33, 131],
])('MixUp of %i rows of %i: each with the one before it, the first with the last', (rows, columns) => {
  const before = noise(rows * columns, 6);
  const x = guarded(kernels, before);
  const share = kernels.allocate(4);
  const kept = Math.fround(0.7);
  kernels.floats(share, 1)[0] = kept;
  run(objectives.mix(x.at, share, rows, columns));
  const other = Math.fround(1 - kept);
  const expected = before.map((value, i) => {
    const row = Math.floor(i / columns);
    const from = before[((row + rows - 1) % rows) * columns + (i % columns)] as number;
    return Math.fround(Math.fround(kept * value) + Math.fround(other * from));
  });
  expect(x.values()).toEqual(expected);
  x.check();
});

describe.each(sizes)('%i parameters', (count) => {
  const state = () => ({
    parameter: guarded(kernels, noise(count, 2)),
    gradient: guarded(kernels, noise(count, 3)),
    first: guarded(
      kernels,
      noise(count, 4).map((x) => x / 10),
    ),
    second: guarded(
      kernels,
      noise(count, 5).map((x) => x * x),
    ),
  });
  const rate = 1e-3;
  const decay = 0.05;

  test('Lion and SGD are the catalog’s bit for bit', () => {
    const a = state();
    const expected = [a.parameter.values(), a.first.values()] as const;
    const settings = { 'optimizer.learningRate': rate, 'optimizer.weightDecay': decay };
    lion.update(makeConfig({ optimizer: 'lion', ...settings }), rate, 1, expected[0], a.gradient.values(), [
      expected[1],
    ]);
    const update = { parameter: a.parameter.at, gradient: a.gradient.at, count };
    run(objectives.lion({ ...update, average: a.first.at }, { rate, decay, beta1: 0.9, beta2: 0.99 }));
    expect(a.parameter.values()).toEqual(expected[0]);
    expect(a.first.values()).toEqual(expected[1]);
    sgd.update(makeConfig({ optimizer: 'sgd', ...settings }), rate, 1, expected[0], a.gradient.values(), [
      expected[1],
    ]);
    run(objectives.sgd({ ...update, buffer: a.first.at }, { rate, decay, momentum: 0.9 }));
    expect(a.parameter.values()).toEqual(expected[0]);
    expect(a.first.values()).toEqual(expected[1]);
    for (const operand of Object.values(a)) operand.check();
  });

  test('AdamW is the catalog’s to 1e-7', () => {
    const a = state();
    const expected = [a.parameter.values(), a.first.values(), a.second.values()] as const;
    const config = makeConfig({ 'optimizer.learningRate': rate, 'optimizer.weightDecay': decay });
    adamw.update(config, rate, 3, expected[0], a.gradient.values(), [expected[1], expected[2]]);
    const update = {
      parameter: a.parameter.at,
      gradient: a.gradient.at,
      average: a.first.at,
      square: a.second.at,
    };
    const numbers = { rate, decay, step: 3, beta1: 0.9, beta2: 0.999, epsilon: ADAM_EPSILON };
    run(objectives.adamw({ ...update, count }, numbers));
    expectClose(a.parameter.values(), expected[0], 1e-7);
    expectClose(a.first.values(), expected[1], 1e-7);
    expectClose(a.second.values(), expected[2], 1e-7);
    for (const operand of Object.values(a)) operand.check();
  });

  test('the average keeps and takes its shares', () => {
    const { parameter, first } = state();
    const [p, m] = [parameter.values(), first.values()];
    run(objectives.average(parameter.at, first.at, count, [0.9, 1 - 0.9]));
    expectClose(
      first.values(),
      m.map((value, i) => 0.9 * value + (1 - 0.9) * (p[i] as number)),
      1e-7,
    );
    run(objectives.average(parameter.at, first.at, count, [0, 1]));
    expect(first.values()).toEqual(p);
    for (const operand of [parameter, first]) operand.check();
  });

  test('the norm is exact, and clipping is PyTorch’s', () => {
    const { gradient, parameter, first } = state();
    const partials = kernels.allocate(objectives.partialsBytes(count));
    const norm = guarded(kernels, 2);
    const length = Math.sqrt(gradient.values().reduce((sum, x) => sum + x * x, 0));
    const limit = length / 2;
    run(...objectives.gradientNorm(gradient.at, count, partials, norm.at, norm.at + 4, limit));
    const factor = Math.min(1, limit / (length + 1e-6));
    expectClose(norm.values(), [length, factor], 1e-7);
    const before = parameter.values();
    const update = { parameter: parameter.at, gradient: gradient.at, count, factor: norm.at + 4 };
    kernels.floats(first.at, count).fill(0);
    run(objectives.sgd({ ...update, buffer: first.at }, { rate: 1, momentum: 0, decay: 0 }));
    const g = gradient.values();
    expectClose(
      parameter.values(),
      before.map((p, i) => p - factor * (g[i] as number)),
      1e-7,
    );
    norm.check();
  });
});

test('gather crops, mirrors and normalises by the table', () => {
  const [channels, height, width, rows] = [3, 9, 7, 6];
  const size = channels * height * width;
  const images = kernels.allocate(20 * size);
  kernels.bytes(images, 20 * size).set(Array.from({ length: 20 * size }, (_, i) => (i * 31) % 251));
  const table = guarded(kernels, noise(channels * 256, 6));
  const indices = kernels.allocate(4 * rows);
  kernels.integers(indices, rows).set([3, 19, 0, 7, 7, 12]);
  const chosen = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 4, -4],
    [1, -4, 4],
    [3, 2, 3],
    [2, -1, 0],
  ];
  const draws = { at: kernels.allocate(12 * rows), words: 3 };
  kernels.integers(draws.at, 3 * rows).set(chosen.flat());
  const out = guarded(kernels, rows * size);
  const settings = { images, table: table.at, indices, out: out.at, rows, channels, height, width };
  run(objectives.gather({ ...settings, draws }));
  const bytes = kernels.bytes(images, 20 * size).slice();
  const normal = table.values();
  const result = out.values();
  const picked = kernels.integers(indices, rows).slice();
  for (const [row, [flip, dx, dy]] of chosen.entries() as Iterable<[number, [number, number, number]]>)
    for (let i = 0; i < size; i++) {
      const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
      const [sy, sx] = [(flip & 2 ? height - 1 - y : y) + dy, (flip & 1 ? width - 1 - x : x) + dx];
      const isInside = sy >= 0 && sy < height && sx >= 0 && sx < width;
      const from = (picked[row] as number) * size + channel * height * width + sy * width + sx;
      const byte = isInside ? (bytes[from] as number) : 0;
      expect(result[row * size + i]).toBe(normal[channel * 256 + byte]);
    }
  out.check();
  run(objectives.gather(settings));
  expect(out.values()[0]).toBe(normal[bytes[3 * size] as number]);
});
