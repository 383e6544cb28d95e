// Proof 2: the addresses that lanes touch, evaluated from the very text that stands in the WGSL. No races between two
// barriers, at most two lanes a bank, and whole sectors of global memory. A software adapter shows none of this.
import { expect, test } from 'vitest';
import type { Access, Kernel } from '../../src/engine/webgpu/kernel.ts';
import { matmul } from '../../src/engine/webgpu/kernels/matmul.ts';
import { suits } from '../../src/engine/webgpu/variants.ts';
import { layouts, otherKernels, product, variants } from './webgpu-cases.ts';

/** WGSL integer text as a function: `+ * & ^ >> <<` mean the same on both sides. */
function evaluator(text: string): (lane: number, i: number) => number {
  expect(text).toMatch(/^[\w\s()+*&^<>=!|-]*$/);
  return new Function('lane', 'i', `return Number(${text.replaceAll(/(\d+)u\b/g, '$1')})`) as (
    lane: number,
    i: number,
  ) => number;
}

const active = ({ when }: Access, lanes: number): readonly number[] => {
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  if (when === undefined) return all;
  const takesPart = evaluator(when);
  return all.filter((lane) => takesPart(lane, 0) !== 0);
};

/** Words that one lane touches at one step. */
function words(
  access: Access,
  address: (lane: number, i: number) => number,
  lane: number,
  i: number,
): number[] {
  const first = address(lane, i) * access.width;
  return Array.from({ length: access.width }, (_, word) => first + word);
}

/** Every word touched in one phase of one memory, with the lanes that wrote and read it. */
function races(kernel: Kernel): string[] {
  const found: string[] = [];
  const local = kernel.accesses.filter(({ memory }) => !memory.startsWith('global'));
  for (const phase of new Set(local.map(({ memory, phase }) => `${memory} ${phase}`))) {
    const writers = new Map<number, number>();
    const readers = new Map<number, Set<number>>();
    for (const access of local) {
      if (`${access.memory} ${access.phase}` !== phase) continue;
      const address = evaluator(access.address);
      for (const lane of active(access, kernel.lanes))
        for (let i = 0; i < access.steps; i++)
          for (const word of words(access, address, lane, i)) {
            if (access.kind === 'load') readers.set(word, (readers.get(word) ?? new Set()).add(lane));
            else if ((writers.get(word) ?? lane) !== lane) found.push(`${phase}: two lanes write ${word}`);
            else writers.set(word, lane);
          }
    }
    for (const [word, lane] of writers)
      for (const reader of readers.get(word) ?? [])
        if (reader !== lane)
          found.push(`${phase}: lane ${reader} reads ${word} while lane ${lane} writes it`);
  }
  return found;
}

/** What is read was written, inside the memory that is declared. */
function gaps(kernel: Kernel): string[] {
  const found: string[] = [];
  for (const [, memory, type, count] of kernel.code.matchAll(/var<workgroup> (\w+): array<(\w+), (\d+)>/g)) {
    const size = Number(count) * (type === 'vec4f' ? 4 : 1);
    const written = new Set<number>();
    const read = new Set<number>();
    for (const access of kernel.accesses.filter((one) => one.memory === memory)) {
      const address = evaluator(access.address);
      for (const lane of active(access, kernel.lanes))
        for (let i = 0; i < access.steps; i++)
          for (const word of words(access, address, lane, i))
            (access.kind === 'load' ? read : written).add(word);
    }
    if (written.size === 0) found.push(`${memory}: no access is known`);
    for (const word of read)
      if (!written.has(word)) found.push(`${memory}: ${word} is read but never written`);
    for (const word of written) if (word >= size || word < 0) found.push(`${memory}: ${word} of ${size}`);
  }
  return found;
}

/** The most words that a bank of 32 gives at once; 16-byte accesses go eight lanes at a time, as hardware takes them. */
function conflicts(access: Access, lanes: number, subgroup: number): number {
  const address = evaluator(access.address);
  const all = active(access, lanes);
  const together = access.width === 4 ? 8 : subgroup;
  let worst = 0;
  for (let i = 0; i < access.steps; i++)
    for (let start = 0; start < all.length; start += together) {
      const banks = new Map<number, Set<number>>();
      for (const lane of all.slice(start, start + together))
        for (const word of words(access, address, lane, i))
          banks.set(word % 32, (banks.get(word % 32) ?? new Set()).add(word));
      for (const { size } of banks.values()) worst = Math.max(worst, size);
    }
  return worst;
}

