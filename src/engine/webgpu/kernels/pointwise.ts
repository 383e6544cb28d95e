// Dropout and the derivative of an activation, element by element. Masks are drawn where they are needed, forward and
// backward alike, from (seed, step, site, element): none is stored. Bit for bit those of core/dropout.ts.
import { dropoutCalls, dropoutKey, dropoutScale, dropoutThreshold } from '../../../core/dropout.ts';
import type { Pointwise } from '../../../experiment/program/op.ts';
import { binding, declare, entry, folded, type Kernel, vectorType } from '../kernel.ts';
import { activationCode } from './activation.ts';
import { drawBinding, drawWord } from './draw.ts';
import { THREEFRY } from './threefry.ts';

/** A lane takes four elements, two calls of the generator; one element where their number is no multiple of four. */
export function pointwise(op: Pointwise<unknown>): Kernel {
  const { rows, columns, dropout, derivative, residual } = op;
  const count = rows * columns;
  const type = vectorType(count);
  const units = type === 'vec4f' ? count / 4 : count;
  const bindings = [binding('input', 'read', count, type), binding('output', 'write', count, type)];
  let steps = 'var v = input[i];\n';
  if (dropout) {
    bindings.push(drawBinding);
    const key = `vec2u(${drawWord(2)}, ${dropoutKey(dropout.site)}u)`;
    const before = `${drawWord(3)} * ${dropoutCalls(count)}u`;
    const call = (at: string): string => `threefry(${key}, vec2u(${at} + ${before}, ${drawWord(1)}))`;
    const threshold = `${dropoutThreshold(dropout.rate)}u`;
    const scale = `f32(${dropoutScale(dropout.rate)})`;
    steps +=
      type === 'vec4f'
        ? `let draws = vec4u(${call('2u * i')}, ${call('2u * i + 1u')});
v = select(vec4f(0.0), v * ${scale}, draws >= vec4u(${threshold}));
`
        : `let draws = ${call('(i >> 1u)')};
v = select(0.0, v * ${scale}, draws[i & 1u] >= ${threshold});
`;
  }
  if (derivative) {
    bindings.push(binding('derivative', 'read', count, type));
    steps += 'v *= slope(derivative[i]);\n';
  }
  if (residual !== null) {
    bindings.push(binding('residual', 'read', count, type));
    steps += 'v += residual[i];\n';
  }
  const grid = folded(Math.ceil(units / 256));
  const body = `let i = (workgroup.y * ${grid[0]}u + workgroup.x) * 256u + lane;
if (i < ${units}u) {
${steps}output[i] = v;
}
`;
  return {
    label: `pointwise ${rows}×${columns}`,
    code:
      declare(bindings) +
      (dropout ? THREEFRY : '') +
      activationCode(derivative?.function ?? null, 'slope', type) +
      entry(256, body),
    lanes: 256,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}
