// Micro-batches in the plan: what is refused, what is said, and how the memory shrinks; the program's operations.
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/experiment/address.ts';
import { runId } from '../../src/experiment/config.ts';
import { noiseSizes } from '../../src/experiment/micro-batches.ts';
import { memoryOf, plan } from '../../src/experiment/plan.ts';
import { planNotes } from '../../src/experiment/plan-notes.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import { specOfConfig } from '../../src/experiment/program/spec-of-config.ts';
import { settingsOf } from '../../src/experiment/program/update-rule.ts';
import { bench, isClose, net } from '../reference/networks.ts';

const configOf = (link: string) => decode(link).config;
const planOf = (link: string) => plan(configOf(link));

test.each([
  ['train.microBatch=48', '32 or 64'],
  ['train.microBatch=129', 'choose 128'],
  ['train.batchSize=97&train.microBatch=50', '1 or 97'],
  ['model=hourglass&train.microBatch=1', 'train.microBatch of at least 2'],
  ['model=hourglass&train.batchSize=1', 'train.batchSize of at least 2'],
])('%s is refused with sizes that fit', (link, hint) => {
  expect(() => planOf(link)).toThrow(hint);
});

test('a step is as many passes as there are micro-batches', () => {
  expect(planOf('').microBatches).toBe(1);
  expect(planOf('train.microBatch=128').microBatches).toBe(1);
  expect(planOf('train.microBatch=32')).toMatchObject({
    microBatches: 4,
    flopsPerStep: planOf('').flopsPerStep,
    stepsPerEpoch: planOf('').stepsPerEpoch,
  });
});

test('accumulation asks for a number of parts; a batch without such parts has as many as it allows', () => {
  const parts = (batch: number, asked: number): number =>
    planOf(`train.batchSize=${batch}&train.accumulation=${asked}`).microBatches;
  expect(parts(128, 1)).toBe(1);
  expect(parts(128, 2)).toBe(2);
  expect(parts(25, 2)).toBe(1);
  expect(parts(24, 5)).toBe(4);
  expect(parts(1, 2)).toBe(1);
  // A size that is named decides, and then the number is no setting of the run.
  const both = configOf('train.microBatch=32&train.accumulation=2');
  expect(plan(both).microBatches).toBe(4);
  expect(runId(both)).toBe(runId(configOf('train.microBatch=32')));
  const four = configOf('train.accumulation=4');
  const sized = configOf('train.microBatch=32');
  expect(buildProgram(specOfConfig(four, plan(four)))).toEqual(
    buildProgram(specOfConfig(sized, plan(sized))),
  );
  expect(() => planOf('model=hourglass&train.batchSize=2&train.accumulation=2')).toThrow(
    '2 in 2 parts are of 1',
  );
});

test('memory shrinks with the micro-batch, but for one more gradient', () => {
  const memory = (link: string) => memoryOf(configOf(link), planOf(link));
  const link = 'data=cifar-10&model.preset=B_6-Wi_512&train.batchSize=1024';
  const [whole, parts] = [memory(link), memory(`${link}&train.microBatch=128`)];
  expect(parts.activations / whole.activations).toBeGreaterThan(0.12);
  expect(parts.activations / whole.activations).toBeLessThan(0.14);
  expect(parts.gradients / whole.gradients).toBeCloseTo(2, 3);
  expect(parts.weights).toBe(whole.weights);
  expect(parts.total).toBeLessThan(whole.total);
  const patches = 'model=gmlp&data=digits';
  const share = memory(`${patches}&train.microBatch=32`).activations / memory(patches).activations;
  expect(share).toBeCloseTo(0.25, 1);
});

test('the plan says what BatchNorm and MixUp do in parts', () => {
  const notes = (link: string): string => planNotes(configOf(link), planOf(link)).join(' ');
  expect(notes('train.microBatch=32&train.ema=0.9')).toBe('');
  expect(notes('model=hourglass&train.microBatch=32')).toContain('4 × 32 are not one batch of 128');
  expect(notes('augment.mixup=0.8&train.microBatch=32')).toContain('within each micro-batch of 32');
  expect(notes('model=hourglass&train.ema=0.9')).toContain('running statistics');
});

test('a batch uses up a finite population, unless its examples are varied anew', () => {
  const sizes = (link: string) => noiseSizes(configOf(link), planOf(link));
  expect(sizes('')).toBeNull();
  expect(sizes('train.microBatch=32')).toEqual({ part: 32, whole: 128, population: 12_000 });
  expect(sizes('train.microBatch=32&data.trainSize=500')?.population).toBe(500);
  for (const varied of ['augment=flip-crop', 'augment.mixup=0.8', 'model.dropout=0.1', 'task=denoise'])
    expect(sizes(`train.microBatch=32&${varied}`)?.population, varied).toBeNull();
});

describe('a program in micro-batches', () => {
  const made = net({ 'model.width': 4, 'model.depth': 1, 'model.expansion': 2 }, 5, 3);

  test('averages gradients, sums their squares and reports the whole batch', () => {
    const size = 4;
    const { program, executor } = bench(made, size, { microBatches: 3, clipNorm: 0.01 });
    const { memory, run, view } = executor;
    const before = Float64Array.from(memory.parameters);
    const parts: Float64Array[] = [];
    let loss = 0;
    memory.settings.set(settingsOf(program, { rate: 0.1, step: 1, row: 5, rows: 1 }));
    for (let part = 0; part < 3; part++) {
      // Other weights of the losses stand for other examples: the batch of the bench is always the same.
      run(program.forward);
      run(program.backward);
      memory.gradients.forEach((value, i) => {
        memory.gradients[i] = value * (part + 1) + (part === 1 ? 0.01 * (i % 7) : 0);
      });
      memory.results[0] = part;
      parts.push(Float64Array.from(memory.gradients));
      loss += memory.results.subarray(0, size).reduce((sum, one) => sum + one, 0);
      run(part === 0 ? program.accumulateFirst : program.accumulate);
    }
    run([...program.norm, ...program.update]);
    const mean = parts[0]?.map((_, i) => parts.reduce((sum, one) => sum + (one[i] as number), 0) / 3);
    const total = memory.accumulator.subarray(0, memory.gradients.length);
    total.forEach((value, i) => {
      expect(value).toBeCloseTo(mean?.[i] as number, 12);
    });
    const [reported, , norm, squares] = memory.readings.subarray(4 * 5);
    expect(reported).toBeCloseTo(loss, 10);
    expect(norm).toBeCloseTo(Math.hypot(...(mean ?? [])), 12);
    expect(squares).toBeCloseTo(
      parts.reduce((sum, one) => sum + Math.hypot(...one) ** 2, 0),
      10,
    );
    const scale = 0.01 / ((norm as number) + 1e-6);
    for (const tensor of program.tensors)
      view(tensor).forEach((value, i) => {
        const at = tensor.byteOffset / 4 + i;
        const g = (mean?.[at] as number) * scale + 0.01 * (before[at] as number);
        expect(isClose(value, (before[at] as number) - Math.fround(0.1) * g, 1e-9)).toBe(true);
      });
  });

  test('costs nothing where the batch is whole', () => {
    const { program } = bench(made, 4);
    expect(program.bytes.accumulator).toBe(0);
    expect([...program.accumulate, ...program.accumulateFirst]).toEqual([]);
    const config = configOf('train.microBatch=128');
    const whole = configOf('');
    const built = (one: typeof config) => buildProgram(specOfConfig(one, plan(one)));
    expect(built(config)).toEqual(built(whole));
  });
});
