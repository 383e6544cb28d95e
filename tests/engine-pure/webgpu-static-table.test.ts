// Proof 1: no variant, in no layout and with no epilogue, asks for more than every device has, and the static defaults
// launch enough workgroups.
import { expect, test } from 'vitest';
import { type Kernel, limits } from '../../src/engine/webgpu/kernel.ts';
import { type Choice, matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import {
  type AdapterFacts,
  candidates,
  defaultChoice,
  outputsOf,
  sliceCount,
  suits,
  tileCount,
  vendorOf,
} from '../../src/engine/webgpu/variants.ts';
import { epilogues, layouts, otherKernels, product, variants } from './webgpu-cases.ts';

/** Lines of one unrolled body: the longest run of statements without a loop's end. */
const unrolled = (code: string): number =>
  Math.max(...code.split(/\bfor \(/).map((part) => part.split('\n').length));

function fits(kernel: Kernel): void {
  const { label, lanes, grid, memory, bindings, accumulators, code } = kernel;
  expect(memory, label).toBeLessThanOrEqual(limits.memory);
  expect(lanes, label).toBeLessThanOrEqual(limits.lanes);
  expect(lanes & (lanes - 1), label).toBe(0);
  const storage = bindings.filter(({ access }) => access !== 'uniform');
  expect(storage.length, label).toBeLessThanOrEqual(limits.bindings);
  expect(new Set(bindings.map(({ name }) => name)).size, label).toBe(bindings.length);
  for (const size of grid) {
    expect(size, label).toBeGreaterThan(0);
    expect(size, label).toBeLessThanOrEqual(limits.groups);
  }
  expect(accumulators, label).toBeLessThanOrEqual(limits.accumulators * 2);
  expect(unrolled(code), label).toBeLessThanOrEqual(300);
  expect(code, label).not.toMatch(/undefined|NaN|Infinity|tanh|atomic/);
  const declared = Array.from(
    code.matchAll(/var<workgroup> \w+: array<(\w+), (\d+)>/g),
    ([, type, count]) => Number(count) * (type === 'vec4f' ? 16 : 4),
  ).reduce((sum, bytes) => sum + bytes, 0);
  expect(declared, label).toBe(memory);
}

const shapes = [
  [128, 512, 512],
  [512, 3072, 128],
  [1024, 2048, 512],
  [16_384, 512, 512],
  [127, 33, 129],
  [512, 512, 1024],
] as const;

test('every variant in every layout with every epilogue stays within the limits of every device', () => {
  let count = 0;
  for (const variant of variants)
    for (const layout of layouts)
      for (const [m, n, k] of shapes)
        for (const epilogue of Object.values(epilogues)) {
          const narrow = variant === 'skinny' || variant === 'row-dot' ? 10 : variant === 'dot' ? 1 : n;
          const one = product(layout, variant === 'dot' ? Math.min(m, 128) : m, narrow, k, epilogue);
          if (!suits(variant, one)) continue;
          for (const slices of variant.startsWith('tile') ? [1, 2, 8] : [1])
            for (const kernel of matmul(one, { variant, slices })) {
              fits(kernel);
              expect(kernel.accumulators, kernel.label).toBeLessThanOrEqual(
                variant === 'software' ? 128 : limits.accumulators,
              );
              count++;
            }
        }
  expect(count).toBeGreaterThan(2000);
});

test('the other kernels stay within them too, at any shape', () => {
  for (const [rows, columns] of [
    [128, 512],
    [1, 1],
    [7, 10],
    [300, 1000],
    [16_384, 4096],
    [65, 33],
    [2, 20_001],
  ] as const)
    for (const kernel of [...otherKernels(rows, columns), ...otherKernels(rows, columns, 'alone')])
      fits(kernel);
});

const adapter = (vendor: string, more: Partial<AdapterFacts> = {}): AdapterFacts => ({
  vendor,
  architecture: '',
  device: '',
  description: '',
  isFallback: false,
  hasSubgroups: true,
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
  ...more,
});
const vendors = ['nvidia', 'amd', 'apple', 'intel', 'qualcomm', 'arm', 'img-tec', '', 'google'].map((name) =>
  adapter(name),
);

/** Products of a step of the catalog's networks: forward NT, input gradient NN, weight gradient TN. */
function productsOf(batch: number, layers: readonly (readonly [inputs: number, outputs: number])[]) {
  return layers.flatMap(([inputs, outputs]) => [
    product('NT', batch, outputs, inputs),
    product('NN', batch, inputs, outputs),
    product('TN', outputs, inputs, batch),
  ]);
}
const networks = [
  [
    [3072, 512],
    [512, 512],
    [512, 10],
  ],
  [
    [3072, 512],
    [512, 2048],
    [2048, 512],
    [512, 10],
  ],
  [
    [3072, 1024],
    [1024, 128],
    [128, 1024],
    [1024, 10],
  ],
  [
    [784, 64],
    [64, 64],
    [64, 10],
  ],
] as const;

const groupsOf = (choice: Choice, one: ReturnType<typeof product>): number => {
  const { rows, columns } = outputsOf(choice.variant, one.n);
  return Math.ceil(one.m / rows) * Math.ceil(one.n / columns) * (choice.slices ?? 1);
};

test('no default launches fewer than 64 workgroups where dealing k would give more parallel work', () => {
  for (const facts of vendors)
    for (const batch of [32, 128, 1024, 4096])
      for (const network of networks)
        for (const one of productsOf(batch, network)) {
          const choice = defaultChoice(one, facts);
          expect(suits(choice.variant, one)).toBe(true);
          const isDealt = ['kgroup', 'row-dot', 'dot', 'skinny'].includes(choice.variant);
          const canDeal = vendorOf(facts) !== 'mobile' && one.n > 32 && one.k >= 64;
          const name = `${facts.vendor} ${one.layout} ${one.m}×${one.n}×${one.k}: ${choice.variant}`;
          if (canDeal && groupsOf(choice, one) < 64)
            expect(isDealt || (choice.slices ?? 1) === sliceCount(one), name).toBe(true);
          for (const kernel of matmul(one, choice)) fits(kernel);
        }
});

test('defaults follow the published figures', () => {
  const wide = product('NT', 4096, 2048, 512);
  const usual = product('NT', 256, 512, 512);
  const of = (vendor: string, one = wide) => defaultChoice(one, adapter(vendor)).variant;
  expect(of('nvidia')).toBe('tile128');
  expect(of('nvidia', usual)).toBe('tile32wide');
  expect(of('amd')).toBe('tile64');
  expect(of('apple')).toBe('reg44');
  expect(of('apple', usual)).toBe('tile32');
  expect(of('intel')).toBe('tile32deep');
  expect(of('intel', product('NN', 4096, 2048, 512))).toBe('intel');
  expect(of('qualcomm')).toBe('reg44');
  expect(of('somebody')).toBe('tile32');
  const software = adapter('google', { isFallback: true, subgroupMinSize: 4, subgroupMaxSize: 4 });
  expect(defaultChoice(wide, software).variant).toBe('software');
  expect(defaultChoice(wide, { ...software, hasSubgroups: false }).variant).toBe('software-plain');
  expect(of('nvidia', product('NT', 128, 10, 512))).toBe('row-dot');
  expect(of('nvidia', product('NN', 128, 512, 10))).toBe('thin');
});

test('a 512×512 output is never sliced at k ≤ 512, by no default and no candidate; mobile never gets 128-wide tiles', () => {
  for (const facts of vendors)
    for (const layout of layouts)
      for (const k of [32, 128, 512])
        for (const choice of candidates(product(layout, 512, 512, k), facts))
          expect(choice.slices ?? 1, choice.variant).toBe(1);
  for (const name of ['qualcomm', 'arm', 'img-tec'])
    for (const choice of candidates(product('NT', 16_384, 2048, 512), adapter(name)))
      expect(choice.variant).not.toBe('tile128');
});

test('candidates are few, suit the product, and begin with the default', () => {
  for (const facts of vendors)
    for (const network of networks)
      for (const one of productsOf(128, network)) {
        const all = candidates(one, facts);
        expect(all.length).toBeLessThanOrEqual(5);
        expect(all[0]).toEqual(defaultChoice(one, facts));
        for (const { variant } of all) expect(suits(variant, one)).toBe(true);
      }
  expect(candidates(product('NT', 512, 512, 512), adapter('google', { isFallback: true }))).toHaveLength(1);
});

test('tiles waste little of the catalog’s outputs', () => {
  for (const batch of [128, 1024])
    for (const network of networks)
      for (const one of productsOf(batch, network)) {
        if (one.n <= 32 || one.m <= 32) continue;
        const { rows, columns } = outputsOf('tile32', one.n);
        const computed = Math.ceil(one.m / rows) * rows * Math.ceil(one.n / columns) * columns;
        expect(1 - (one.m * one.n) / computed).toBeLessThan(0.05);
        expect(tileCount(one)).toBe(computed / 1024);
      }
});
