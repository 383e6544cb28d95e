// What an operation costs at least: arithmetic, and bytes that must cross the memory bus once. For rooflines.
import { elements } from '../../core/layers.ts';
import type { Op } from './op.ts';
import { operandsOf } from './operands.ts';
import { ELEMENT_BYTES } from './ref.ts';

export interface Cost {
  /** A multiply-add counts 2; exponentials, roots and divisions count 1. Matrix products count no epilogue. */
  readonly flops: number;
  /** Each operand read or written once, read and written where it is updated in place. */
  readonly bytes: number;
}

export function cost(op: Op): Cost {
  let bytes = 0;
  for (const { operand, access } of operandsOf(op)) {
    const size = elements(operand.shape) * ELEMENT_BYTES;
    bytes += access === 'update' ? 2 * size : size;
  }
  // One row is written, whatever the buffer holds.
  if (op.kind === 'summary') bytes -= elements(op.readings.shape.slice(0, 1)) * 16 - 16;
  return { flops: flops(op), bytes };
}

/** Costs of several operations together. */
export function totalCost(ops: readonly Op[]): Cost {
  return ops
    .map(cost)
    .reduce((sum, one) => ({ flops: sum.flops + one.flops, bytes: sum.bytes + one.bytes }), {
      flops: 0,
      bytes: 0,
    });
}

function flops(op: Op): number {
  switch (op.kind) {
    case 'gather':
    case 'prototype':
      return 0;
    case 'noise':
      return 3 * op.rows * op.features;
    case 'halve':
      return 25 * elements(op.output.shape);
    case 'matmul':
      return 2 * op.m * op.n * op.k;
    case 'pointwise':
      return 3 * op.rows * op.columns;
    case 'column-sum':
      return op.rows * op.columns;
    case 'layer-norm':
      return 8 * op.rows * op.columns;
    case 'layer-norm-backward':
      return 11 * op.rows * op.columns;
    case 'layer-norm-parameters':
      return 5 * op.rows * op.columns;
    case 'batch-norm':
      return 6 * op.rows * op.columns;
    case 'batch-norm-evaluation':
      return 2 * op.rows * op.columns;
    case 'batch-norm-backward':
      return 7 * op.rows * op.columns;
    case 'softmax-cross-entropy':
      return 8 * op.rows * op.classes;
    case 'squared-error':
      return 12 * op.rows * op.features;
    case 'square-sums':
      return 2 * op.count;
    case 'clip-scale':
      return elements(op.partials.shape);
    case 'sgd':
      return 6 * op.count;
    case 'adamw':
      return 13 * op.count;
    case 'lion':
      return 9 * op.count;
    case 'accumulate':
      return 4 * op.count;
    case 'tally':
      return 2 * elements(op.losses.shape);
    case 'average':
      return 3 * op.count;
    case 'summary':
      return 2 * elements(op.losses.shape);
    default:
      throw op satisfies never;
  }
}
