// Small networks of every kind with seeded weights and batches, ready to run on the plain executor.
import { architectures } from '../../src/catalog/architectures/index.ts';
import { features } from '../../src/core/dataset.ts';
import type { Layer } from '../../src/core/layers.ts';
import { elements, tensors } from '../../src/core/layers.ts';
import { stream } from '../../src/core/rng.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';
import { buildProgram, type ProgramSpec } from '../../src/experiment/program/build-program.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import { settingsOf } from '../../src/experiment/program/update-rule.ts';
import { createPlainExecutor, type Pictures, type PlainExecutor } from './plain-executor.ts';

export interface Net {
  readonly layers: readonly Layer[];
  readonly inputs: number;
  readonly classes: number;
}

/** The layers of a named config on `inputs` features and `classes` classes. */
export function net(named: Named, inputs: number, classes: number): Net {
  const config = makeConfig(named);
  const make = architectures[config.model].layers as (config: Config, ends: object) => readonly Layer[];
  return { layers: make(config, { inputs, outputs: classes }), inputs, classes };
}

const sgdRule = { kind: 'sgd', momentum: 0.9, decay: 0.01 } as const;

export const specOf = (
  { layers, inputs }: Net,
  batch: number,
  more: Partial<ProgramSpec> = {},
): ProgramSpec => ({
  layers,
  inputs,
  batch,
  rule: sgdRule,
  labelSmoothing: 0,
  clipNorm: 0,
  ...more,
});

/** Values in (−1, 1) that depend on the seed alone. */
export function noise(count: number, seed: number): Float64Array {
  const random = stream(seed, 1);
  return Float64Array.from({ length: count }, (_, i) => 2 * random.uniform(i) - 1);
}

export interface Bench {
  readonly program: Program;
  readonly executor: PlainExecutor;
  readonly input: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** Views of the executor's memory: writing changes the weights. */
  readonly weights: Readonly<Record<string, Float64Array>>;
}

/** A program with seeded weights, running statistics and one batch; settings are those of a first step at rate 0.1. */
export function bench(
  made: Net,
  batch: number,
  more: Partial<ProgramSpec> = {},
  seed = 1,
  pictures?: Pictures,
): Bench {
  const spec = specOf(made, batch, more);
  const program = buildProgram(spec);
  const rows = Math.max(batch, spec.evaluationBatch ?? 0);
  const random = stream(seed, 2);
  const gathered = spec.picture ? features(spec.picture.shape) : made.inputs;
  const input = Array.from({ length: rows }, (_, i) => Array.from(noise(gathered, seed * 1000 + i)));
  const labels = Array.from({ length: rows }, (_, i) => random.integer(made.classes, i));
  const fill = (batchInput: Float64Array, batchLabels: Float64Array): void => {
    batchInput.set(input.flat().slice(0, batchInput.length));
    batchLabels.set(labels.slice(0, batchLabels.length));
  };
  const executor = createPlainExecutor(program, fill, pictures);
  const specs = tensors(made.layers);
  const weights = Object.fromEntries(program.tensors.map((tensor) => [tensor.name, executor.view(tensor)]));
  specs.forEach(({ name, shape, init, kind }, i) => {
    const values = noise(elements(shape), seed + 77 * (i + 1));
    const bound = init.kind === 'uniform' ? 1.5 * init.bound : 0.3;
    const centre = init.kind === 'constant' ? init.value : 0;
    const scale = kind === 'buffer' ? 0.5 : bound;
    weights[name]?.set(values.map((value) => centre + scale * value));
  });
  executor.memory.settings.set(settingsOf(program, { rate: 0.1, step: 1, row: 0, rows: batch }));
  return { program, executor, input, labels, weights };
}

/** Relative to the larger of 1 and the values. */
export const isClose = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
