// μP: its table, and the coordinate check. After a few steps at one learning rate the activations of narrow and wide
// networks are of one size; with PyTorch's start they grow with the width.
import { describe, expect, test } from 'vitest';
import { elements, tensors } from '../../src/core/layers.ts';
import { stream } from '../../src/core/rng.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import { settingsOf, updateRule } from '../../src/experiment/program/update-rule.ts';
import { updateGroups } from '../../src/experiment/update-groups.ts';
import { net, specOf } from '../reference/networks.ts';
import { createPlainExecutor } from '../reference/plain-executor.ts';

const [INPUTS, CLASSES, ROWS, STEPS] = [16, 10, 16, 4];

const rms = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, one) => sum + one * one, 0) / values.length);

interface Sizes {
  /** What enters the head, how far it moved in training, and the logits. */
  readonly hidden: number;
  readonly moved: number;
  readonly logits: number;
}

/** Typical sizes after a few steps on one batch. */
function sizesAfter(named: Named, rate: number): Sizes {
  const config = makeConfig(named);
  const made = net(named, INPUTS, CLASSES);
  const groups = updateGroups(config, made.layers);
  const program = buildProgram(specOf(made, ROWS, { rule: updateRule(config), groups }));
  const random = stream(3, 40);
  const { run, view, memory } = createPlainExecutor(program, (input, labels) => {
    for (let i = 0; i < input.length; i++) input[i] = 2 * random.uniform(i, 0) - 1;
    for (let i = 0; i < labels.length; i++) labels[i] = random.integer(CLASSES, i, 1);
  });
  const values = new Map(initialWeights(made.layers, 0).map((tensor) => [tensor.name, tensor.values]));
  for (const tensor of program.tensors) view(tensor).set(values.get(tensor.name) ?? []);
  const head = program.forward.findLast((op) => op.kind === 'matmul');
  if (head?.kind !== 'matmul') throw new Error('a network without a head');
  run(program.forward);
  const first = Float64Array.from(view(head.a));
  for (let step = 1; step <= STEPS; step++) {
    memory.settings.set(settingsOf(program, { rate, step, row: 0, rows: ROWS }));
    run([...program.backward, ...program.update, ...program.forward]);
  }
  const last = Float64Array.from(view(head.a));
  const moved = last.map((value, i) => value - (first[i] as number));
  return { hidden: rms(last), moved: rms(moved), logits: rms(Float64Array.from(view(head.output))) };
}

/** The exponent of a size against the width, from 32 to 256. */
const slope = (sizes: readonly Sizes[], of: keyof Sizes): number =>
  Math.log2((sizes.at(-1)?.[of] as number) / (sizes[0]?.[of] as number)) / 3;

const families = [
  { model: 'inverted-bottleneck', 'model.depth': 1, 'model.expansion': 1 },
  { model: 'hourglass', 'model.depth': 1, 'model.norm': 'layer' },
  { model: 'isotropic', 'model.depth': 3 },
] as const;
const rates = { adamw: 0.01, lion: 0.003, sgd: 0.1 } as const;
const pairs = families.flatMap((family) =>
  (['adamw', 'lion', 'sgd'] as const).map((optimizer) => [family.model, optimizer, family] as const),
);

describe('coordinate check', () => {
  test.each(pairs)('%s with %s', (_, optimizer, family) => {
    const at = (parametrisation: 'standard' | 'mup', widths: readonly number[]): readonly Sizes[] =>
      widths.map((width) =>
        sizesAfter(
          {
            ...family,
            optimizer,
            'model.width': width,
            'model.parametrisation': parametrisation,
            'model.baseWidth': 32,
          },
          rates[optimizer],
        ),
      );
    const flat = at('mup', [32, 64, 128, 256]);
    for (const of of ['hidden', 'logits'] as const) expect(Math.abs(slope(flat, of)), of).toBeLessThan(0.2);
    // Sizes settle as the width grows: the last doubling changes none of them by a fifth.
    const [before, last] = flat.slice(-2) as [Sizes, Sizes];
    for (const of of ['hidden', 'moved', 'logits'] as const)
      expect(Math.abs(Math.log2(last[of] / before[of])), of).toBeLessThan(Math.log2(1.2));
    expect(slope(at('standard', [32, 256]), 'logits')).toBeGreaterThan(0.4);
  });
});

