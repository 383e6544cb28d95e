// Column sums, the loss, norms, updates, readings and GELU, at awkward sizes.
import { beforeAll, expect, test } from 'vitest';
import { wordsOfDraw } from '../../src/engine/webgpu/kernels/draw.ts';
import { softmaxCrossEntropy } from '../../src/engine/webgpu/kernels/softmax-cross-entropy.ts';
import { kernelsOf } from '../../src/engine/webgpu/kernels-of-op.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { gelu } from '../reference/erf.ts';
import { distance, type Gpu, numbers, plainGpu, run } from './webgpu-device.ts';
import { type Fill, placer, prove, sizes } from './webgpu-prove.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await plainGpu();
});

test('column sums', async () => {
  for (const [rows, columns] of [...sizes, [1000, 33] as const]) {
    const { place, bytes } = placer();
    const input = place('input', rows, columns);
    await prove(gpu, { kind: 'column-sum', rows, columns, input, output: place('output', columns) }, bytes());
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
        await prove(gpu, op, bytes, labelsOf(classes));
      }
});

test('MixUp shares the target with the label of the row before', async () => {
  for (const [rows, classes] of [
    [30, 10],
    [9, 40],
  ] as const) {
    const { op } = lossOp(rows, classes, 0.1, true);
    const share = 0.7;
    const draw = wordsOfDraw({ offset: 0, step: 0, seed: 0, share });
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
        0.9 *
          (share * Number(labels[row] === c) + (1 - share) * Number(labels[(row + rows - 1) % rows] === c));
      losses.push(z.reduce((sum, one, c) => sum - target(c) * (one - logSum), 0));
      gradient.push(...z.map((one, c) => (Math.exp(one - logSum) - target(c)) / rows));
    }
    expect(distance(got['losses'] ?? [], losses)).toBeLessThan(1e-5);
    expect(distance(got['gradient'] ?? [], gradient)).toBeLessThan(1e-5);
  }
});

test('norm, clipping, updates and the row of readings', async () => {
  const settingsFill: Fill = (name, count) => {
    if (name === 'settings') return Float32Array.from([0.01, 0.999, 0.05, 0.3]);
    if (name === 'square' || name === 'partials') return numbers(count, 8).map(Math.abs);
    return undefined;
  };
  for (const count of [64, 4096, 70_016]) {
    const { place, bytes } = placer();
    const partials = place('partials', Math.ceil(count / 16_384));
    const norm = place('norm', 1);
    const scale = place('scale', 1);
    await prove(
      gpu,
      { kind: 'square-sums', count, chunk: 16_384, input: place('input', count), partials },
      bytes(),
    );
    for (const maximum of [null, 0.5, 1e6])
      await prove(gpu, { kind: 'clip-scale', partials, maximum, norm, scale }, bytes(), settingsFill, 1e-6);
    const flat = {
      count,
      parameters: place('parameters', count),
      gradients: place('gradients', count),
      settings: place('settings', 4),
    };
    const [mean, square, buffer] = [place('mean', count), place('square', count), place('buffer', count)];
    for (const clip of [null, scale]) {
      const shared = { ...flat, scale: clip };
      const adamw = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, mean, square } as const;
      await prove(
        gpu,
        { ...shared, kind: 'sgd', momentum: 0.9, decay: 0.01, buffer },
        bytes(),
        settingsFill,
        1e-6,
      );
      await prove(gpu, { ...shared, ...adamw, kind: 'adamw' }, bytes(), settingsFill, 1e-6);
      await prove(
        gpu,
        { ...shared, kind: 'lion', beta1: 0.9, beta2: 0.99, mean },
        bytes(),
        settingsFill,
        1e-6,
      );
    }
  }
});

test('averages, micro-batches that join, and the row of readings', async () => {
  const told: Fill = (name, count) => {
    if (name === 'settings') return Float32Array.from([2, 20, 0.9, 0.1]);
    if (name === 'partials' || name === 'squares') return numbers(count, 8).map(Math.abs);
    return undefined;
  };
  for (const count of [64, 4096, 70_016]) {
    const { place, bytes } = placer();
    const settings = place('settings', 4);
    const [parameters, average] = [place('parameters', count), place('average', count)];
    await prove(gpu, { kind: 'average', count, settings, parameters, average }, bytes(), told, 1e-6);
    const [input, total] = [place('input', count), place('total', count)];
    const joined = { count, chunk: 16_384, share: 0.25, input, total } as const;
    const partials = place('partials', Math.ceil(count / 16_384));
    for (const isFirst of [true, false])
      await prove(gpu, { kind: 'accumulate', ...joined, partials, isFirst }, bytes(), told, 1e-6);
  }
  const { place, bytes } = placer();
  const [losses, correct] = [place('losses', 33), place('correct', 33)];
  const [loss, hits] = [place('loss', 1), place('hits', 1)];
  for (const isFirst of [true, false])
    await prove(gpu, { kind: 'tally', isFirst, losses, correct, loss, hits }, bytes(), told);
  const around = {
    norm: place('norm', 1),
    settings: place('settings', 4),
    readings: place('readings', 8, 4),
  };
  for (const squares of [null, place('squares', 300)])
    await prove(gpu, { kind: 'summary', losses, correct, squares, ...around }, bytes(), told);
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
  const kernels = kernelsOf(op, { choose: () => ({ variant: 'tile32' }), sharing: 'shared', resident: null });
  const got = await run(gpu, kernels, { input: x, runningVariance: new Float32Array(4096).fill(1) });
  let worst = 0;
  got['output']?.forEach((value, i) => {
    const wanted = gelu(x[i] as number);
    worst = Math.max(worst, Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)));
  });
  expect(worst).toBeLessThan(2e-7);
});
