// Losses against a network without any plan, and every gradient against its finite differences.
import { describe, expect, test } from 'vitest';
import { elements, type Layer, type LayerNorm, type Linear, tensors } from '../../src/core/layers.ts';
import type { Named } from '../../src/experiment/config.ts';
import { type Bench, bench, isClose, type Net, net, noise } from '../reference/networks.ts';
import { plainLogits, plainLoss } from '../reference/plain-mlp.ts';

const INPUTS = 5;
const CLASSES = 3;
const SMOOTHING = 0.2;

const cases: Named[] = [];
for (const norm of ['layer', 'batch', 'none'] as const) {
  for (const activation of ['gelu', 'relu'] as const) {
    for (const bias of [true, false]) {
      const shared = { 'model.norm': norm, 'model.activation': activation, 'model.bias': bias };
      cases.push({ ...shared, model: 'isotropic', 'model.width': 4, 'model.depth': 3 });
      for (const lift of ['trained', 'fixed', 'none'] as const) {
        const width = lift === 'none' ? INPUTS : 4;
        const block = { ...shared, 'model.lift': lift, 'model.width': width, 'model.depth': 2 };
        cases.push({ ...block, model: 'inverted-bottleneck', 'model.expansion': 2 });
        cases.push({ ...block, model: 'hourglass', 'model.bottleneck': 2 });
      }
    }
  }
}
for (const norm of ['layer', 'batch', 'none'] as const) {
  for (const activation of ['gelu', 'relu'] as const) {
    const shared = { 'model.norm': norm, 'model.activation': activation, 'model.width': 4 };
    const written = { ...shared, model: 'isotropic', 'model.depth': 3, 'model.order': 'written' } as const;
    const block = { ...shared, model: 'inverted-bottleneck', 'model.expansion': 2 } as const;
    cases.push(written, { ...written, 'model.dropout': 0.3 });
    cases.push({ ...written, 'model.order': 'coded', 'model.dropout': 0.3 });
    cases.push({ ...block, 'model.dropout': 0.3 });
    cases.push({ ...block, 'model.skip': false, 'model.dropout': 0.3 });
    if (norm === 'none') continue;
    cases.push({ ...block, 'model.normPosition': 'post' });
    cases.push({ ...block, 'model.normPosition': 'post', 'model.skip': false });
    cases.push({ ...block, 'model.normPosition': 'post', 'model.dropout': 0.3, 'model.lift': 'fixed' });
  }
}
const label = (named: Named): string => Object.values(named).join(' ');

const runStep = ({ executor, program }: Bench): number => {
  executor.run([...program.forward, ...program.backward, ...program.norm, ...program.update.slice(1)]);
  return (executor.memory.readings[0] as number) / program.batch;
};

const lossOf = (made: Net, { weights, input, labels, program }: Bench): number =>
  plainLoss(plainLogits(made.layers, weights, input.slice(0, program.batch), 'train'), labels, SMOOTHING);

const gradientOf = ({ executor, program }: Bench, name: string): Float64Array => {
  const tensor = program.tensors.find((one) => one.name === name);
  if (!tensor?.trainable) throw new Error(`${name} has no gradient`);
  return executor.view({ ...tensor, buffer: 'gradients' });
};

/** Runs a step and lists the elements whose gradient is not the central difference of the plain network's loss. */
function wrongGradients(made: Net): string[] {
  const run = bench(made, 6, { labelSmoothing: SMOOTHING });
  expect(runStep(run)).toBeCloseTo(lossOf(made, run), 10);
  const wrong: string[] = [];
  for (const { name, trainable } of tensors(made.layers)) {
    if (!trainable) continue;
    const gradient = gradientOf(run, name);
    const weights = run.weights[name] as Float64Array;
    for (let i = 0; i < weights.length; i++) {
      const kept = weights[i] as number;
      const step = 1e-5;
      weights[i] = kept + step;
      const above = lossOf(made, run);
      weights[i] = kept - step;
      const difference = (above - lossOf(made, run)) / (2 * step);
      weights[i] = kept;
      if (!isClose(gradient[i] as number, difference, 1e-7))
        wrong.push(`${name}[${i}]: ${gradient[i]} is not ${difference}`);
    }
  }
  return wrong;
}

