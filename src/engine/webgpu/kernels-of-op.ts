// Which kernels compute an operation, and which of its operands each binding stands for.
import type { Op } from '../../experiment/program/op.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import type { Kernel, Sharing } from './kernel.ts';
import { batchNormBackward, batchNormEvaluation, batchNormForward } from './kernels/batch-norm.ts';
import { columnSum, layerNormParameters } from './kernels/column-sum.ts';
import type { Product } from './kernels/epilogue.ts';
import { gather, type Resident } from './kernels/gather.ts';
import { accumulate, clipScale, squareSums, summary, tally } from './kernels/global-norm.ts';
import { layerNormBackward, layerNormForward } from './kernels/layer-norm.ts';
import { type Choice, matmul } from './kernels/matmul.ts';
import { halve, noise, prototype } from './kernels/pictures.ts';
import { pointwise } from './kernels/pointwise.ts';
import { softmaxCrossEntropy } from './kernels/softmax-cross-entropy.ts';
import { squaredError } from './kernels/squared-error.ts';
import { average, flatUpdate } from './kernels/update.ts';

export interface Lowering {
  /** The variant for a product: tuned, or the static default. */
  readonly choose: (product: Product) => Choice;
  readonly sharing: Sharing;
  /** The dataset that `gather` picks from; null leaves `input` and `labels` to the host. */
  readonly resident: Resident | null;
}

/** In order; without a dataset no kernel for what needs one: the host writes `input` and `labels`, or images, itself. */
export function kernelsOf(op: Op, { choose, resident, sharing }: Lowering): readonly Kernel[] {
  switch (op.kind) {
    case 'gather':
      return resident ? gather(op, resident) : [];
    case 'noise':
      return resident ? [noise(op, resident.orderLength)] : [];
    case 'halve':
      return [halve(op)];
    case 'prototype':
      return resident ? [prototype(op, resident.prototypes)] : [];
    case 'matmul':
      return matmul(op, choose(op));
    case 'pointwise':
      return [pointwise(op)];
    case 'column-sum':
      return columnSum(op, sharing);
    case 'layer-norm':
      return [layerNormForward(op, sharing)];
    case 'layer-norm-backward':
      return [layerNormBackward(op, sharing)];
    case 'layer-norm-parameters':
      return layerNormParameters(op, sharing);
    case 'batch-norm':
      return [batchNormForward(op, sharing)];
    case 'batch-norm-evaluation':
      return [batchNormEvaluation(op)];
    case 'batch-norm-backward':
      return [batchNormBackward(op, sharing)];
    case 'softmax-cross-entropy':
      return [softmaxCrossEntropy(op, resident?.mixes === true && op.gradient !== null)];
    case 'squared-error':
      return [squaredError(op, sharing)];
    case 'square-sums':
      return [squareSums(op)];
    case 'clip-scale':
      return [clipScale(op)];
    case 'sgd':
    case 'adamw':
    case 'lion':
      return [flatUpdate(op)];
    case 'accumulate':
      return [accumulate(op)];
    case 'tally':
      return [tally(op, sharing)];
    case 'average':
      return [average(op)];
    case 'summary':
      return [summary(op, sharing)];
    default:
      throw op satisfies never;
  }
}

/** Buffers that belong to the executor, not to the program. */
export const ownNames = [
  'draws',
  'scratch',
  'draw',
  'images',
  'classes',
  'order',
  'table',
  'windows',
  'noise',
  'prototypes',
] as const;
export type OwnName = (typeof ownNames)[number];

const isOwn = (name: string): name is OwnName => (ownNames as readonly string[]).includes(name);

/** The operand that a binding of one of the operation's kernels stands for, or the executor's own buffer. */
export function operandOf(op: Op, name: string): Ref | OwnName {
  if (isOwn(name)) return name;
  if ('derivative' in op && name === 'derivative' && op.derivative) return op.derivative.of;
  const found: unknown = Object.entries(op).find(([field]) => field === name)?.[1];
  if (found === undefined || found === null || typeof found !== 'object')
    throw new Error(`${op.kind} has no operand ${name}.`);
  return found as Ref;
}
