// Proof 8: arithmetic and bytes of every dispatch of a step, and how many there are.
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/engine/webgpu/kernel.ts';
import { kernelsOf, operandOf, ownNames } from '../../src/engine/webgpu/kernels-of-op.ts';
import { dispatchCosts } from '../../src/engine/webgpu/roofline.ts';
import { type AdapterFacts, defaultChoice, sharingOf } from '../../src/engine/webgpu/variants.ts';
import type { Named } from '../../src/experiment/config.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import { cost, totalCost } from '../../src/experiment/program/cost.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import { net, specOf } from '../reference/networks.ts';

const benches: Readonly<Record<string, Named>> = {
  a: { model: 'isotropic', 'model.depth': 6, 'model.width': 512, 'model.activation': 'relu' },
  b: { model: 'inverted-bottleneck', 'model.depth': 6, 'model.width': 512, 'model.expansion': 4 },
  c: {
    model: 'hourglass',
    'model.width': 1024,
    'model.bottleneck': 128,
    'model.depth': 6,
    'model.lift': 'fixed',
    'model.norm': 'none',
  },
};
const rule = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } as const;
const facts = (vendor: string): AdapterFacts => ({
  vendor,
  architecture: '',
  device: '',
  description: '',
  isFallback: vendor === 'software',
  hasSubgroups: true,
  subgroupMinSize: 4,
  subgroupMaxSize: 4,
});
const resident = {
  channels: 3,
  height: 32,
  width: 32,
  count: 50_000,
  orderLength: 50_000,
  cut: { kind: 'shifted', padding: 4, turns: false, stream: 3 },
  mixes: false,
  prototypes: 0,
} as const;

const program = (named: Named, batch: number): Program =>
  buildProgram(specOf(net(named, 3072, 10), batch, { rule }));
const stepOf = ({ forward, backward, update }: Program): readonly Op[] => [
  ...forward,
  ...backward,
  ...update,
];
const lower = (op: Op, vendor: string) =>
  kernelsOf(op, {
    choose: (product) => defaultChoice(product, facts(vendor)),
    sharing: sharingOf(facts(vendor)),
    resident,
  });

describe.each(Object.entries(benches))('%s', (name, named) => {
  test('a step at batch 128 is few dispatches', () => {
    const most = name === 'b' ? 80 : 50;
    const dispatches = stepOf(program(named, 128)).flatMap((op) => lower(op, 'software'));
    expect(dispatches.length).toBeLessThanOrEqual(most);
  });

  test('arithmetic adds up to the step’s, and bytes are at least what must cross the bus', () => {
    for (const vendor of ['software', 'nvidia', 'intel', ''])
      for (const batch of [32, 128, 1024]) {
        const ops = stepOf(program(named, batch));
        const rows = ops.flatMap((op) => dispatchCosts(op, lower(op, vendor)));
        const [flops, bytes] = [
          rows.reduce((s, row) => s + row.flops, 0),
          rows.reduce((s, row) => s + row.bytes, 0),
        ];
        const least = totalCost(ops);
        expect(flops).toBeGreaterThanOrEqual(least.flops);
        expect(flops).toBeLessThan(1.02 * least.flops);
        expect(bytes).toBeGreaterThanOrEqual(least.bytes);
        for (const row of rows) expect(row.bytes, row.label).toBeGreaterThan(0);
      }
  });

  test('every binding finds its operand, as large as the kernel takes it to be', () => {
    for (const vendor of ['software', 'nvidia'])
      for (const op of stepOf(program(named, 128)))
        for (const { bindings, label } of lower(op, vendor))
          for (const { name: binding, elements } of bindings) {
            const found = operandOf(op, binding);
            if (typeof found === 'string') {
              expect(ownNames).toContain(found);
              continue;
            }
            const size = found.shape.reduce((product, one) => product * one, 1);
            if (binding === 'settings') expect(elements).toBeGreaterThanOrEqual(size);
            else expect(elements, `${label} ${binding}`).toBe(size);
          }
  });

  test('no operand is both read and written by one dispatch through two bindings of one buffer', () => {
    const made = program(named, 128);
    const bankOf = (offset: number): number =>
      made.banks.findIndex((bank) => offset >= bank.byteOffset && offset < bank.byteOffset + bank.bytes);
    for (const op of stepOf(made))
      for (const { bindings, label } of lower(op, 'nvidia')) {
        const read = new Set<string>();
        const written = new Set<string>();
        for (const { name: binding, access } of bindings) {
          const found = operandOf(op, binding);
          const key =
            typeof found === 'string'
              ? found
              : `${found.buffer} ${found.buffer === 'arena' ? bankOf(found.byteOffset) : ''}`;
          (access === 'write' ? written : read).add(key);
        }
        for (const key of written) expect(read.has(key), `${label} ${key}`).toBe(false);
      }
  });
});

test('one kernel’s bytes are those of its operation', () => {
  for (const op of stepOf(program(benches['a'] as Named, 128))) {
    const kernels = lower(op, 'software');
    if (kernels.length !== 1 || op.kind === 'gather') continue;
    expect(dispatchCosts(op, kernels)[0]).toMatchObject(cost(op));
  }
});

test('the grid of every dispatch fits, up to a batch of 65536', () => {
  for (const batch of [1, 127, 65_536])
    for (const op of stepOf(program(benches['a'] as Named, batch)))
      for (const { grid, label } of lower(op, 'nvidia'))
        for (const size of grid) expect(size, label).toBeLessThanOrEqual(limits.groups);
});
