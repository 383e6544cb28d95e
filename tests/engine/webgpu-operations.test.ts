// Every operation but the products, at awkward sizes with NaN around its operands, against plain loops in double precision.
import { beforeAll, describe, expect, test } from 'vitest';
import { elements } from '../../src/core/layers.ts';
import type { Op } from '../../src/engine/program/op.ts';
import { operandsOf } from '../../src/engine/program/operands.ts';
import type { Program } from '../../src/engine/program/program.ts';
import type { Ref } from '../../src/engine/program/ref.ts';
import { drawWords } from '../../src/engine/webgpu/kernels/draw.ts';
import { softmaxCrossEntropy } from '../../src/engine/webgpu/kernels/softmax-cross-entropy.ts';
import { kernelsOf, operandOf } from '../../src/engine/webgpu/kernels-of-op.ts';
import { gelu } from '../reference/erf.ts';
import { createPlainExecutor } from '../reference/plain-executor.ts';
import { type Data, distance, type Gpu, numbers, plainGpu, run } from './webgpu-device.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await plainGpu();
});

/** Refs side by side in one arena. */
function placer() {
  let end = 0;
  const place = (name: string, ...shape: number[]): Ref => {
    const ref: Ref = { name, shape, buffer: 'arena', byteOffset: end };
    end += Math.ceil((elements(shape) * 4) / 256) * 256;
    return ref;
  };
  return { place, bytes: () => end };
}

type Fill = (name: string, count: number) => Float32Array<ArrayBuffer> | undefined;

/** Runs an operation both ways and compares all that it writes. */
async function prove(op: Op, bytes: number, fill: Fill = () => undefined, tolerance = 1e-5): Promise<void> {
  const program = { bytes: { arena: bytes } } as unknown as Program;
  const plain = createPlainExecutor(program, () => undefined);
  const kernels = kernelsOf(op, { choose: () => ({ variant: 'tile32' }), resident: null });
  const data: Record<string, Data> = {};
  let seed = 1;
  for (const { operand } of operandsOf(op)) {
    const count = elements(operand.shape);
    const values = fill(operand.name, count) ?? numbers(count, seed++);
    plain.view(operand).set(values);
    data[operand.name] = operand.name === 'labels' ? Uint32Array.from(values) : values;
  }
  plain.run([op]);
  const got = await run(gpu, kernels, data);
  const written = operandsOf(op).filter(({ access }) => access !== 'read');
  for (const { operand } of written) {
    // The harness keys by binding name, which the operands here carry as their own.
    expect(operandOf(op, operand.name)).toBe(operand);
    const name = `${op.kind} ${operand.name} [${operand.shape.join(', ')}]`;
    expect(distance(got[operand.name] ?? [], plain.view(operand)), name).toBeLessThan(tolerance);
  }
}

const sizes = [
  [1, 1],
  [3, 10],
  [7, 31],
  [33, 129],
  [130, 32],
  [257, 127],
  [5, 1024],
  [2, 20_001],
] as const;

describe('LayerNorm', () => {
  for (const [rows, columns] of sizes)
    test(`${rows}×${columns}`, async () => {
      for (const activation of [null, 'gelu', 'relu'] as const) {
        const { place, bytes } = placer();
        const op: Op = {
          kind: 'layer-norm',
          rows,
          columns,
          epsilon: 1e-5,
          activation,
          input: place('input', rows, columns),
          weight: place('weight', columns),
          bias: place('bias', columns),
          output: place('output', rows, columns),
          preActivation: activation === 'gelu' ? place('preActivation', rows, columns) : null,
          mean: activation === null ? null : place('mean', rows),
          rstd: activation === null ? null : place('rstd', rows),
        };
        await prove(op, bytes());
      }
      const { place, bytes } = placer();
      const shared = {
        rows,
        columns,
        gradient: place('gradient', rows, columns),
        input: place('input', rows, columns),
        mean: place('mean', rows),
        rstd: place('rstd', rows),
      };
      const weight = place('weight', columns);
      for (const accumulate of [false, true]) {
        const inputGradient = place('inputGradient', rows, columns);
        await prove({ ...shared, kind: 'layer-norm-backward', weight, inputGradient, accumulate }, bytes());
      }
      const weightGradient = place('weightGradient', columns);
      const biasGradient = place('biasGradient', columns);
      await prove({ ...shared, kind: 'layer-norm-parameters', weightGradient, biasGradient }, bytes());
    });

  test('a mean of 1000 costs no accuracy', async () => {
    const { place, bytes } = placer();
    const op: Op = {
      kind: 'layer-norm',
      rows: 9,
      columns: 512,
      epsilon: 1e-5,
      activation: null,
      input: place('input', 9, 512),
      weight: place('weight', 512),
      bias: place('bias', 512),
      output: place('output', 9, 512),
      preActivation: null,
      mean: place('mean', 9),
      rstd: place('rstd', 9),
    };
    const fill: Fill = (name, count) =>
      name === 'input' ? numbers(count, 9).map((x) => 1000 + x * Math.sqrt(3)) : undefined;
    // One unit in the last place of 1000 is 6e-5 of the spread; E[x²] − E[x]² would miss by all of it.
    await prove(op, bytes(), fill, 1e-4);
  });
});

