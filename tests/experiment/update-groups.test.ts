// Update groups: who is in which, where they lie, and that each is updated by its own rate and decay.
import { describe, expect, test } from 'vitest';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { elements, tensors } from '../../src/core/layers.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import { settingsOf, updateRule } from '../../src/experiment/program/update-rule.ts';
import { type UpdateGroup, updateGroups } from '../../src/experiment/update-groups.ts';
import { bench, net, noise, specOf } from '../reference/networks.ts';

const made = net({ 'model.width': 5, 'model.depth': 2, 'model.expansion': 2 }, 7, 3);
const groupsOf = (named: Named): readonly UpdateGroup[] => updateGroups(makeConfig(named), made.layers);
const isMatrix = (name: string): boolean => name.endsWith('.weight') && !name.startsWith('layernorms.');

describe('groups of a config', () => {
  test('by default everything is updated alike, by one operation', () => {
    expect(groupsOf({ 'optimizer.weightDecay': 0.1 })).toHaveLength(1);
    expect(groupsOf({ 'optimizer.decayGroup': 'matrices' })).toHaveLength(1);
    const { update } = buildProgram(specOf(made, 4, { groups: groupsOf({}) }));
    expect(update.map(({ kind }) => kind)).toEqual(['sgd', 'summary']);
  });

  test('decay on matrices spares biases and norms', () => {
    const [first, second] = groupsOf({ 'optimizer.weightDecay': 0.1, 'optimizer.decayGroup': 'matrices' });
    const names = tensors(made.layers).map(({ name }) => name);
    expect(first).toEqual({ rate: 1, decays: true, names: names.filter(isMatrix) });
    expect(second).toEqual({ rate: 1, decays: false, names: names.filter((name) => !isMatrix(name)) });
  });
});

const groups: readonly UpdateGroup[] = [
  { rate: 1, decays: true, names: ['linear_in.weight', 'blocks.0.block.2.weight', 'linear_out.weight'] },
  { rate: 0.1, decays: false, names: ['layernorms.0.weight', 'linear_in.bias', 'linear_out.bias'] },
];
const rest = tensors(made.layers)
  .map(({ name }) => name)
  .filter((name) => !groups.some(({ names }) => names.includes(name)));
const all = [...groups, { rate: 3, decays: true, names: rest }];

describe('a program with groups', () => {
  test('keeps each group in one piece and every tensor in its official order', () => {
    const program = buildProgram(specOf(made, 4, { groups: all }));
    expect(program.tensors.map(({ name }) => name)).toEqual(tensors(made.layers).map(({ name }) => name));
    let end = 0;
    for (const [index, { byteOffset, bytes }] of program.groups.entries()) {
      expect(byteOffset).toBe(end);
      end += bytes;
      const inside = program.tensors.filter(
        (tensor) => tensor.byteOffset >= byteOffset && tensor.byteOffset < byteOffset + bytes,
      );
      expect(inside.map(({ name }) => name).sort()).toEqual([...(all[index]?.names ?? [])].sort());
    }
    expect(end).toBe(program.bytes.gradients);
    expect(program.update).toHaveLength(all.length + 1);
  });

  test.each(['lion', 'adamw', 'sgd'] as const)('%s updates each by its own numbers', (kind) => {
    const config = makeConfig({ optimizer: kind, 'optimizer.weightDecay': 0.1 });
    const { program, executor } = bench(made, 4, { rule: updateRule(config), groups: all });
    const { memory, view } = executor;
    memory.gradients.set(noise(memory.gradients.length, 3));
    const before = new Map(program.tensors.map((tensor) => [tensor.name, Float32Array.from(view(tensor))]));
    memory.settings.set(settingsOf(program, { rate: 0.01, step: 1, row: 0, rows: 4 }));
    executor.run(program.update.slice(0, -1));
    const update = optimizers[kind].update as (typeof optimizers)['adamw']['update'];
    for (const { rate, decays, names } of all)
      for (const name of names) {
        const tensor = program.tensors.find((one) => one.name === name);
        const wanted = before.get(name);
        if (!tensor || !wanted) throw new Error(name);
        const gradient = Float32Array.from(view({ ...tensor, buffer: 'gradients' }));
        const own: Config = { ...config, 'optimizer.weightDecay': decays ? 0.1 : 0 };
        const slots = program.slots.map(() => new Float32Array(elements(tensor.shape)));
        update(own, 0.01 * rate, 1, wanted, gradient, slots);
        for (const [i, value] of view(tensor).entries()) expect(value).toBeCloseTo(wanted[i] as number, 6);
      }
  });

  test('refuses groups that leave a tensor out', () => {
    expect(() => buildProgram(specOf(made, 4, { groups }))).toThrow('No update group has');
  });
});
