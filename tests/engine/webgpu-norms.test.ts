// LayerNorm and BatchNorm, forward and backward, at awkward sizes.
import { beforeAll, describe, test } from 'vitest';
import type { Op } from '../../src/experiment/program/op.ts';
import { type Gpu, numbers, plainGpu } from './webgpu-device.ts';
import { type Fill, placer, prove, sizes } from './webgpu-prove.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await plainGpu();
});

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
        await prove(gpu, op, bytes());
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
        await prove(
          gpu,
          { ...shared, kind: 'layer-norm-backward', weight, inputGradient, accumulate },
          bytes(),
        );
      }
      const weightGradient = place('weightGradient', columns);
      const biasGradient = place('biasGradient', columns);
      await prove(gpu, { ...shared, kind: 'layer-norm-parameters', weightGradient, biasGradient }, bytes());
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
    await prove(gpu, op, bytes(), fill, 1e-4);
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
          gpu,
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
        await prove(gpu, { ...shared, ...running, kind: 'batch-norm-evaluation', output }, bytes(), fill);
        const gradient = place('gradient', rows, columns);
        const inputGradient = place('inputGradient', rows, columns);
        const accumulate = activation !== null;
        await prove(
          gpu,
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
