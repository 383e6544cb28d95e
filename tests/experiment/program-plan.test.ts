// The buffer plan: nothing that still lives is overwritten, slices can be bound, no byte is wasted, few operations.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elements } from '../../src/core/layers.ts';
import { decode } from '../../src/experiment/address.ts';
import type { Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { buildProgram, type ProgramSpec } from '../../src/experiment/program/build-program.ts';
import { cost, totalCost } from '../../src/experiment/program/cost.ts';
import { formatProgram } from '../../src/experiment/program/format-program.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { operandsOf } from '../../src/experiment/program/operands.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import { ALIGNMENT, type Ref } from '../../src/experiment/program/ref.ts';
import { specOfConfig } from '../../src/experiment/program/spec-of-config.ts';
import { net, specOf } from '../reference/networks.ts';

const size = fc.integer({ min: 1, max: 80 });
const shapes = fc.record({
  named: fc.record({
    model: fc.constantFrom('isotropic', 'inverted-bottleneck', 'hourglass'),
    'model.width': size,
    'model.depth': fc.integer({ min: 1, max: 12 }),
    'model.expansion': fc.constantFrom(0.25, 1, 4),
    'model.bottleneck': size,
    'model.norm': fc.constantFrom('layer', 'batch', 'none'),
    'model.activation': fc.constantFrom('gelu', 'relu'),
    'model.lift': fc.constantFrom('trained', 'fixed'),
    'model.bias': fc.boolean(),
    'model.normPosition': fc.constantFrom('pre', 'post'),
    'model.order': fc.constantFrom('coded', 'written'),
    'model.skip': fc.boolean(),
    'model.dropout': fc.constantFrom(0, 0.2),
  }),
  inputs: size,
  classes: fc.integer({ min: 1, max: 20 }),
  batch: fc.integer({ min: 2, max: 40 }),
  evaluationBatch: fc.integer({ min: 1, max: 80 }),
  clipNorm: fc.constantFrom(0, 1),
  microBatches: fc.constantFrom(1, 3),
  averageDecay: fc.constantFrom(0, 0.9),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

/** Checks programs of random networks, planned both ways. */
function always(numRuns: number, check: (program: Program) => void): void {
  const build = ({ named, inputs, classes, batch, ...more }: Shape, banks: 'apart' | 'joint'): Program =>
    buildProgram(specOf(net(named as Named, inputs, classes), batch, { ...more, banks }));
  fc.assert(
    fc.property(shapes, (shape) => {
      check(build(shape, 'apart'));
      check(build(shape, 'joint'));
    }),
    { numRuns },
  );
}

const stepOf = ({ forward, backward, accumulateFirst, accumulate, norm, update }: Program): readonly Op[] =>
  [forward, backward, accumulateFirst, accumulate, norm, update].flat();
const inArena = (op: Op) => operandsOf(op).filter(({ operand }) => operand.buffer === 'arena');
const granules = ({ byteOffset, shape }: Ref): number[] =>
  Array.from({ length: Math.ceil((elements(shape) * 4) / ALIGNMENT) }, (_, i) => byteOffset / ALIGNMENT + i);

/** Follows who owns each piece of the arena; a read of what somebody else has written since is an overlap. */
function overlaps(ops: readonly Op[]): string[] {
  const owners = new Map<number, string>();
  const found: string[] = [];
  for (const op of ops) {
    for (const { operand, access } of inArena(op)) {
      if (access === 'write') continue;
      if (granules(operand).some((granule) => owners.get(granule) !== operand.name))
        found.push(`${op.kind} reads ${operand.name}`);
    }
    const written = inArena(op).filter(({ access }) => access !== 'read');
    for (const { operand } of written) {
      for (const granule of granules(operand)) owners.set(granule, operand.name);
    }
    for (const { operand } of inArena(op)) {
      if (granules(operand).some((granule) => owners.get(granule) !== operand.name))
        found.push(`${op.kind} loses ${operand.name}`);
    }
  }
  return found;
}

/** The most bytes that live at one time, counted from the finished operations alone. */
function peakOf(ops: readonly Op[], toTheEnd: readonly string[]): number {
  const lives = new Map<string, { first: number; last: number; bytes: number }>();
  ops.forEach((op, index) => {
    for (const { operand } of inArena(op)) {
      const bytes = granules(operand).length * ALIGNMENT;
      const first = lives.get(operand.name)?.first ?? index;
      lives.set(operand.name, { first, last: toTheEnd.includes(operand.name) ? ops.length : index, bytes });
    }
  });
  const live = ops.map((_, index) =>
    [...lives.values()]
      .filter(({ first, last }) => first <= index && index <= last)
      .reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return Math.max(...live);
}

describe('any program', () => {
  test('never loses a tensor that is still read', () => {
    always(30, (program) => {
      expect(overlaps(stepOf(program))).toEqual([]);
      expect(overlaps(program.evaluation)).toEqual([]);
      const scored = program.evaluation.flatMap(inArena).map(({ operand }) => operand);
      expect(scored.findLast(({ name }) => name === program.outputs.name)).toEqual(program.outputs);
    });
  });

  test('keeps every tensor inside its buffer, on a boundary that can be bound', () => {
    always(20, (program) => {
      const all = [...stepOf(program), ...program.evaluation]
        .flatMap(operandsOf)
        .map(({ operand }) => operand);
      for (const { name, buffer, byteOffset, shape } of [...all, ...program.tensors, program.outputs]) {
        expect(byteOffset % ALIGNMENT, name).toBe(0);
        expect(byteOffset + elements(shape) * 4, name).toBeLessThanOrEqual(program.bytes[buffer]);
      }
      for (const bytes of Object.values(program.bytes)) expect(bytes % ALIGNMENT).toBe(0);
      for (const buffer of ['parameters', 'statistics']) {
        const ends = program.tensors
          .filter((tensor) => tensor.buffer === buffer)
          .sort((a, b) => a.byteOffset - b.byteOffset);
        ends.forEach((tensor, i) => {
          const next = ends[i + 1];
          if (next)
            expect(tensor.byteOffset + elements(tensor.shape) * 4).toBeLessThanOrEqual(next.byteOffset);
        });
      }
    });
  });

  test('needs little more than what lives at its peak', () => {
    always(50, (program) => {
      const peak = Math.max(peakOf(stepOf(program), []), peakOf(program.evaluation, [program.outputs.name]));
      expect(program.liveBytes).toBe(peak);
      expect(program.bytes.arena).toBeGreaterThanOrEqual(peak);
      // Tensors of a few bytes take a whole boundary each, which is coarse for the smallest networks.
      if (program.banks.length === 1)
        expect(program.bytes.arena).toBeLessThanOrEqual(1.1 * peak + 8 * ALIGNMENT);
    });
  });

  test('never reads one tensor and writes another in the same bank', () => {
    always(20, (program) => {
      if (program.banks.length === 1) return;
      const bankOf = ({ byteOffset }: Ref): number =>
        program.banks.findIndex(
          (bank) => byteOffset >= bank.byteOffset && byteOffset < bank.byteOffset + bank.bytes,
        );
      for (const op of [...stepOf(program), ...program.evaluation]) {
        const uses = inArena(op).map(({ operand, access }) => ({ bank: bankOf(operand), access }));
        const written = new Set(uses.filter(({ access }) => access !== 'read').map(({ bank }) => bank));
        for (const { bank, access } of uses) {
          expect(bank).toBeGreaterThanOrEqual(0);
          if (access === 'read') expect(written.has(bank)).toBe(false);
        }
      }
    });
  });

  test('has no operation with more than eight bindings', () => {
    always(15, (program) => {
      for (const op of [...stepOf(program), ...program.evaluation])
        expect(operandsOf(op).length).toBeLessThanOrEqual(8);
    });
  });
});

const programOf = (link: string, more: Partial<ProgramSpec> = {}): Program => {
  const { config } = decode(`data=cifar-10&optimizer=adamw&${link}`);
  return buildProgram({ ...specOfConfig(config, plan(config)), ...more });
};
const bench = {
  a: 'model=isotropic&model.depth=6&model.width=512&model.activation=relu',
  b: 'model.preset=B_6-Wi_512',
  c: 'model=hourglass&model.width=1024&model.bottleneck=128&model.depth=6&model.lift=fixed&model.norm=none',
};

describe('the networks of the bench', () => {
  test.each([
    ['a', 46],
    ['b', 77],
    ['c', 43],
  ] as const)('%s takes %i operations a step', (name, count) => {
    const { forward, backward, update } = programOf(bench[name]);
    expect(forward.length + backward.length + update.length).toBe(count);
  });

  const others = {
    hourglass: 'model=hourglass&model.width=3546&model.bottleneck=270&model.depth=5&model.lift=fixed',
    deep: 'model.preset=B_64-Wi_64',
    large: 'model.preset=B_12-Wi_1024&train.batchSize=1024',
  };
  test.each(Object.entries({ ...bench, ...others }))('%s wastes no memory', (_, link) => {
    const separate = programOf(link);
    expect(separate.bytes.arena).toBeLessThanOrEqual(1.1 * separate.liveBytes);
    const joint = programOf(link, { banks: 'joint' });
    expect(joint.banks).toHaveLength(1);
    expect(joint.bytes.arena).toBeLessThanOrEqual(1.02 * joint.liveBytes);
  });

  test('matrix products cost what the plan says, less the gradient of the input', () => {
    const { config } = decode(`data=cifar-10&${bench.b}`);
    const planned = plan(config);
    const { forward, backward } = programOf(bench.b);
    const products = [...forward, ...backward].filter(({ kind }) => kind === 'matmul');
    expect(totalCost(products).flops).toBe(planned.flopsPerStep - 2 * 128 * 3072 * 512);
  });

  test('costs are positive and gradients are as large as what is trained', () => {
    for (const link of Object.values(bench)) {
      const program = programOf(link);
      for (const op of stepOf(program)) expect(cost(op).bytes).toBeGreaterThan(0);
      const trained = program.tensors.filter(({ trainable }) => trainable);
      const bytes = trained.reduce((sum, { shape }) => sum + Math.ceil(elements(shape) / 64) * 256, 0);
      expect(program.bytes.gradients).toBe(bytes);
    }
  });
});

test('a program prints every operation on one line', () => {
  const program = programOf(
    'model=isotropic&model.depth=2&model.width=64&train.batchSize=32&train.clipNorm=1',
  );
  const text = formatProgram(program);
  const count = stepOf(program).length;
  expect(text).toContain(`step of 32 rows: ${count} operations`);
  expect(text.split('\n').filter((line) => /^ +\d+ {2}[a-z]/.test(line))).toHaveLength(
    count + program.evaluation.length,
  );
  expect(text).toContain('linear_in.weight[64,3072]@parameters+0');
  expect(text).toContain('NN 32×64×64 ·gelu′');
  expect(text).not.toMatch(/undefined|NaN/);
});

test('a program is plain data', () => {
  const program = programOf(bench.c);
  expect(structuredClone(program)).toEqual(program);
  expect(JSON.parse(JSON.stringify(program))).toEqual(program);
});

test.each([
  ['an activation first', [{ kind: 'activation', function: 'gelu' }]],
  [
    'a branch that ends in a norm',
    [{ kind: 'residual', branch: [{ kind: 'layer-norm', name: 'n', width: 4 }] }],
  ],
] as const)('%s has no compiled form, and says what to do', (_, layers) => {
  expect(() => buildProgram(specOf({ layers, inputs: 4, classes: 4 }, 2))).toThrow('tfjs engine');
});
