// Length of the gradient of all parameters together and PyTorch's clip scale, in two passes without atomics; how the
// gradients and losses of micro-batches join; and the step's row of readings.
import { elements } from '../../../core/layers.ts';
import type { Ref } from '../../../experiment/program/ref.ts';
import type {
  Accumulate,
  ClipScale,
  SquareSums,
  Summary,
  Tally,
} from '../../../experiment/program/update-op.ts';
import { type Binding, binding, declare, entry, folded, type Kernel, type Sharing } from '../kernel.ts';
import { reduction } from './reduce.ts';
import { settingsBinding } from './settings.ts';

const LANES = 256;

interface Summing {
  readonly label: string;
  readonly bindings: readonly Binding[];
  readonly sums: ReturnType<typeof reduction>;
  readonly body: string;
  readonly lanes?: number;
  /** One workgroup, unless chunks have one each. */
  readonly grid?: Kernel['grid'];
}

/** A kernel whose lanes add up in workgroup memory. */
function summing({ label, bindings, sums, body, lanes = LANES, grid = [1, 1, 1] }: Summing): Kernel {
  return {
    needsSubgroups: false,
    accumulators: 4,
    lanes,
    label,
    code: declare(bindings) + sums.declaration + entry(lanes, body),
    grid,
    memory: sums.bytes,
    bindings,
    accesses: sums.accesses,
  };
}

/** partials[i] = Σ input² over elements i · chunk …; `chunk` and `count` are multiples of four. */
export function squareSums({ count, chunk }: SquareSums<unknown>): Kernel {
  const groups = Math.max(1, Math.ceil(count / chunk));
  const grid = folded(groups);
  const sums = reduction('sums', LANES, LANES, 1);
  const bindings = [binding('input', 'read', count, 'vec4f'), binding('partials', 'write', groups)];
  const body = `let group = workgroup.y * ${grid[0]}u + workgroup.x;
let end = min((group + 1u) * ${chunk / 4}u, ${count / 4}u);
var sum = vec4f(0.0);
for (var i = group * ${chunk / 4}u + lane; i < end; i += ${LANES}u) {
let g = input[i];
sum += g * g;
}
${sums.code(['((sum.x + sum.y) + (sum.z + sum.w))'])}if (lane == 0u && group < ${groups}u) { partials[group] = ${sums.result(0)}; }
`;
  return summing({ label: `square-sums ${count}`, bindings, sums, body, grid });
}

/** total += share · input, partials[i] += Σ input² over its chunk; where it is the first, both are written. */
export function accumulate({ count, chunk, share, isFirst }: Accumulate<unknown>): Kernel {
  const groups = Math.max(1, Math.ceil(count / chunk));
  const grid = folded(groups);
  const sums = reduction('sums', LANES, LANES, 1);
  const bindings = [
    binding('input', 'read', count, 'vec4f'),
    binding('total', 'write', count, 'vec4f'),
    binding('partials', 'write', groups),
  ];
  const join = isFirst ? '=' : '+=';
  const body = `let group = workgroup.y * ${grid[0]}u + workgroup.x;
let end = min((group + 1u) * ${chunk / 4}u, ${count / 4}u);
var sum = vec4f(0.0);
for (var i = group * ${chunk / 4}u + lane; i < end; i += ${LANES}u) {
let g = input[i];
sum += g * g;
total[i] ${join} f32(${share}) * g;
}
${sums.code(['((sum.x + sum.y) + (sum.z + sum.w))'])}if (lane == 0u && group < ${groups}u) { partials[group] ${join} ${sums.result(0)}; }
`;
  return summing({ label: `accumulate ${count}`, bindings, sums, body, grid });
}

/** loss += Σ losses, hits += Σ correct; where it is the first, both are written. */
export function tally({ losses, isFirst }: Tally<Ref>, sharing: Sharing = 'shared'): Kernel {
  const rows = elements(losses.shape);
  const lanes = sharing === 'shared' ? LANES : 1;
  const sums = reduction('sums', lanes, lanes, 2);
  const bindings = [
    binding('losses', 'read', rows),
    binding('correct', 'read', rows),
    binding('loss', 'write', 1),
    binding('hits', 'write', 1),
  ];
  const join = isFirst ? '=' : '+=';
  const body = `var lost = 0.0;
var hit = 0.0;
for (var i = lane; i < ${rows}u; i += ${lanes}u) {
lost += losses[i];
hit += correct[i];
}
${sums.code(['lost', 'hit'])}if (lane == 0u) {
loss[0] ${join} ${sums.result(0)};
hits[0] ${join} ${sums.result(1)};
}
`;
  return summing({ label: `tally ${rows}`, bindings, sums, body, lanes });
}

/** norm = √Σ partials; scale = min(1, maximum / (norm + 1e-6)), or 1. */
export function clipScale({ partials, maximum }: ClipScale<Ref>): Kernel {
  const count = elements(partials.shape);
  const sums = reduction('sums', LANES, LANES, 1);
  const bindings = [
    binding('partials', 'read', count),
    binding('norm', 'write', 1),
    binding('scale', 'write', 1),
  ];
  const scale = maximum === null ? '1.0' : `min(1.0, f32(${maximum}) / (length + 1e-6))`;
  const body = `var sum = 0.0;
for (var i = lane; i < ${count}u; i += ${LANES}u) { sum += partials[i]; }
${sums.code(['sum'])}if (lane == 0u) {
let length = sqrt(${sums.result(0)});
norm[0] = length;
scale[0] = ${scale};
}
`;
  return summing({ label: 'clip-scale', bindings, sums, body });
}

/** Row settings.row of readings = [Σ losses, Σ correct, norm, Σ squares], losses and hits over settings.rows rows. */
export function summary({ losses, squares, readings }: Summary<Ref>, sharing: Sharing = 'shared'): Kernel {
  const rows = elements(losses.shape);
  const lanes = sharing === 'shared' ? LANES : 1;
  const chunks = squares === null ? 0 : elements(squares.shape);
  const sums = reduction('sums', lanes, lanes, chunks > 0 ? 3 : 2);
  const bindings: readonly Binding[] = [
    binding('losses', 'read', rows),
    binding('correct', 'read', rows),
    binding('norm', 'read', 1),
    ...(chunks > 0 ? [binding('squares', 'read', chunks)] : []),
    settingsBinding,
    binding('readings', 'write', elements(readings.shape), 'vec4f'),
  ];
  const square =
    chunks > 0
      ? `var square = 0.0;\nfor (var i = lane; i < ${chunks}u; i += ${lanes}u) { square += squares[i]; }\n`
      : '';
  const body = `let rows = min(u32(settings[0].y), ${rows}u);
var loss = 0.0;
var hits = 0.0;
for (var i = lane; i < rows; i += ${lanes}u) {
loss += losses[i];
hits += correct[i];
}
${square}${sums.code(chunks > 0 ? ['loss', 'hits', 'square'] : ['loss', 'hits'])}if (lane == 0u) {
readings[u32(settings[0].x)] = vec4f(${sums.result(0)}, ${sums.result(1)}, norm[0], ${chunks > 0 ? sums.result(2) : '0.0'});
}
`;
  return summing({ label: `summary ${rows}`, bindings, sums, body, lanes });
}
