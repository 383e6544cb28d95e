// Whole programs on the device against the plain executor: losses, gradients, updates, evaluation; memory and encoding.
import { beforeAll, describe, expect, test } from 'vitest';
import { elements } from '../../src/core/layers.ts';
import { createExecutor, type StepExecutor } from '../../src/engine/webgpu/step.ts';
import { type AdapterFacts, defaultChoice, sharingOf } from '../../src/engine/webgpu/variants.ts';
import type { Named } from '../../src/experiment/config.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import type { Ref } from '../../src/experiment/program/ref.ts';
import { type Bench, bench, net } from '../reference/networks.ts';
import { distance, fullGpu, type Gpu } from './webgpu-device.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

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

const flat = (name: Ref['buffer'], program: Program): Ref => ({
  name,
  buffer: name,
  byteOffset: 0,
  shape: [program.bytes[name] / 4],
});

const gatherOf = (ops: Program['forward']) => {
  const op = ops.find(({ kind }) => kind === 'gather');
  if (op?.kind !== 'gather') throw new Error('No gather.');
  return op;
};

/** Puts the referee's weights and batch on the device. */
function load(
  executor: StepExecutor,
  { program, executor: plain, input, labels }: Bench,
  phase: 'forward' | 'evaluation',
): void {
  for (const tensor of program.tensors) executor.write(tensor, Float32Array.from(plain.view(tensor)));
  executor.write(flat('settings', program), Float32Array.from(plain.memory.settings));
  const op = gatherOf(program[phase]);
  executor.write(op.input, Float32Array.from(input.flat().slice(0, elements(op.input.shape))));
  executor.write(op.labels, Uint32Array.from(labels.slice(0, op.rows)));
}

const shared = { 'model.width': 24, 'model.depth': 2 } as const;
const cases: readonly Named[] = [
  { ...shared, model: 'isotropic', 'model.norm': 'layer', 'model.activation': 'gelu' },
  { ...shared, model: 'isotropic', 'model.norm': 'none', 'model.activation': 'relu', 'model.bias': false },
  { ...shared, model: 'inverted-bottleneck', 'model.expansion': 4, 'model.norm': 'layer' },
  { ...shared, model: 'hourglass', 'model.bottleneck': 5, 'model.norm': 'batch', 'model.lift': 'fixed' },
  { ...shared, model: 'hourglass', 'model.bottleneck': 8, 'model.norm': 'none', 'model.lift': 'trained' },
];
const rules = [
  { kind: 'sgd', momentum: 0.9, decay: 0.01 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01 },
  { kind: 'lion', beta1: 0.9, beta2: 0.99, decay: 0.1 },
] as const;

describe('one step', () => {
  for (const [index, named] of cases.entries())
    test(Object.values(named).join(' '), async () => {
      const rule = rules[index % 3] ?? rules[0];
      const made = bench(net(named, 20, 10), 33, {
        rule,
        labelSmoothing: 0.1,
        clipNorm: index % 2 === 0 ? 0.5 : 0,
        evaluationBatch: 40,
      });
      const { program, executor: plain } = made;
      const vendor = ['software', 'nvidia', 'software', 'apple', 'software'][index] ?? '';
      const executor = await createExecutor(gpu.device, program, {
        choose: (product) => defaultChoice(product, facts(vendor)),
        sharing: sharingOf(facts(vendor)),
        data: null,
      });
      load(executor, made, 'forward');
      executor.run(['forward', 'backward', 'norm', 'update']);
      plain.run([...program.forward, ...program.backward, ...program.norm]);
      const tolerance = Object.values(named).includes('batch') ? 1e-4 : 1e-5;
      const gradients = await executor.fetch(flat('gradients', program));
      for (const tensor of program.tensors) {
        if (!tensor.trainable) continue;
        const begin = tensor.byteOffset / 4;
        const end = begin + elements(tensor.shape);
        const wanted = plain.memory.gradients.subarray(begin, end);
        expect(distance(gradients.subarray(begin, end), wanted), tensor.name).toBeLessThan(tolerance);
      }
      // The update from the same gradient, to 1e-6.
      plain.memory.gradients.set(gradients);
      plain.run([...program.norm, ...program.update]);
      expect(
        distance(await executor.fetch(flat('parameters', program)), plain.memory.parameters),
      ).toBeLessThan(1e-6);
      const readings = await executor.readings(1);
      expect(distance(readings, plain.memory.readings.subarray(0, 4))).toBeLessThan(tolerance);

      load(executor, made, 'evaluation');
      plain.run(program.evaluation);
      executor.run(['evaluation']);
      expect(distance(await executor.fetch(program.outputs), plain.view(program.outputs))).toBeLessThan(
        tolerance,
      );
      expect(gpu.errors).toEqual([]);
      executor.dispose();
    });
});

const wide: Named = { model: 'isotropic', 'model.width': 32, 'model.depth': 2, 'model.norm': 'layer' };

