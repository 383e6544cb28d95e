// A program's operations as the kernels' own: places become addresses, and what the host computes becomes numbers to patch.
import { LabError } from '../../core/failure.ts';
import type { MatrixProduct, Op } from '../../experiment/program/op.ts';
import type { Program } from '../../experiment/program/program.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import { averageShares, ruleOf, type UpdateRule } from '../../experiment/program/update-rule.ts';
import * as objectives from './objectives.ts';
import * as operations from './operations.ts';
import { type Address, type Operation, type Product, packedBytes } from './operations.ts';
import { type PictureAddresses, pictureOperations } from './pictures.ts';
import { pointwiseOperation } from './pointwise.ts';

/** Where things are that the program leaves to its executor. */
export interface Addresses extends PictureAddresses {
  /** Of a place in one of the program's buffers. */
  of(ref: Ref): Address;
  /** Room for `packedBytesOf` bytes, and for one value a row or a column. */
  readonly packed: Address;
  readonly spare: Address;
  readonly images: Address;
  readonly labels: Address;
  /** float32, channels × 256. */
  readonly table: Address;
  /** uint32, one a row. */
  readonly indices: Address;
  /** `words` int32 a row; null where images are used as they are. */
  readonly draws: { readonly at: Address; readonly words: number } | null;
  /** MixUp's λ, float32; null: off. */
  readonly share: Address | null;
  /** uint32 × 3: the run's seed, the step and the micro-batch of it, for dropout. */
  readonly clock: Address;
  /** float32: the mean loss of the batch. */
  readonly loss: Address;
  readonly shape: { readonly channels: number; readonly height: number; readonly width: number };
}

/** Bytes of the left operand that the largest product packs. */
export function packedBytesOf(ops: readonly Op[]): number {
  return Math.max(0, ...ops.map((op) => (op.kind === 'matmul' ? packedBytes(op.m, op.k) : 0)));
}

/** Values that `spare` must hold: statistics that an operation writes and nobody reads. */
export function spareCount(ops: readonly Op[]): number {
  return Math.max(
    1,
    ...ops.map((op) => ('columns' in op && 'rows' in op ? Math.max(op.rows, op.columns) : 0)),
  );
}

const unsupported = (what: string): LabError =>
  new LabError('internal', `The CPU kernels have no form for ${what}.`);

function matmul(op: MatrixProduct<Ref>, { of, packed }: Addresses): Operation[] {
  const { layout, m, n, k, bias, preActivation, activation, residual, derivative, accumulate } = op;
  if (derivative && (accumulate || activation || residual)) throw unsupported('a product with that ending');
  if (accumulate && (bias || activation || residual)) throw unsupported('a product that adds to that ending');
  const ending: Partial<Product> = derivative
    ? { activation: derivative.function, before: of(derivative.of), backward: true }
    : { ...(activation ? { activation } : {}), ...(preActivation ? { before: of(preActivation) } : {}) };
  return operations.product({
    a: { at: of(op.a), transposed: layout === 'TN' },
    b: { at: of(op.b), transposed: layout === 'NT' },
    c: of(op.output),
    rows: m,
    columns: n,
    depth: k,
    packed,
    accumulates: accumulate,
    ...(bias ? { bias: of(bias) } : {}),
    ...(residual ? { residual: of(residual) } : {}),
    ...ending,
  });
}

