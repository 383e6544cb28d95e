// Optimizers against the catalog's plain rules, clipping against PyTorch's formula, and what has no gradient.
import { describe, expect, test } from 'vitest';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { type Config, makeConfig } from '../../src/experiment/config.ts';
import { operandsOf } from '../../src/experiment/program/operands.ts';
import { settingsOf, updateRule } from '../../src/experiment/program/update-rule.ts';
import { bench, net, noise } from '../reference/networks.ts';

const small = net({ model: 'inverted-bottleneck', 'model.width': 3, 'model.depth': 1 }, 5, 3);

describe('updates', () => {
  test.each(['lion', 'adamw', 'sgd'] as const)('%s is the catalog’s rule', (kind) => {
    const config = makeConfig({ optimizer: kind, 'optimizer.weightDecay': 0.03 });
    const { program, executor } = bench(small, 4, { rule: updateRule(config) });
    const { memory } = executor;
    const count = memory.gradients.length;
    const parameters = Float32Array.from(memory.parameters);
    const slots = program.slots.map(() => new Float32Array(count));
    const rule = optimizers[kind];
    expect(program.slots).toEqual(rule.slots);
    expect(program.bytes['slot-0']).toBe(4 * count);
    expect(program.bytes['slot-1']).toBe(kind === 'adamw' ? 4 * count : 0);
    for (let step = 1; step <= 5; step++) {
      const rate = 0.01 * step;
      memory.gradients.set(noise(count, step).map((value) => 0.1 * value));
      memory.settings.set(settingsOf(program, { rate, step, row: 0, rows: 4 }));
      const update = rule.update as (
        config: Config,
        rate: number,
        step: number,
        parameter: Float32Array,
        gradient: Float32Array,
        slots: readonly Float32Array[],
      ) => void;
      update(config, rate, step, parameters, Float32Array.from(memory.gradients), slots);
      executor.run(program.update.slice(0, 1));
    }
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] as number))));
    expect(distance(parameters, memory.parameters)).toBeLessThan(2e-6);
    expect(distance(slots[0] as Float32Array, memory['slot-0'])).toBeLessThan(1e-6);
    if (kind === 'adamw') expect(distance(slots[1] as Float32Array, memory['slot-1'])).toBeLessThan(1e-6);
  });

  test.each(['lion', 'adamw', 'sgd'] as const)('%s leaves the padding between tensors at zero', (kind) => {
    const rule = updateRule(makeConfig({ optimizer: kind, 'optimizer.weightDecay': 0.03 }));
    const { program, executor } = bench(small, 4, { rule });
    const { forward, backward, norm, update } = program;
    for (let step = 1; step <= 3; step++) executor.run([...forward, ...backward, ...norm, ...update]);
    const used = new Set<number>();
    for (const { buffer, byteOffset, shape } of program.tensors) {
      const elements = shape.reduce((product, size) => product * size, 1);
      if (buffer === 'parameters') for (let i = 0; i < elements; i++) used.add(byteOffset / 4 + i);
    }
    const padding = executor.memory.parameters.filter((_, i) => !used.has(i));
    expect(padding.length).toBeGreaterThan(0);
    expect(padding.every((value) => value === 0)).toBe(true);
  });

  test('settings are those of AdamW in PyTorch', () => {
    const rule = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1 } as const;
    const groups = [
      { rate: 1, decays: true, byteOffset: 0, bytes: 256 },
      { rate: 0.1, decays: false, byteOffset: 256, bytes: 512 },
    ];
    const settings = settingsOf({ rule, groups, averageDecay: 0.9 }, { rate: 0.5, step: 2, row: 7, rows: 9 });
    const root = Math.sqrt(1 - 0.999 ** 2);
    expect(settings.subarray(0, 4)).toEqual(Float32Array.from([7, 9, 0.9, 1 - 0.9]));
    expect(settings.subarray(64, 68)).toEqual(Float32Array.from([0.5, 0.95, 0.5 / (1 - 0.81), root]));
    expect(settings.subarray(128, 132)).toEqual(Float32Array.from([0.05, 1, 0.05 / (1 - 0.81), root]));
    expect(settings).toHaveLength(192);
  });
});