const residentOf = (count: number) => ({
  shape: {
    channels: 1,
    height: 4,
    width: 5,
    count,
    orderLength: count,
    cut: null,
    mixes: false,
    prototypes: 0,
  },
  images: new Uint8Array(count * 20).map((_, i) => (i * 37 + (i % 20) * (i % 7)) & 255),
  classes: new Uint8Array(count).map((_, i) => i % 10),
  table: Float32Array.from({ length: 256 }, (_, i) => i / 128 - 1),
  noise: new Float32Array(),
  prototypes: new Float32Array(),
});

const make = (made: Bench, imageBytes = 1e6) =>
  createExecutor(gpu.device, made.program, {
    choose: (product) => defaultChoice(product, facts('software')),
    sharing: 'alone',
    data: residentOf(200),
    imageBytes,
  });

/** `count` steps through resident data from the referee's weights. */
async function train(executor: StepExecutor, made: Bench, count: number): Promise<Float32Array<ArrayBuffer>> {
  for (const tensor of made.program.tensors)
    executor.write(tensor, Float32Array.from(made.executor.view(tensor)));
  executor.order(Uint32Array.from({ length: 200 }, (_, i) => (i * 7) % 200));
  for (let step = 0; step < count; step++) {
    const draw = { offset: (step * 32) % 160, step, seed: 1 };
    executor.step({ rate: 0.01, step: step + 1, row: step, wantsNorm: step === 0, draw });
  }
  return executor.readings(count);
}

test('training learns, twice the same bit for bit, and leaves no memory behind', async () => {
  const made = bench(net(wide, 20, 10), 32, { rule: rules[1] });
  const first = await make(made);
  const readings = await train(first, made, 60);
  const loss = (step: number): number => (readings[4 * step] ?? Number.NaN) / 32;
  expect(loss(59)).toBeLessThan(0.7 * loss(0));
  first.dispose();
  const second = await make(made);
  expect(await train(second, made, 60)).toEqual(readings);
  const { parameters, gradients, arena } = made.program.bytes;
  expect(second.bytes).toBeGreaterThan(parameters + gradients + arena);
  second.dispose();
  expect(gpu.errors).toEqual([]);
});

test('the next run of the same network compiles nothing', async () => {
  const { device } = await fullGpu();
  let compiled = 0;
  const compile = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) => {
    compiled++;
    return compile(descriptor);
  };
  const made = bench(net(wide, 20, 10), 32, { rule: rules[1] });
  const options = {
    choose: (product: Parameters<typeof defaultChoice>[0]) => defaultChoice(product, facts('software')),
    sharing: 'alone',
    data: residentOf(200),
  } as const;
  (await createExecutor(device, made.program, options)).dispose();
  const first = compiled;
  expect(first).toBeGreaterThan(0);
  (await createExecutor(device, made.program, options)).dispose();
  expect(compiled).toBe(first);
  device.destroy();
});

test('images that are too large for one binding train from several, to the same bits', async () => {
  const made = bench(net(wide, 20, 10), 32, { rule: rules[1] });
  const results: Float32Array<ArrayBuffer>[] = [];
  for (const imageBytes of [4000, 3999, 1000]) {
    const executor = await make(made, imageBytes);
    results.push(await train(executor, made, 5));
    const parts = executor.costs('forward').filter(({ label }) => label.startsWith('gather')).length;
    expect(parts).toBe({ 4000: 1, 3999: 2, 1000: 5 }[imageBytes]);
    executor.dispose();
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  expect(gpu.errors).toEqual([]);
});

test('a destroyed device is reported as lost', async () => {
  const own = await fullGpu();
  const made = bench(net(wide, 20, 10), 32, { rule: rules[1] });
  const executor = await createExecutor(own.device, made.program, {
    choose: (product) => defaultChoice(product, facts('software')),
    sharing: 'alone',
    data: residentOf(200),
  });
  own.device.destroy();
  await expect(train(executor, made, 2)).rejects.toMatchObject({ code: 'device-lost' });
});

test('a network larger than the device allows is refused before anything is allocated', async () => {
  const { program } = bench(net(wide, 20, 10), 32);
  const huge = { ...program, bytes: { ...program.bytes, gradients: 2 ** 40 } };
  await expect(
    createExecutor(gpu.device, huge, {
      choose: (product) => defaultChoice(product, facts('software')),
      sharing: 'alone',
      data: null,
    }),
  ).rejects.toMatchObject({ code: 'out-of-memory' });
});

test('an error of the device makes every later reading fail', async () => {
  const own = await fullGpu();
  const made = bench(net(wide, 20, 10), 32, { rule: rules[1] });
  const executor = await createExecutor(own.device, made.program, {
    choose: (product) => defaultChoice(product, facts('software')),
    sharing: 'alone',
    data: residentOf(200),
  });
  own.device.createBuffer({ size: 16, usage: 0 });
  await expect(train(executor, made, 1)).rejects.toMatchObject({ code: 'device-error' });
  executor.dispose();
});