describe('the table', () => {
  const named = { 'model.width': 128, 'model.depth': 1, 'model.parametrisation': 'mup' } as const;
  const ratesOf = (more: Named): Record<string, number> => {
    const { layers } = net({ ...named, ...more }, INPUTS, CLASSES);
    const groups = updateGroups(makeConfig({ ...named, ...more }), layers);
    return Object.fromEntries(groups.flatMap(({ rate, names }) => names.map((name) => [name, rate])));
  };

  test.each(['adamw', 'lion'] as const)('rates of %s at twice the base width', (optimizer) => {
    expect(ratesOf({ optimizer })).toEqual({
      'linear_in.weight': 0.1,
      'linear_in.bias': 0.1,
      'layernorms.0.weight': 1,
      'layernorms.0.bias': 1,
      'blocks.0.block.0.weight': 0.5,
      'blocks.0.block.0.bias': 1,
      'blocks.0.block.2.weight': 0.5,
      'blocks.0.block.2.bias': 1,
      'linear_out.weight': 0.5,
      'linear_out.bias': 1,
    });
  });

  test('rates of SGD at twice the base width', () => {
    expect(ratesOf({ optimizer: 'sgd' })).toEqual({
      'linear_in.weight': 0.2,
      'linear_in.bias': 0.2,
      'layernorms.0.weight': 2,
      'layernorms.0.bias': 2,
      'blocks.0.block.0.weight': 1,
      'blocks.0.block.0.bias': 2,
      'blocks.0.block.2.weight': 1,
      'blocks.0.block.2.bias': 2,
      'linear_out.weight': 0.5,
      'linear_out.bias': 1,
    });
  });

  test('few groups: rates and decay together', () => {
    const { layers } = net(named, INPUTS, CLASSES);
    const config = makeConfig({ ...named, 'optimizer.weightDecay': 0.1, 'optimizer.decayGroup': 'matrices' });
    expect(updateGroups(config, layers)).toHaveLength(4);
  });

  test('at the base width only the lift’s rate differs', () => {
    const {
      'linear_in.weight': weight,
      'linear_in.bias': bias,
      ...others
    } = ratesOf({ 'model.baseWidth': 128 });
    expect([weight, bias]).toEqual([0.1, 0.1]);
    expect(new Set(Object.values(others))).toEqual(new Set([1]));
  });

  test('starts: N(0, 1/fan-in), zeros at the end of a branch and in the head', () => {
    const { layers } = net(named, INPUTS, CLASSES);
    const specs = new Map(tensors(layers).map((spec) => [spec.name, spec.init]));
    const zero = { kind: 'constant', value: 0 };
    const normal = (fan: number) => ({ kind: 'normal', deviation: 1 / Math.sqrt(fan), within: null });
    expect(specs.get('linear_in.weight')).toEqual(normal(INPUTS));
    expect(specs.get('blocks.0.block.0.weight')).toEqual(normal(128));
    for (const name of ['blocks.0.block.2.weight', 'linear_out.weight', 'linear_in.bias', 'linear_out.bias'])
      expect(specs.get(name), name).toEqual(zero);
    const weights = initialWeights(layers, 0).find(({ name }) => name === 'blocks.0.block.0.weight');
    // 65,536 values: a standard error of 0.3 %.
    expect(rms(Float64Array.from(weights?.values ?? [])) * Math.sqrt(128)).toBeCloseTo(1, 2);
    expect(elements(weights?.shape ?? [])).toBe(512 * 128);
  });

  test('without skip connections nothing but the head is zero; a fixed lift keeps its start', () => {
    const zeros = (more: Named): readonly string[] =>
      tensors(net({ ...named, ...more }, INPUTS, CLASSES).layers)
        .filter(({ init, shape }) => init.kind === 'constant' && init.value === 0 && shape.length > 1)
        .map(({ name }) => name);
    expect(zeros({ 'model.skip': false })).toEqual(['linear_out.weight']);
    expect(zeros({ model: 'isotropic', 'model.depth': 3 })).toEqual(['linear_out.weight']);
    const [lift] = tensors(net({ ...named, 'model.lift': 'fixed' }, INPUTS, CLASSES).layers);
    expect(lift).toMatchObject({ name: 'linear_in.weight', trainable: false, init: { kind: 'uniform' } });
  });
});
