// The squared error of a sigmoid's outputs, each row's mean and the gradient by the logits in one pass over a row.
import type { SquaredError } from '../../../experiment/program/op.ts';
import { binding, declare, entry, type Kernel, type Sharing } from '../kernel.ts';
import { reduction } from './reduce.ts';
import { gridOf, horizontal, rowShape, rowStart } from './rows.ts';

/** With e = e^−|z|: σ is 1 / (1 + e) for z ≥ 0, else e / (1 + e), and σ (1 − σ) = e / (1 + e)². */
export function squaredError(op: SquaredError<unknown>, sharing: Sharing = 'shared'): Kernel {
  const { rows, features, scale } = op;
  const shape = rowShape(features, sharing);
  const { type, units, size } = shape;
  const all = rows * features;
  const bindings = [
    binding('logits', 'read', all, type),
    binding('goal', 'read', all, type),
    binding('losses', 'write', rows),
  ];
  let stores = '';
  if (op.output !== null) {
    bindings.push(binding('output', 'write', all, type));
    stores += 'output[base + at] = y;\n';
  }
  if (op.gradient !== null) {
    bindings.push(binding('gradient', 'write', all, type));
    stores += `gradient[base + at] = off * (tail * near) * f32(${scale});\n`;
  }
  const sums = reduction('sums', shape.lanes, size, 1);
  const one = type === 'f32' ? '1.0' : 'vec4f(1.0)';
  const zero = `${type}(0.0)`;
  const body = `${rowStart(shape, rows)}var sum = ${zero};
for (var at = unit; at < ${units}u; at += ${size}u) {
let z = logits[base + at];
let e = exp(-abs(z));
let near = ${one} / (${one} + e);
let tail = e * near;
let y = select(near, tail, z < ${zero});
let off = y - goal[base + at];
sum += off * off;
if (row < ${rows}u) {
${stores}}
}
${sums.code([horizontal(type, 'sum')])}if (unit == 0u && row < ${rows}u) { losses[row] = ${sums.result(0)} / ${features}.0; }
`;
  return {
    label: `squared-error ${rows}×${features}`,
    code: declare(bindings) + sums.declaration + entry(shape.lanes, body),
    lanes: shape.lanes,
    grid: gridOf(shape, rows),
    memory: sums.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: sums.accesses,
  };
}