describe('every element of every gradient is the finite difference of a plain network', () => {
  test.each(cases.map((named) => [label(named), named] as const))('%s', (_, named) => {
    expect(wrongGradients(net(named, INPUTS, CLASSES))).toEqual([]);
  });

  const linear = (name: string, inputs: number, outputs: number, trainable = true): Linear => ({
    kind: 'linear',
    name,
    inputs,
    outputs,
    bias: true,
    trainable,
    role: 'block',
  });
  const norm = (name: string, width: number): LayerNorm => ({ kind: 'layer-norm', name, width });
  const gelu = { kind: 'activation', function: 'gelu' } as const;
  const others: Readonly<Record<string, readonly Layer[]>> = {
    'a norm on the input': [norm('n', INPUTS), gelu, linear('out', INPUTS, CLASSES)],
    'a branch that is one matrix': [
      linear('in', INPUTS, 4),
      { kind: 'residual', branch: [linear('a', 4, 4)] },
      { kind: 'residual', branch: [linear('b', 4, 4, false)] },
      linear('out', 4, CLASSES),
    ],
    'a branch within a branch': [
      linear('in', INPUTS, 4),
      {
        kind: 'residual',
        branch: [
          norm('n', 4),
          { kind: 'residual', branch: [linear('a', 4, 3), gelu, linear('b', 3, 4)] },
          linear('c', 4, 4),
        ],
      },
      norm('last', 4),
      linear('out', 4, CLASSES),
    ],
    'fixed matrices in the middle': [
      linear('in', INPUTS, 4),
      gelu,
      linear('a', 4, 4, false),
      { kind: 'batch-norm', name: 'm', width: 4 },
      norm('n', 4),
      linear('out', 4, CLASSES),
      { kind: 'residual', branch: [norm('o', CLASSES), linear('b', CLASSES, CLASSES)] },
    ],
    'an activated value with two readers': [
      linear('in', INPUTS, 4),
      gelu,
      { kind: 'residual', branch: [linear('a', 4, 4), { kind: 'dropout', rate: 0.4, site: 0 }] },
      { kind: 'dropout', rate: 0.4, site: 1 },
      { kind: 'residual', branch: [{ kind: 'dropout', rate: 0.4, site: 2 }, linear('b', 4, 4)] },
      { kind: 'residual', branch: [linear('c', 4, 4), { kind: 'dropout', rate: 0.4, site: 3 }] },
      norm('n', 4),
      gelu,
      norm('m', 4),
      { kind: 'dropout', rate: 0.2, site: 300 },
      linear('out', 4, CLASSES),
    ],
    'nothing trained but the head': [
      linear('in', INPUTS, 4, false),
      { kind: 'batch-norm', name: 'm', width: 4 },
      gelu,
      linear('out', 4, CLASSES),
    ],
  };
  test.each(Object.entries(others))('%s', (_, layers) => {
    expect(wrongGradients({ layers, inputs: INPUTS, classes: CLASSES })).toEqual([]);
  });
});

describe('odd sizes: the slope along a random direction', () => {
  const sizes: (readonly [named: Named, batch: number])[] = [];
  for (const width of [1, 3, 37]) {
    for (const batch of [1, 7]) {
      for (const model of ['isotropic', 'inverted-bottleneck'] as const)
        sizes.push([{ model, 'model.width': width, 'model.depth': 1 }, batch]);
      sizes.push([{ model: 'hourglass', 'model.width': width, 'model.norm': 'layer' }, batch]);
    }
    sizes.push([{ model: 'hourglass', 'model.width': width, 'model.depth': 1 }, 7]);
  }
  sizes.push([{ model: 'isotropic', 'model.width': 3, 'model.depth': 64 }, 7]);
  sizes.push([{ model: 'inverted-bottleneck', 'model.width': 3, 'model.depth': 64 }, 1]);
  test.each(sizes.map(([named, batch]) => [label(named), batch, named] as const))(
    '%s, batch %i',
    (_, batch, named) => {
      const made = net(named, INPUTS, CLASSES);
      const run = bench(made, batch, { labelSmoothing: SMOOTHING });
      expect(isClose(runStep(run), lossOf(made, run), 1e-10)).toBe(true);
      const names = tensors(made.layers).filter(({ trainable }) => trainable);
      const directions = names.map(({ name, shape }, i) => [name, noise(elements(shape), 900 + i)] as const);
      let slope = 0;
      for (const [name, direction] of directions)
        slope += gradientOf(run, name).reduce((sum, one, i) => sum + one * (direction[i] as number), 0);
      const move = (step: number): number => {
        for (const [name, direction] of directions)
          run.weights[name]?.forEach((value, i, all) => {
            all[i] = value + step * (direction[i] as number);
          });
        return lossOf(made, run);
      };
      const step = 1e-6;
      const above = move(step);
      const difference = (above - move(-2 * step)) / (2 * step);
      expect(isClose(slope, difference, 1e-5)).toBe(true);
    },
  );
});

describe('evaluation', () => {
  test.each(cases.map((named) => [label(named), named] as const))('%s', (_, named) => {
    const made = net(named, INPUTS, CLASSES);
    const run = bench(made, 4, { labelSmoothing: SMOOTHING, evaluationBatch: 9 });
    const { program, executor } = run;
    executor.memory.settings.set([2, 8]);
    executor.run(program.evaluation);
    const logits = plainLogits(made.layers, run.weights, run.input, 'evaluate');
    const found = executor.view(program.outputs);
    expect(found.length).toBe(9 * CLASSES);
    logits.flat().forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 10);
    });
    const [loss, correct] = executor.memory.readings.subarray(8);
    expect(loss).toBeCloseTo(8 * plainLoss(logits.slice(0, 8), run.labels, 0), 9);
    const hits = logits.slice(0, 8).filter((row, i) => row.indexOf(Math.max(...row)) === run.labels[i]);
    expect(correct).toBe(hits.length);
  });

  test('running statistics follow the batch as PyTorch’s do', () => {
    const made = net({ model: 'hourglass', 'model.width': 4, 'model.depth': 1 }, INPUTS, CLASSES);
    const run = bench(made, 6);
    const before = Float64Array.from(run.weights['norms.0.running_var'] as Float64Array);
    run.executor.run(run.program.forward);
    const lifted = plainLogits(made.layers.slice(0, 1), run.weights, run.input, 'train').map(
      (row) => row[0] as number,
    );
    const mean = lifted.reduce((sum, x) => sum + x, 0) / 6;
    const unbiased = lifted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5;
    expect(run.weights['norms.0.running_var']?.[0]).toBeCloseTo(
      0.9 * (before[0] as number) + 0.1 * unbiased,
      10,
    );
  });
});
