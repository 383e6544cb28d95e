// Products and kernels that the proofs walk over: every variant, layout and epilogue, and every other kernel.

import type { Kernel, Sharing } from '../../src/engine/webgpu/kernel.ts';
import {
  batchNormBackward,
  batchNormEvaluation,
  batchNormForward,
} from '../../src/engine/webgpu/kernels/batch-norm.ts';
import { columnSum, layerNormParameters } from '../../src/engine/webgpu/kernels/column-sum.ts';
import type { Product } from '../../src/engine/webgpu/kernels/epilogue.ts';
import { gather } from '../../src/engine/webgpu/kernels/gather.ts';
import {
  accumulate,
  clipScale,
  squareSums,
  summary,
  tally,
} from '../../src/engine/webgpu/kernels/global-norm.ts';
import { layerNormBackward, layerNormForward } from '../../src/engine/webgpu/kernels/layer-norm.ts';
import { blocks, tilings, type VariantId } from '../../src/engine/webgpu/kernels/matmul.ts';
import { halve, noise, prototype } from '../../src/engine/webgpu/kernels/pictures.ts';
import { pointwise } from '../../src/engine/webgpu/kernels/pointwise.ts';
import { softmaxCrossEntropy } from '../../src/engine/webgpu/kernels/softmax-cross-entropy.ts';
import { squaredError } from '../../src/engine/webgpu/kernels/squared-error.ts';
import { average, flatUpdate } from '../../src/engine/webgpu/kernels/update.ts';
import type { Ref } from '../../src/experiment/program/ref.ts';

export const variants = [
  ...(Object.keys(tilings) as (keyof typeof tilings)[]),
  ...(Object.keys(blocks) as (keyof typeof blocks)[]),
  'intel',
  'skinny',
  'dot',
  'row-dot',
] as const satisfies readonly VariantId[];

export const layouts = ['NN', 'NT', 'TN'] as const;

const bare = {
  kind: 'matmul',
  a: 0,
  b: 0,
  output: 0,
  bias: null,
  preActivation: null,
  activation: null,
  residual: null,
  derivative: null,
  accumulate: false,
} as const;

/** Every combination that a program holds, and all of it at once. */
export const epilogues = {
  none: {},
  bias: { bias: 0 },
  'bias gelu keep': { bias: 0, activation: 'gelu', preActivation: 0 },
  'bias relu': { bias: 0, activation: 'relu' },
  'bias residual': { bias: 0, residual: 0 },
  'gelu slope': { derivative: { function: 'gelu', of: 0 } },
  'relu slope': { derivative: { function: 'relu', of: 0 } },
  accumulate: { accumulate: true },
  all: {
    bias: 0,
    preActivation: 0,
    activation: 'gelu',
    residual: 0,
    derivative: { function: 'gelu', of: 0 },
    accumulate: true,
  },
} as const satisfies Readonly<Record<string, Partial<Product>>>;

export const product = (
  layout: Product['layout'],
  m: number,
  n: number,
  k: number,
  epilogue: Partial<Product> = {},
): Product => ({ ...bare, layout, m, n, k, ...epilogue });

/** A place that only its shape matters of. */
const shaped = (...shape: number[]): Ref => ({ name: 'x', shape, buffer: 'arena', byteOffset: 0 });

const layerNorm = { epsilon: 1e-5, input: 0, weight: 0, bias: 0, output: 0 } as const;

/** Kernels of tasks on images. */
function pictureKernels(rows: number, features: number, sharing: Sharing): readonly Kernel[] {
  const made = { rows, features, image: 0, output: 0 } as const;
  const error = {
    kind: 'squared-error',
    rows,
    features,
    scale: 2 / rows,
    logits: 0,
    goal: 0,
    losses: 0,
  } as const;
  return [
    noise({ ...made, kind: 'noise', isFixed: false }, rows),
    noise({ ...made, kind: 'noise', isFixed: true }, rows),
    halve({ kind: 'halve', rows, channels: 3, height: 4, width: 2 * features, image: 0, output: 0 }),
    prototype({ kind: 'prototype', rows, features, labels: 0, output: 0 }, 10),
    squaredError({ ...error, output: null, gradient: 0 }, sharing),
    squaredError({ ...error, output: 0, gradient: null }, sharing),
  ];
}

const pointwiseOp = {
  kind: 'pointwise',
  input: 0,
  output: 0,
  dropout: null,
  derivative: null,
  residual: null,
} as const;