describe('BatchNorm', () => {
  for (const [rows, columns] of sizes.slice(1))
    test(`${rows}×${columns}`, async () => {
      for (const activation of [null, 'gelu'] as const) {
        const { place, bytes } = placer();
        const shared = { rows, columns, epsilon: 1e-5, activation, input: place('input', rows, columns) };
        const running = {
          runningMean: place('runningMean', columns),
          runningVariance: place('runningVariance', columns),
        };
        const fill: Fill = (name, count) =>
          name === 'runningVariance' ? numbers(count, 3).map((x) => 1.5 + x) : undefined;
        const output = place('output', rows, columns);
        const normalised = place('normalised', rows, columns);
        const rstd = place('rstd', columns);
        await prove(
          {
            ...shared,
            ...running,
            kind: 'batch-norm',
            momentum: 0.1,
            normalised,
            rstd,
            output: activation && output,
          },
          bytes(),
          fill,
        );
        await prove({ ...shared, ...running, kind: 'batch-norm-evaluation', output }, bytes(), fill);
        const gradient = place('gradient', rows, columns);
        const inputGradient = place('inputGradient', rows, columns);
        const accumulate = activation !== null;
        await prove(
          {
            kind: 'batch-norm-backward',
            rows,
            columns,
            gradient,
            normalised,
            rstd,
            inputGradient,
            accumulate,
          },
          bytes(),
        );
      }
    });
});

test('column sums', async () => {
  for (const [rows, columns] of [...sizes, [1000, 33] as const]) {
    const { place, bytes } = placer();
    const input = place('input', rows, columns);
    await prove({ kind: 'column-sum', rows, columns, input, output: place('output', columns) }, bytes());
  }
});

const lossOp = (rows: number, classes: number, smoothing: number, isTraining: boolean) => {
  const { place, bytes } = placer();
  const op = {
    kind: 'softmax-cross-entropy',
    rows,
    classes,
    smoothing,
    scale: 1 / rows,
    logits: place('logits', rows, classes),
    labels: place('labels', rows),
    losses: place('losses', rows),
    correct: place('correct', rows),
    gradient: isTraining ? place('gradient', rows, classes) : null,
  } as const;
  return { op, bytes: bytes() };
};
const labelsOf =
  (classes: number): Fill =>
  (name, count) => {
    if (name === 'labels') return Float32Array.from({ length: count }, (_, i) => (i * 7 + 1) % classes);
    // Equal logits, to see that the first largest one is the answer; and large ones.
    if (name === 'logits')
      return numbers(count, 4).map((x, i) =>
        i % (3 * classes) < classes ? 2 : Math.round(40 * x) * (i % 5 === 0 ? 3 : 1),
      );
    return undefined;
  };

test('softmax cross-entropy', async () => {
  for (const [rows, classes] of [
    [1, 2],
    [3, 10],
    [130, 10],
    [65, 32],
    [9, 33],
    [33, 100],
    [2, 1000],
  ] as const)
    for (const smoothing of [0, 0.3])
      for (const isTraining of [true, false]) {
        const { op, bytes } = lossOp(rows, classes, smoothing, isTraining);
        await prove(op, bytes, labelsOf(classes));
      }
});