/** The operations of the kernels that do what `op` does. Empty for a tally or summary: the host reads losses itself. */
export function translate(op: Op, addresses: Addresses): readonly Operation[] {
  const { of, spare } = addresses;
  const maybe = (ref: Ref | null): Address => (ref ? of(ref) : spare);
  switch (op.kind) {
    case 'gather': {
      const { images, table, indices, draws, share, shape } = addresses;
      return [
        objectives.gather({
          images,
          table,
          indices,
          out: of(op.input),
          rows: op.rows,
          ...shape,
          ...(draws === null ? {} : { draws }),
        }),
        ...(share === null ? [] : [objectives.mix(of(op.input), share, op.rows, op.features)]),
      ];
    }
    case 'noise':
    case 'halve':
    case 'prototype':
    case 'squared-error':
      return pictureOperations(op, addresses);
    case 'matmul':
      return matmul(op, addresses);
    case 'pointwise':
      return [pointwiseOperation(op, addresses)];
    case 'column-sum':
      return [operations.columnSums(of(op.input), of(op.output), op.rows, op.columns)];
    case 'layer-norm':
      return [
        operations.layerNorm({
          x: of(op.input),
          gamma: of(op.weight),
          beta: of(op.bias),
          out: of(op.output),
          mean: maybe(op.mean),
          root: op.rstd ? of(op.rstd) : spare,
          rows: op.rows,
          width: op.columns,
          epsilon: op.epsilon,
          ...(op.activation ? { activation: op.activation } : {}),
          ...(op.preActivation ? { before: of(op.preActivation) } : {}),
        }),
      ];
    case 'layer-norm-backward':
      return [
        operations.layerNormBackward({
          dy: of(op.gradient),
          x: of(op.input),
          gamma: of(op.weight),
          mean: of(op.mean),
          root: of(op.rstd),
          dx: of(op.inputGradient),
          rows: op.rows,
          width: op.columns,
          accumulates: op.accumulate,
        }),
      ];
    case 'layer-norm-parameters':
      return [
        operations.layerNormGradient({
          dy: of(op.gradient),
          x: of(op.input),
          mean: of(op.mean),
          root: of(op.rstd),
          dGamma: of(op.weightGradient),
          dBeta: of(op.biasGradient),
          rows: op.rows,
          width: op.columns,
        }),
      ];
    case 'batch-norm':
      return [
        operations.batchNorm({
          x: of(op.input),
          out: of(op.output ?? op.normalised),
          mean: spare,
          root: of(op.rstd),
          running: { runningMean: of(op.runningMean), runningVariance: of(op.runningVariance) },
          rows: op.rows,
          width: op.columns,
          epsilon: op.epsilon,
          momentum: op.momentum,
          ...(op.activation ? { activation: op.activation } : {}),
          ...(op.output ? { before: of(op.normalised) } : {}),
        }),
      ];
    case 'batch-norm-evaluation':
      return [
        operations.batchNormEvaluate({
          x: of(op.input),
          out: of(op.output),
          running: { runningMean: of(op.runningMean), runningVariance: of(op.runningVariance) },
          rows: op.rows,
          width: op.columns,
          epsilon: op.epsilon,
          ...(op.activation ? { activation: op.activation } : {}),
        }),
      ];
    case 'batch-norm-backward':
      return [
        operations.batchNormBackward({
          dy: of(op.gradient),
          normalised: of(op.normalised),
          root: of(op.rstd),
          dx: of(op.inputGradient),
          rows: op.rows,
          width: op.columns,
          accumulates: op.accumulate,
        }),
      ];
    case 'softmax-cross-entropy': {
      const { labels, indices, loss, share } = addresses;
      const losses = of(op.losses);
      return [
        objectives.crossEntropy({
          logits: of(op.logits),
          labels,
          indices,
          losses,
          rows: op.rows,
          classes: op.classes,
          smoothing: op.smoothing,
          scale: op.scale,
          ...(share === null ? {} : { share }),
          ...(op.gradient ? { gradient: of(op.gradient) } : {}),
        }),
        objectives.mean(losses, loss, op.rows),
      ];
    }
    case 'accumulate': {
      const { count, share, isFirst } = op;
      const [x, total, partials] = [of(op.input), of(op.total), of(op.partials)];
      return [objectives.accumulate({ x, total, partials, count, share, isFirst })];
    }
    case 'square-sums':
    case 'clip-scale':
    case 'sgd':
    case 'adamw':
    case 'lion':
    case 'average':
      throw unsupported(`${op.kind} by itself: it stands at the end of a step only`);
    case 'tally':
    case 'summary':
      return [];
    default:
      throw op satisfies never;
  }
}

/** The gradient's length and clip factor, where asked. */
export function normOperations({ norm }: Pick<Program, 'norm'>, { of }: Addresses): readonly Operation[] {
  const [squares, clip] = norm;
  if (squares?.kind !== 'square-sums' || clip?.kind !== 'clip-scale') throw unsupported('this norm');
  return objectives.gradientNorm(
    of(squares.input),
    squares.count,
    of(squares.partials),
    of(clip.norm),
    of(clip.scale),
    clip.maximum ?? 0,
  );
}

/** One operation a group, then the average of the weights where there is one; `updateReals` has their numbers. */
export function updateOperations(
  { update }: Pick<Program, 'update'>,
  { of }: Addresses,
): readonly Operation[] {
  return update.flatMap((op) => {
    if (op.kind === 'summary') return [];
    if (op.kind === 'average') return objectives.average(of(op.parameters), of(op.average), op.count, [0, 1]);
    if (op.kind !== 'sgd' && op.kind !== 'adamw' && op.kind !== 'lion') throw unsupported('this update');
    const range = {
      parameter: of(op.parameters),
      gradient: of(op.gradients),
      count: op.count,
      ...(op.scale ? { factor: of(op.scale) } : {}),
    };
    switch (op.kind) {
      case 'sgd':
        return objectives.sgd({ ...range, buffer: of(op.buffer) }, { rate: 0, momentum: 0, decay: 0 });
      case 'lion':
        return objectives.lion({ ...range, average: of(op.mean) }, { rate: 0, decay: 0, beta1: 0, beta2: 0 });
      case 'adamw':
        return objectives.adamw(
          { ...range, average: of(op.mean), square: of(op.square) },
          { rate: 0, step: 1, decay: 0, beta1: 0, beta2: 0, epsilon: 1 },
        );
      default:
        throw op satisfies never;
    }
  });
}

/** The numbers of each operation of `updateOperations` at `step` (from 1) and scheduled learning rate. */
export function updateReals(
  { rule, groups, averageDecay }: Pick<Program, 'rule' | 'groups' | 'averageDecay'>,
  rate: number,
  step: number,
): readonly (readonly number[])[] {
  const updates = groups.map((group) => reals(ruleOf(rule, group), rate * group.rate, step));
  return averageDecay > 0 ? [...updates, averageShares(averageDecay, step)] : updates;
}

function reals(rule: UpdateRule, rate: number, step: number): number[] {
  switch (rule.kind) {
    case 'sgd':
      return objectives.sgdReals({ ...rule, rate });
    case 'adamw':
      return objectives.adamwReals({ ...rule, rate, step });
    case 'lion':
      return objectives.lionReals({ ...rule, rate });
    default:
      throw rule satisfies never;
  }
}
