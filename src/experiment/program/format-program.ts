// A program as text: its buffers, then one line an operation with shapes, flags, places and cost.

import { cost, totalCost } from './cost.ts';
import type { Op } from './op.ts';
import { operandsOf } from './operands.ts';
import type { Program } from './program.ts';
import type { Ref } from './ref.ts';

const scaled = (value: number, units: readonly string[], base: number): string => {
  let rest = value;
  let unit = 0;
  while (rest >= base && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  return `${unit === 0 ? rest : rest.toPrecision(3)} ${units[unit]}`.trim();
};
const inBytes = (bytes: number): string => scaled(bytes, ['B', 'kB', 'MB', 'GB'], 1000);
const inFlops = (flops: number): string => scaled(flops, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'], 1000);

/** `z[128,512]@arena+4096`. */
const place = ({ name, shape, buffer, byteOffset }: Ref): string =>
  `${name}[${shape.join(',')}]@${buffer}+${byteOffset}`;

function flags(op: Op): string {
  switch (op.kind) {
    case 'matmul': {
      const parts = [
        `${op.layout} ${op.m}×${op.n}×${op.k}`,
        op.bias && '+bias',
        op.preActivation && 'keep-pre',
        op.activation,
        op.residual && '+residual',
        op.derivative && `·${op.derivative.function}′`,
        op.accumulate && 'accumulate',
      ];
      return parts.filter(Boolean).join(' ');
    }
    case 'pointwise': {
      const parts = [
        `${op.rows}×${op.columns}`,
        op.dropout && `dropout ${op.dropout.rate} at ${op.dropout.site}`,
        op.derivative && `·${op.derivative.function}′`,
        op.residual && '+residual',
      ];
      return parts.filter(Boolean).join(' ');
    }
    case 'layer-norm':
    case 'batch-norm':
    case 'batch-norm-evaluation':
      return `${op.rows}×${op.columns}${op.activation ? ` ${op.activation}` : ''}`;
    case 'layer-norm-backward':
    case 'batch-norm-backward':
      return `${op.rows}×${op.columns}${op.accumulate ? ' accumulate' : ''}`;
    case 'layer-norm-parameters':
    case 'column-sum':
      return `${op.rows}×${op.columns}`;
    case 'gather':
    case 'prototype':
    case 'squared-error':
      return `${op.rows}×${op.features}`;
    case 'noise':
      return `${op.rows}×${op.features}${op.isFixed ? ' fixed' : ''}`;
    case 'halve':
      return `${op.rows}×${op.channels}×${op.height}×${op.width}`;
    case 'softmax-cross-entropy':
      return `${op.rows}×${op.classes} smoothing ${op.smoothing}`;
    case 'square-sums':
      return `${op.count} in chunks of ${op.chunk}`;
    case 'clip-scale':
      return op.maximum === null ? 'no clipping' : `maximum ${op.maximum}`;
    case 'sgd':
      return `${op.count} momentum ${op.momentum} decay ${op.decay}`;
    case 'adamw':
    case 'lion':
      return `${op.count} betas ${op.beta1} ${op.beta2}`;
    case 'accumulate':
      return `${op.count}, ${op.isFirst ? 'the first' : 'another'} of ${Math.round(1 / op.share)}`;
    case 'tally':
      return op.isFirst ? 'the first' : 'another';
    case 'average':
      return `${op.count}`;
    case 'summary':
      return '';
    default:
      throw op satisfies never;
  }
}

function line(op: Op, index: number): string {
  const uses = operandsOf(op);
  const reads = uses.filter(({ access }) => access !== 'write').map(({ operand }) => place(operand));
  const writes = uses.filter(({ access }) => access !== 'read').map(({ operand }) => place(operand));
  const { flops, bytes } = cost(op);
  const head = `${String(index).padStart(4)}  ${op.kind.padEnd(22)} ${flags(op).padEnd(44)}`;
  return `${head} ${inFlops(flops).padStart(11)} ${inBytes(bytes).padStart(8)}  ${writes.join(' ')} ← ${reads.join(' ')}`;
}

/** Several lines, the last one ended. Numbers of operations run through the phases of a step. */
export function formatProgram(program: Program): string {
  const phases = {
    forward: program.forward,
    backward: program.backward,
    'join, after the first micro-batch': program.accumulateFirst,
    'join, after each other one': program.accumulate,
    norm: program.norm,
    update: program.update,
  };
  const passes = Array.from({ length: program.microBatches }, (_, index) => [
    ...program.forward,
    ...program.backward,
    ...(index === 0 ? program.accumulateFirst : program.accumulate),
  ]);
  const step = [...passes, program.isClipping ? program.norm : [], program.update].flat();
  const { flops, bytes } = totalCost(step);
  const total = Object.values(program.bytes).reduce((sum, size) => sum + size, 0);
  const lines = [
    `step of ${program.microBatches > 1 ? `${program.microBatches} × ` : ''}${program.batch} rows: ${step.length} operations, ${inFlops(flops)}, ${inBytes(bytes)} moved`,
    `memory: ${inBytes(total)}, of which`,
    ...Object.entries(program.bytes).map(([name, size]) => `  ${name.padEnd(12)} ${inBytes(size)}`),
    `  the arena has ${program.banks.length} banks; ${inBytes(program.liveBytes)} of it live at the peak`,
  ];
  let index = 0;
  for (const [name, ops] of Object.entries(phases)) {
    if (ops.length === 0) continue;
    lines.push(
      `${name}${name === 'norm' && !program.isClipping ? ' (only where the norm is asked for)' : ''}`,
    );
    for (const op of ops) lines.push(line(op, index++));
  }
  lines.push(
    `evaluation of ${program.evaluationBatch} rows${program.averageEvaluation.length > 0 ? ', and again with the averaged weights' : ''}`,
  );
  program.evaluation.forEach((op, place) => {
    lines.push(line(op, place));
  });
  return `${lines.join('\n')}\n`;
}