/** Kernels other than products, at `rows` × `columns`. */
export function otherKernels(rows: number, columns: number, sharing: Sharing = 'shared'): readonly Kernel[] {
  const forward = { ...layerNorm, kind: 'layer-norm', rows, columns } as const;
  const saved = { rows, columns, gradient: 0, input: 0, mean: 0, rstd: 0 } as const;
  const batchNorm = {
    kind: 'batch-norm',
    rows,
    columns,
    epsilon: 1e-5,
    momentum: 0.1,
    input: 0,
    normalised: 0,
    rstd: 0,
    runningMean: 0,
    runningVariance: 0,
  } as const;
  const flat = { count: rows * 64, parameters: 0, gradients: 0, settings: 0, scale: 0 } as const;
  const joined = { count: flat.count, chunk: 16_384, share: 0.25, input: 0, total: 0, partials: 0 } as const;
  const loss = {
    kind: 'softmax-cross-entropy',
    rows,
    classes: columns,
    smoothing: 0.1,
    scale: 1 / rows,
    logits: 0,
    labels: 0,
    losses: 0,
    correct: 0,
  } as const;
  const image = {
    channels: 1,
    height: 1,
    width: columns,
    count: rows,
    orderLength: rows,
    mixes: false,
    prototypes: 10,
  } as const;
  const shifted = { kind: 'shifted', padding: 4, turns: true, stream: 3 } as const;
  const picks = { kind: 'gather', rows, features: columns, input: 0, labels: 0 } as const;
  return [
    layerNormForward({ ...forward, activation: null, preActivation: null, mean: null, rstd: null }, sharing),
    layerNormForward({ ...forward, activation: 'gelu', preActivation: 0, mean: 0, rstd: 0 }, sharing),
    ...[true, false].map((accumulate) =>
      layerNormBackward(
        { ...saved, kind: 'layer-norm-backward', weight: 0, inputGradient: 0, accumulate },
        sharing,
      ),
    ),
    ...layerNormParameters(
      { ...saved, kind: 'layer-norm-parameters', weightGradient: 0, biasGradient: 0 },
      sharing,
    ),
    ...columnSum({ kind: 'column-sum', rows, columns, input: 0, output: 0 }, sharing),
    pointwise({ ...pointwiseOp, rows, columns, dropout: { rate: 0.3, site: 2 }, residual: 0 }),
    pointwise({ ...pointwiseOp, rows, columns, derivative: { function: 'gelu', of: 0 } }),
    batchNormForward({ ...batchNorm, output: 0, activation: 'gelu' }, sharing),
    batchNormForward({ ...batchNorm, output: null, activation: null }, sharing),
    batchNormEvaluation({ ...batchNorm, kind: 'batch-norm-evaluation', output: 0, activation: 'relu' }),
    batchNormBackward(
      {
        kind: 'batch-norm-backward',
        rows,
        columns,
        gradient: 0,
        normalised: 0,
        rstd: 0,
        inputGradient: 0,
        accumulate: true,
      },
      sharing,
    ),
    softmaxCrossEntropy({ ...loss, gradient: 0 }),
    softmaxCrossEntropy({ ...loss, gradient: 0 }, true),
    softmaxCrossEntropy({ ...loss, smoothing: 0, gradient: null }),
    squareSums({ kind: 'square-sums', count: flat.count, chunk: 16_384, input: 0, partials: 0 }),
    clipScale({ kind: 'clip-scale', partials: shaped(rows), maximum: 1, norm: shaped(1), scale: shaped(1) }),
    summary(
      {
        kind: 'summary',
        losses: shaped(rows),
        correct: shaped(rows),
        norm: shaped(1),
        squares: null,
        settings: shaped(4),
        readings: shaped(4096, 4),
      },
      sharing,
    ),
    flatUpdate({ ...flat, kind: 'sgd', momentum: 0.9, decay: 0, buffer: 0 }),
    flatUpdate({ ...flat, kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, mean: 0, square: 0 }),
    flatUpdate({ ...flat, kind: 'lion', beta1: 0.9, beta2: 0.99, mean: 0, scale: null }),
    accumulate({ kind: 'accumulate', ...joined, isFirst: true }),
    accumulate({ kind: 'accumulate', ...joined, isFirst: false }),
    ...[true, false].map((isFirst) =>
      tally(
        {
          kind: 'tally',
          isFirst,
          losses: shaped(rows),
          correct: shaped(rows),
          loss: shaped(1),
          hits: shaped(1),
        },
        sharing,
      ),
    ),
    summary(
      {
        kind: 'summary',
        losses: shaped(1),
        correct: shaped(1),
        norm: shaped(1),
        squares: shaped(rows),
        settings: shaped(4),
        readings: shaped(4096, 4),
      },
      sharing,
    ),
    average({ kind: 'average', count: flat.count, settings: 0, parameters: 0, average: 0 }),
    ...gather(picks, { ...image, cut: null }),
    ...pictureKernels(rows, columns, sharing),
    ...gather(picks, { ...image, cut: shifted, mixes: true }),
    ...gather(picks, { ...image, cut: { kind: 'resized' } }),
    ...gather(picks, { ...image, cut: shifted, mixes: true, perPart: 4 }),
  ];
}