describe('the average of the weights', () => {
  test('is a copy after the first update, then d · average + (1 − d) · weights', () => {
    const { program, executor } = bench(small, 4, { averageDecay: 0.75 });
    const { memory, run } = executor;
    const average = () => Float64Array.from(memory.average);
    for (let step = 1; step <= 3; step++) {
      const before = average();
      memory.settings.set(settingsOf(program, { rate: 0.1, step, row: 0, rows: 4 }));
      run([...program.forward, ...program.backward, ...program.update]);
      const old = step === 1 ? 0 : 0.75;
      expect(average()).toEqual(
        before.map((one, i) => old * one + (1 - old) * (memory.parameters[i] as number)),
      );
    }
  });

  test('is scored by the same operations, with the weights that are not trained', () => {
    const fixed = net(
      { model: 'hourglass', 'model.width': 4, 'model.depth': 1, 'model.lift': 'fixed' },
      5,
      3,
    );
    const { program, executor } = bench(fixed, 4, { averageDecay: 0.9, evaluationBatch: 4 });
    const { memory, view, run } = executor;
    run(program.averageEvaluation);
    const without = Array.from(view(program.outputs));
    memory.average.set(memory.parameters.subarray(0, memory.average.length));
    run(program.averageEvaluation);
    const averaged = Array.from(view(program.outputs));
    run(program.evaluation);
    expect(averaged).toEqual(Array.from(view(program.outputs)));
    expect(averaged).not.toEqual(without);
    expect(program.averageEvaluation.map(({ kind }) => kind)).toEqual(
      program.evaluation.map(({ kind }) => kind),
    );
  });

  test('costs nothing where it is off', () => {
    const { program } = bench(small, 4);
    expect(program.bytes.average).toBe(0);
    expect(program.averageEvaluation).toEqual([]);
  });
});

describe('clipping', () => {
  test.each([0.01, 1000, 0])('to %f is PyTorch’s', (clipNorm) => {
    const rule = { kind: 'sgd', momentum: 0, decay: 0 } as const;
    const { program, executor } = bench(small, 4, { rule, clipNorm });
    const { memory } = executor;
    const before = Float64Array.from(memory.parameters);
    executor.run([...program.forward, ...program.backward, ...program.norm, ...program.update]);
    const norm = Math.hypot(...memory.gradients);
    const scale = clipNorm === 0 ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
    expect(memory.readings[2]).toBeCloseTo(norm, 12);
    expect(memory.scalars[64]).toBeCloseTo(scale, 12);
    expect(program.isClipping).toBe(clipNorm > 0);
    const rate = Math.fround(0.1);
    before.forEach((value, i) => {
      expect(memory.parameters[i]).toBeCloseTo(value - rate * scale * (memory.gradients[i] as number), 12);
    });
  });
});

describe('a fixed lift', () => {
  const named = { model: 'hourglass', 'model.width': 4, 'model.depth': 2, 'model.lift': 'fixed' } as const;
  test.each(['layer', 'batch', 'none'] as const)('has neither gradient nor slots, norm %s', (norm) => {
    const made = net({ ...named, 'model.norm': norm, 'model.bias': true }, 5, 3);
    const { program, executor } = bench(made, 4);
    const lift = program.tensors.filter(({ name }) => name.startsWith('linear_in.'));
    expect(lift.map(({ trainable }) => trainable)).toEqual([false, false]);
    for (const { byteOffset } of lift) expect(byteOffset).toBeGreaterThanOrEqual(program.bytes.gradients);
    const names = [...program.backward, ...program.update].flatMap((op) =>
      operandsOf(op).map(({ operand }) => operand.name),
    );
    expect(names.filter((name) => /^d linear_in|^d input|^linear_in\./.test(name))).toEqual([]);
    const before = lift.map((tensor) => Float64Array.from(executor.view(tensor)));
    executor.run([...program.forward, ...program.backward, ...program.update]);
    expect(lift.map((tensor) => executor.view(tensor))).toEqual(before);
  });

  test('nothing is computed for an input that is not trained on', () => {
    const { program } = bench(net({ ...named, 'model.norm': 'batch' }, 5, 3), 4);
    expect(program.backward.filter(({ kind }) => kind === 'batch-norm-backward')).toHaveLength(1);
    expect(program.backward.filter(({ kind }) => kind === 'matmul')).toHaveLength(2 + 4 + 3);
  });
});
