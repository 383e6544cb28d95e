// The operands of an operation and how it uses them: one place knows every field that holds a tensor.
import type { Op } from './op.ts';

/** `update`: read and written in place. */
export type Access = 'read' | 'write' | 'update';

export interface Use<T> {
  readonly operand: T;
  readonly access: Access;
}

/** The same operation on other operands. `place` sees each operand once, in the order of the fields in `op.ts`. */
export function mapOperands<T, U>(op: Op<T>, place: (operand: T, access: Access) => U): Op<U> {
  const read = (operand: T): U => place(operand, 'read');
  const write = (operand: T): U => place(operand, 'write');
  const update = (operand: T): U => place(operand, 'update');
  const target = (operand: T, accumulate: boolean): U => (accumulate ? update : write)(operand);
  const readMaybe = (operand: T | null): U | null => (operand === null ? null : read(operand));
  const writeMaybe = (operand: T | null): U | null => (operand === null ? null : write(operand));
  const flat = (one: { parameters: T; gradients: T; settings: T; scale: T | null }) => ({
    parameters: update(one.parameters),
    gradients: read(one.gradients),
    settings: read(one.settings),
    scale: readMaybe(one.scale),
  });
  switch (op.kind) {
    case 'gather':
      return { ...op, input: write(op.input), labels: write(op.labels) };
    case 'noise':
    case 'halve':
      return { ...op, image: read(op.image), output: write(op.output) };
    case 'prototype':
      return { ...op, labels: read(op.labels), output: write(op.output) };
    case 'matmul': {
      const { derivative } = op;
      return {
        ...op,
        a: read(op.a),
        b: read(op.b),
        output: target(op.output, op.accumulate),
        bias: readMaybe(op.bias),
        preActivation: writeMaybe(op.preActivation),
        residual: readMaybe(op.residual),
        derivative: derivative && { function: derivative.function, of: read(derivative.of) },
      };
    }
    case 'pointwise': {
      const { derivative } = op;
      return {
        ...op,
        input: read(op.input),
        output: write(op.output),
        derivative: derivative && { function: derivative.function, of: read(derivative.of) },
        residual: readMaybe(op.residual),
      };
    }
    case 'column-sum':
      return { ...op, input: read(op.input), output: write(op.output) };
    case 'layer-norm':
      return {
        ...op,
        input: read(op.input),
        weight: read(op.weight),
        bias: read(op.bias),
        output: write(op.output),
        preActivation: writeMaybe(op.preActivation),
        mean: writeMaybe(op.mean),
        rstd: writeMaybe(op.rstd),
      };
    case 'layer-norm-backward':
      return {
        ...op,
        gradient: read(op.gradient),
        input: read(op.input),
        weight: read(op.weight),
        mean: read(op.mean),
        rstd: read(op.rstd),
        inputGradient: target(op.inputGradient, op.accumulate),
      };
    case 'layer-norm-parameters':
      return {
        ...op,
        gradient: read(op.gradient),
        input: read(op.input),
        mean: read(op.mean),
        rstd: read(op.rstd),
        weightGradient: write(op.weightGradient),
        biasGradient: write(op.biasGradient),
      };
    case 'batch-norm':
      return {
        ...op,
        input: read(op.input),
        normalised: write(op.normalised),
        output: writeMaybe(op.output),
        rstd: write(op.rstd),
        runningMean: update(op.runningMean),
        runningVariance: update(op.runningVariance),
      };
    case 'batch-norm-evaluation':
      return {
        ...op,
        input: read(op.input),
        output: write(op.output),
        runningMean: read(op.runningMean),
        runningVariance: read(op.runningVariance),
      };
    case 'batch-norm-backward':
      return {
        ...op,
        gradient: read(op.gradient),
        normalised: read(op.normalised),
        rstd: read(op.rstd),
        inputGradient: target(op.inputGradient, op.accumulate),
      };
    case 'softmax-cross-entropy':
      return {
        ...op,
        logits: read(op.logits),
        labels: read(op.labels),
        losses: write(op.losses),
        correct: write(op.correct),
        gradient: writeMaybe(op.gradient),
      };
    case 'squared-error':
      return {
        ...op,
        logits: read(op.logits),
        goal: read(op.goal),
        losses: write(op.losses),
        output: writeMaybe(op.output),
        gradient: writeMaybe(op.gradient),
      };
    case 'square-sums':
      return { ...op, input: read(op.input), partials: write(op.partials) };
    case 'clip-scale':
      return { ...op, partials: read(op.partials), norm: write(op.norm), scale: write(op.scale) };
    case 'sgd':
      return { ...op, ...flat(op), buffer: update(op.buffer) };
    case 'adamw':
      return { ...op, ...flat(op), mean: update(op.mean), square: update(op.square) };
    case 'lion':
      return { ...op, ...flat(op), mean: update(op.mean) };
    case 'accumulate': {
      const joined = (operand: T): U => target(operand, !op.isFirst);
      return { ...op, input: read(op.input), total: joined(op.total), partials: joined(op.partials) };
    }
    case 'tally': {
      const joined = (operand: T): U => target(operand, !op.isFirst);
      return {
        ...op,
        losses: read(op.losses),
        correct: read(op.correct),
        loss: joined(op.loss),
        hits: joined(op.hits),
      };
    }
    case 'average':
      return {
        ...op,
        settings: read(op.settings),
        parameters: read(op.parameters),
        average: update(op.average),
      };
    case 'summary':
      return {
        ...op,
        losses: read(op.losses),
        correct: read(op.correct),
        norm: read(op.norm),
        squares: readMaybe(op.squares),
        settings: read(op.settings),
        readings: write(op.readings),
      };
    default:
      throw op satisfies never;
  }
}

/** Every operand with its access, in the order of `mapOperands`. */
export function operandsOf<T>(op: Op<T>): readonly Use<T>[] {
  const found: Use<T>[] = [];
  mapOperands(op, (operand, access) => {
    found.push({ operand, access });
    return operand;
  });
  return found;
}
