// LayerNorm forward and its gradient by the input: one workgroup a row (or several short rows), mean first, then the
// squared distances from it, so that a large mean costs no accuracy.
import type { LayerNormBackward, LayerNormForward } from '../../../experiment/program/op.ts';
import { binding, declare, entry, type Kernel, type Sharing } from '../kernel.ts';
import { activationCode } from './activation.ts';
import { reduction } from './reduce.ts';
import { each, gridOf, horizontal, keep, rowShape, rowStart } from './rows.ts';

/** output = activation((x − mean) · rstd · weight + bias). */
export function layerNormForward(op: LayerNormForward<unknown>, sharing: Sharing = 'shared'): Kernel {
  const { rows, columns, epsilon, activation } = op;
  const shape = rowShape(columns, sharing);
  const { type } = shape;
  const all = rows * columns;
  const bindings = [
    binding('input', 'read', all, type),
    binding('weight', 'read', columns, type),
    binding('bias', 'read', columns, type),
    binding('output', 'write', all, type),
  ];
  if (op.preActivation !== null) bindings.push(binding('preActivation', 'write', all, type));
  if (op.mean !== null) bindings.push(binding('mean', 'write', rows));
  if (op.rstd !== null) bindings.push(binding('rstd', 'write', rows));
  const sums = reduction('sums', shape.lanes, shape.size, 1);
  const squares = reduction('squares', shape.lanes, shape.size, 1);
  const loads = { x: (at: string) => `input[base + ${at}]` };
  const zero = `${type}(0.0)`;
  const keepRow = `if (unit == 0u && row < ${rows}u) { ${op.mean === null ? '' : 'mean[row] = mu; '}${op.rstd === null ? '' : 'rstd[row] = scale; '}}\n`;
  const body = `${rowStart(shape, rows)}${keep(shape, loads)}var sum = ${zero};
${each(shape, loads, (value) => `sum += ${value('x')};\n`)}${sums.code([horizontal(type, 'sum')])}let mu = ${sums.result(0)} / ${columns}.0;
var square = ${zero};
${each(shape, loads, (value) => `let d = ${value('x')} - mu;\nsquare += d * d;\n`)}${squares.code([horizontal(type, 'square')])}let scale = inverseSqrt(${squares.result(0)} / ${columns}.0 + ${epsilon});
${keepRow}if (row < ${rows}u) {
${each(shape, loads, (value, at) => {
  const kept = op.preActivation === null ? '' : `preActivation[base + ${at}] = v;\n`;
  return `let v = (${value('x')} - mu) * scale * weight[${at}] + bias[${at}];\n${kept}output[base + ${at}] = ${activation === null ? 'v' : 'activate(v)'};\n`;
})}}
`;
  return {
    label: `layer-norm ${rows}×${columns}`,
    code:
      declare(bindings) +
      sums.declaration +
      squares.declaration +
      activationCode(activation, 'activate', type) +
      entry(shape.lanes, body),
    lanes: shape.lanes,
    grid: gridOf(shape, rows),
    memory: sums.bytes + squares.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: Math.min(16, shape.each) * 4,
    accesses: [...sums.accesses, ...squares.accesses],
  };
}

/** inputGradient = rstd · (g − mean(g) − x̂ · mean(g x̂)), g = gradient · weight; added where `accumulate`. */
export function layerNormBackward(op: LayerNormBackward<unknown>, sharing: Sharing = 'shared'): Kernel {
  const { rows, columns, accumulate } = op;
  const shape = rowShape(columns, sharing);
  const { type } = shape;
  const all = rows * columns;
  const bindings = [
    binding('gradient', 'read', all, type),
    binding('input', 'read', all, type),
    binding('weight', 'read', columns, type),
    binding('mean', 'read', rows),
    binding('rstd', 'read', rows),
    binding('inputGradient', 'write', all, type),
  ];
  const sums = reduction('sums', shape.lanes, shape.size, 2);
  const loads = {
    g: (at: string) => `gradient[base + ${at}] * weight[${at}]`,
    h: (at: string) => `(input[base + ${at}] - mu) * scale`,
  };
  const body = `${rowStart(shape, rows)}let mu = mean[source];
let scale = rstd[source];
${keep(shape, loads)}var sum = ${type}(0.0);
var product = ${type}(0.0);
${each(shape, loads, (value) => `sum += ${value('g')};\nproduct += ${value('g')} * ${value('h')};\n`)}${sums.code(
  [horizontal(type, 'sum'), horizontal(type, 'product')],
)}let offset = ${sums.result(0)} / ${columns}.0;
let slope = ${sums.result(1)} / ${columns}.0;
if (row < ${rows}u) {
${each(
  shape,
  loads,
  (value, at) =>
    `let d = scale * (${value('g')} - offset - ${value('h')} * slope);\ninputGradient[base + ${at}] ${accumulate ? '+=' : '='} d;\n`,
)}}
`;
  return {
    label: `layer-norm-backward ${rows}×${columns}`,
    code: declare(bindings) + sums.declaration + entry(shape.lanes, body),
    lanes: shape.lanes,
    grid: gridOf(shape, rows),
    memory: sums.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: Math.min(16, shape.each) * 8,
    accesses: sums.accesses,
  };
}