test('MixUp shares the target with the partner’s label', async () => {
  for (const [rows, classes] of [
    [30, 10],
    [9, 40],
  ] as const) {
    const { op } = lossOp(rows, classes, 0.1, true);
    const shift = 4;
    const share = 0.7;
    const draw = drawWords({ offset: 0, step: 0, seed: 0, shift, share });
    const logits = numbers(rows * classes, 5).map((x) => 3 * x);
    const labels = Uint32Array.from({ length: rows }, (_, i) => (i * 3) % classes);
    const got = await run(gpu, [softmaxCrossEntropy(op, true)], { logits, labels, draw });
    const losses: number[] = [];
    const gradient: number[] = [];
    for (let row = 0; row < rows; row++) {
      const z = Array.from(logits.subarray(row * classes, (row + 1) * classes));
      const logSum = Math.log(z.reduce((sum, one) => sum + Math.exp(one), 0));
      const target = (c: number): number =>
        0.1 / classes +
        0.9 * (share * Number(labels[row] === c) + (1 - share) * Number(labels[(row + shift) % rows] === c));
      losses.push(z.reduce((sum, one, c) => sum - target(c) * (one - logSum), 0));
      gradient.push(...z.map((one, c) => (Math.exp(one - logSum) - target(c)) / rows));
    }
    expect(distance(got['losses'] ?? [], losses)).toBeLessThan(1e-5);
    expect(distance(got['gradient'] ?? [], gradient)).toBeLessThan(1e-5);
  }
});

test('norm, clipping, updates and the row of readings', async () => {
  const settingsFill: Fill = (name, count) => {
    if (name === 'settings') return Float32Array.from([0.01, 0.999, 0.05, 0.3, 2, 20]);
    if (name === 'square' || name === 'partials') return numbers(count, 8).map(Math.abs);
    return undefined;
  };
  for (const count of [64, 4096, 70_016]) {
    const { place, bytes } = placer();
    const partials = place('partials', Math.ceil(count / 16_384));
    const norm = place('norm', 1);
    const scale = place('scale', 1);
    await prove(
      { kind: 'square-sums', count, chunk: 16_384, input: place('input', count), partials },
      bytes(),
    );
    for (const maximum of [null, 0.5, 1e6])
      await prove({ kind: 'clip-scale', partials, maximum, norm, scale }, bytes(), settingsFill, 1e-6);
    const flat = {
      count,
      parameters: place('parameters', count),
      gradients: place('gradients', count),
      settings: place('settings', 6),
    };
    const [mean, square, buffer] = [place('mean', count), place('square', count), place('buffer', count)];
    for (const clip of [null, scale]) {
      const shared = { ...flat, scale: clip };
      const adamw = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, mean, square } as const;
      await prove(
        { ...shared, kind: 'sgd', momentum: 0.9, decay: 0.01, buffer },
        bytes(),
        settingsFill,
        1e-6,
      );
      await prove({ ...shared, ...adamw, kind: 'adamw' }, bytes(), settingsFill, 1e-6);
      await prove({ ...shared, kind: 'lion', beta1: 0.9, beta2: 0.99, mean }, bytes(), settingsFill, 1e-6);
    }
  }
  const { place, bytes } = placer();
  const op: Op = {
    kind: 'summary',
    losses: place('losses', 33),
    correct: place('correct', 33),
    norm: place('norm', 1),
    scale: place('scale', 1),
    settings: place('settings', 6),
    readings: place('readings', 8, 4),
  };
  await prove(op, bytes(), settingsFill);
});

test('GELU is exact to float32 and stays finite far out', async () => {
  const { place } = placer();
  const far = [20, -20, 40, -40, 88, -88, 1000, -1000, 1e20, -1e20];
  const x = Float32Array.from({ length: 4096 }, (_, i) => far[i] ?? ((i - 2048) / 2048) * 8);
  const op: Op = {
    kind: 'batch-norm-evaluation',
    rows: 1,
    columns: 4096,
    epsilon: 0,
    activation: 'gelu',
    input: place('input', 1, 4096),
    output: place('output', 1, 4096),
    runningMean: place('runningMean', 4096),
    runningVariance: place('runningVariance', 4096),
  };
  const kernels = kernelsOf(op, { choose: () => ({ variant: 'tile32' }), resident: null });
  const got = await run(gpu, kernels, { input: x, runningVariance: new Float32Array(4096).fill(1) });
  let worst = 0;
  got['output']?.forEach((value, i) => {
    const wanted = gelu(x[i] as number);
    worst = Math.max(worst, Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)));
  });
  expect(worst).toBeLessThan(2e-7);
});