const products: readonly Kernel[] = variants.flatMap((variant) =>
  layouts.flatMap((layout) => {
    const n = variant === 'skinny' || variant === 'row-dot' ? 16 : 256;
    const one = product(layout, variant === 'dot' ? 1 : 256, n, 256);
    if (!suits(variant, one)) return [];
    const narrow =
      variant === 'skinny' ? [4, 8, 10, 32].map((columns) => product(layout, 256, columns, 256)) : [];
    return [one, ...narrow].flatMap((each) => matmul(each, { variant }));
  }),
);
const kernels = [...products, ...otherKernels(300, 1000), ...otherKernels(128, 10), ...otherKernels(5, 4096)];

/** The same text again proves nothing new. */
const distinct = [
  ...new Map(kernels.map((kernel) => [JSON.stringify(kernel.accesses) + kernel.lanes, kernel])).values(),
];

/** The WGSL with the names of lanes and steps written out, as addresses have them. */
function writtenOut(code: string): string {
  let flat = code.replaceAll(/\s/g, '');
  for (const name of ['tx', 'ty', 'member', 'group']) {
    const meaning = new RegExp(`let${name}=([^;]*);`).exec(flat)?.[1];
    if (meaning === undefined) continue;
    const text = meaning.startsWith('(') ? meaning : `(${meaning})`;
    flat = flat.replaceAll(new RegExp(`(?<![a-z_])${name}(?![a-z_0-9=])`, 'g'), text);
  }
  return flat.replaceAll(/\((?:k|i\*4u)\+\du\)/g, 'i');
}

test('every address stands in the WGSL as it is evaluated here', () => {
  let count = 0;
  for (const { code, accesses, label } of products) {
    const flat = writtenOut(code);
    for (const { address, memory, kind } of accesses) {
      if (memory.startsWith('global')) continue;
      expect(
        flat.includes(`${memory}[${address.replaceAll(/\s/g, '')}`),
        `${label} ${kind} ${memory}[${address}]`,
      ).toBe(true);
      count++;
    }
  }
  expect(count).toBeGreaterThan(300);
});

test('no lane touches what another lane writes, between two barriers', { timeout: 60_000 }, () => {
  expect(distinct.length).toBeGreaterThan(30);
  for (const kernel of distinct) expect(races(kernel).slice(0, 3), kernel.label).toEqual([]);
});

test('workgroup memory is written before it is read, and never past its end', { timeout: 60_000 }, () => {
  for (const kernel of distinct) expect(gaps(kernel).slice(0, 3), kernel.label).toEqual([]);
});

test('at most two lanes meet in a bank, in subgroups of 16, 32 and 64', { timeout: 60_000 }, () => {
  for (const kernel of distinct)
    for (const access of kernel.accesses) {
      if (access.memory.startsWith('global')) continue;
      for (const subgroup of [16, 32, 64])
        expect(
          conflicts(access, kernel.lanes, subgroup),
          `${kernel.label} ${access.kind} ${access.memory}[${access.address}] at ${subgroup}`,
        ).toBeLessThanOrEqual(2);
    }
});

test('tiles are fetched in whole sectors of 32 bytes, each lane 16 bytes', () => {
  let count = 0;
  for (const { accesses, label, lanes } of products)
    for (const access of accesses) {
      if (!access.memory.startsWith('global')) continue;
      expect(access.width, label).toBe(4);
      const address = evaluator(access.address);
      for (let start = 0; start < lanes; start += 16) {
        const sectors = new Set<number>();
        const touched = new Set<number>();
        for (let lane = start; lane < start + 16; lane++)
          for (const word of words(access, address, lane, 0)) {
            touched.add(word);
            sectors.add(word >> 3);
          }
        expect(touched.size, `${label} ${access.memory}[${access.address}]`).toBe(sectors.size * 8);
      }
      count++;
    }
  expect(count).toBeGreaterThan(20);
});

test('the proof sees a race and a conflict', () => {
  const one = products[0] as Kernel;
  const store = one.accesses.find(({ memory, kind }) => memory === 'tile_a' && kind === 'store') as Access;
  expect(races({ ...one, accesses: [{ ...store, address: 'lane >> 1u' }] })).not.toEqual([]);
  expect(conflicts({ ...store, width: 1, address: 'lane * 32u' }, 64, 32)).toBe(32);
  // The tile without padding: what the padding is for.
  expect(conflicts({ ...store, width: 1, address: '((lane & 7u) << 2u) * 32u + (lane >> 3u)' }, 64, 32)).toBe(
    8,
  );
});
