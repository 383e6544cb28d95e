// Length of the gradient of all parameters together and PyTorch's clip scale, in two passes without atomics; and the
// step's row of readings.
import { elements } from '../../../core/layers.ts';
import type { Ref } from '../../../experiment/program/ref.ts';
import type { ClipScale, SquareSums, Summary } from '../../../experiment/program/update-op.ts';
import { type Binding, binding, declare, entry, folded, type Kernel, type Sharing } from '../kernel.ts';
import { reduction } from './reduce.ts';
import { settingsBinding } from './settings.ts';

const LANES = 256;

const oneValue = { needsSubgroups: false, accumulators: 4, lanes: LANES } as const;

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
  return {
    ...oneValue,
    label: `square-sums ${count}`,
    code: declare(bindings) + sums.declaration + entry(LANES, body),
    grid,
    memory: sums.bytes,
    bindings,
    accesses: sums.accesses,
  };
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
  return {
    ...oneValue,
    label: 'clip-scale',
    code: declare(bindings) + sums.declaration + entry(LANES, body),
    grid: [1, 1, 1],
    memory: sums.bytes,
    bindings,
    accesses: sums.accesses,
  };
}

/** Row settings.row of readings = [Σ losses, Σ correct, norm, scale] over the first settings.rows rows. */
export function summary({ losses, readings }: Summary<Ref>, sharing: Sharing = 'shared'): Kernel {
  const rows = elements(losses.shape);
  const lanes = sharing === 'shared' ? LANES : 1;
  const sums = reduction('sums', lanes, lanes, 2);
  const bindings: readonly Binding[] = [
    binding('losses', 'read', rows),
    binding('correct', 'read', rows),
    binding('norm', 'read', 1),
    binding('scale', 'read', 1),
    settingsBinding,
    binding('readings', 'write', elements(readings.shape), 'vec4f'),
  ];
  const body = `let rows = min(u32(settings[0].y), ${rows}u);
var loss = 0.0;
var hits = 0.0;
for (var i = lane; i < rows; i += ${lanes}u) {
loss += losses[i];
hits += correct[i];
}
${sums.code(['loss', 'hits'])}if (lane == 0u) {
readings[u32(settings[0].x)] = vec4f(${sums.result(0)}, ${sums.result(1)}, norm[0], scale[0]);
}
`;
  return {
    ...oneValue,
    lanes,
    label: `summary ${rows}`,
    code: declare(bindings) + sums.declaration + entry(lanes, body),
    grid: [1, 1, 1],
    memory: sums.bytes,
    bindings,
    accesses: sums.accesses,
  };
}
