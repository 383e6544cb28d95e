// One flat pass over the parameters of a group: SGD, AdamW, Lion. What depends on the step comes from a uniform, computed
// on the host in double precision.
import type { AdamwUpdate, Average, LionUpdate, SgdUpdate } from '../../../experiment/program/update-op.ts';
import { type Binding, binding, declare, entry, folded, type Kernel } from '../kernel.ts';
import { settingsBinding } from './settings.ts';

export type UpdateOp = SgdUpdate<unknown> | AdamwUpdate<unknown> | LionUpdate<unknown>;

const LANES = 256;

/** Statements on `p` and `g` (vec4f) and the names of the slots. */
function rule(op: UpdateOp): { readonly slots: readonly string[]; readonly code: string } {
  const float = (value: number): string => `f32(${value})`;
  switch (op.kind) {
    case 'sgd':
      return {
        slots: ['buffer'],
        code: `g += ${float(op.decay)} * p;
let b = ${float(op.momentum)} * buffer[i] + g;
buffer[i] = b;
parameters[i] = p - settings[0].x * b;
`,
      };
    case 'adamw':
      return {
        slots: ['mean', 'square'],
        code: `let m = ${float(op.beta1)} * mean[i] + ${float(1 - op.beta1)} * g;
let v = ${float(op.beta2)} * square[i] + ${float(1 - op.beta2)} * g * g;
mean[i] = m;
square[i] = v;
parameters[i] = p * settings[0].y - settings[0].z * m / (sqrt(v) / settings[0].w + ${float(op.epsilon)});
`,
      };
    case 'lion':
      return {
        slots: ['mean'],
        code: `let m = mean[i];
parameters[i] = p * settings[0].y - settings[0].x * sign(${float(op.beta1)} * m + ${float(1 - op.beta1)} * g);
mean[i] = ${float(op.beta2)} * m + ${float(1 - op.beta2)} * g;
`,
      };
    default:
      throw op satisfies never;
  }
}

/** `count` is a multiple of four: flat buffers are padded, and padding stays zero. */
export function flatUpdate(op: UpdateOp): Kernel {
  const { count } = op;
  const { slots, code } = rule(op);
  const bindings = [
    binding('parameters', 'write', count, 'vec4f'),
    binding('gradients', 'read', count, 'vec4f'),
    settingsBinding,
    ...(op.scale === null ? [] : [binding('scale', 'read', 1)]),
    ...slots.map((slot) => binding(slot, 'write', count, 'vec4f')),
  ];
  const body = `let p = parameters[i];
var g = gradients[i]${op.scale === null ? '' : ' * scale[0]'};
${code}`;
  return flatKernel(`${op.kind} ${count}`, count, bindings, body);
}

/** average = old · average + new · parameters. */
export function average({ count }: Average<unknown>): Kernel {
  const bindings = [
    binding('parameters', 'read', count, 'vec4f'),
    settingsBinding,
    binding('average', 'write', count, 'vec4f'),
  ];
  const body = 'average[i] = settings[0].z * average[i] + settings[0].w * parameters[i];\n';
  return flatKernel(`average ${count}`, count, bindings, body);
}

/** A kernel whose lanes take one vector each; the body sees its number `i`. */
function flatKernel(label: string, count: number, bindings: readonly Binding[], statements: string): Kernel {
  const grid = folded(Math.ceil(count / 4 / LANES));
  const body = `let i = (workgroup.y * ${grid[0]}u + workgroup.x) * ${LANES}u + lane;
if (i < ${count / 4}u) {
${statements}}
`;
  return {
    label,
    code: declare(bindings) + entry(LANES, body),
    lanes: LANES,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [{ memory: 'global parameters', kind: 'load', phase: 0, width: 4, address: 'lane', steps: 1 }],
  };
}
