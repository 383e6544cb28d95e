// How tiles of a and b come into workgroup memory and out again: where each lane's vectors lie, as text that both WGSL
// and the tests evaluate. Banks are 32 words wide; the padding keeps transposing stores off one another's banks.
import { type Access, log2, range } from '../kernel.ts';
import type { Operand } from './operand.ts';

export interface TileShape {
  /** Rows of a's tile or columns of b's: a power of two, as is the depth. */
  readonly extent: number;
  readonly depth: number;
  /** Lanes that load it together. */
  readonly lanes: number;
  /** Outputs of one lane along this extent: 2, 4 or 8 (two vectors half a tile apart). */
  readonly each: number;
  /** Tiles beside each other in memory, one a group of lanes. */
  readonly groups: number;
}

export interface Tile {
  readonly name: 'a' | 'b';
  /** Declaration in workgroup memory, and its bytes. */
  readonly code: string;
  readonly bytes: number;
  /** A vector of four along k is stored as four scalars, four rows of k apart. */
  readonly isTransposing: boolean;
  /** Prefetches the tile that starts at `k` into registers; `declares` makes the registers. */
  readonly fetch: (k: string, declares: boolean) => string;
  readonly store: string;
  /** Declares `a0`, `a1` … of step `k` of the inner loop: what a lane multiplies. */
  readonly read: (k: string) => string;
  readonly accesses: readonly Access[];
}

/** `base`: the first row or column of the workgroup; `across`: the lane's place along the extent (`ty` or `tx`). */
export function tile(
  operand: Operand,
  name: 'a' | 'b',
  shape: TileShape,
  base: string,
  across: string,
  acrossText: string,
): Tile {
  const { extent, depth, lanes, each, groups } = shape;
  const { isAlongK } = operand;
  const vectors = (extent * depth) / 4;
  const loads = vectors / lanes;
  const memory = `tile_${name}`;
  const shift = groups > 1 ? 'member' : 'lane';
  const pitch = isAlongK ? extent + 32 / depth : extent;
  const words = pitch * depth;
  const group = (units: number): string => (groups > 1 ? ` + group * ${units}u` : '');

  const place = (j: number): { e: string; k: string; stores: readonly string[]; global: string } => {
    const q = j === 0 ? shift : `(${shift} + ${j * lanes}u)`;
    if (isAlongK) {
      const bits = log2(depth / 4);
      const e = `(${q} >> ${bits}u)`;
      const k = `((${q} & ${depth / 4 - 1}u) << 2u)`;
      const stores = range(4).map((c) => `(${k} + ${c}u) * ${pitch}u + ${e}${group(words)}`);
      return { e, k, stores, global: `(${e} * ${depth}u + ${k}) >> 2u` };
    }
    const bits = log2(extent / 4);
    const e = `((${q} & ${extent / 4 - 1}u) << 2u)`;
    const k = `(${q} >> ${bits}u)`;
    return { e, k, stores: [`${q}${group(words / 4)}`], global: `(${k} * ${extent}u + ${e}) >> 2u` };
  };
  const fetch = (k: string, declares: boolean): string =>
    range(loads)
      .map((j) => {
        const at = place(j);
        return `${declares ? 'var ' : ''}next_${name}${j} = load_${name}(${base} + ${at.e}, ${k} + ${at.k});\n`;
      })
      .join('');
  const store = range(loads)
    .map((j) => {
      const { stores } = place(j);
      return isAlongK
        ? stores.map((at, c) => `${memory}[${at}] = next_${name}${j}[${c}u];\n`).join('')
        : `${memory}[${stores[0]}] = next_${name}${j};\n`;
    })
    .join('');

  const step = Math.min(each, 4);
  const parts = range(Math.max(1, each / 4));
  const offset = (part: number): string => (part === 0 ? '' : ` + ${extent / 2}u`);
  const word = (k: string, part: number, place: string): string =>
    `${k} * ${pitch}u + ${place} * ${step}u${offset(part)}${group(words)}`;
  const vector = (k: string, part: number, place: string): string =>
    step === 4
      ? `${k} * ${pitch / 4}u + ${place}${part === 0 ? '' : ` + ${extent / 8}u`}${group(words / 4)}`
      : `${k} * ${pitch / 4}u + (${place} >> 1u)${group(words / 4)}`;
  const read = (k: string): string =>
    parts
      .map((part) => {
        if (isAlongK) {
          const values = range(step).map((c) => `${memory}[${word(k, part, across)} + ${c}u]`);
          return `let ${name}${part} = vec${step}f(${values.join(', ')});\n`;
        }
        const value = `${memory}[${vector(k, part, across)}]`;
        if (step === 4) return `let ${name}${part} = ${value};\n`;
        return `let both = ${value};\nlet ${name}${part} = select(both.xy, both.zw, (${across} & 1u) == 1u);\n`;
      })
      .join('');

  const flat = (text: string): string =>
    text.replaceAll('member', `(lane & ${lanes - 1}u)`).replaceAll('group', `(lane >> ${log2(lanes)}u)`);
  const access = (
    kind: 'load' | 'store',
    phase: number,
    width: 1 | 4,
    address: string,
    steps = 1,
  ): Access => ({
    memory,
    kind,
    phase,
    width,
    address: flat(address),
    steps,
  });
  const accesses: Access[] = [];
  for (const j of range(loads)) {
    const { stores, global } = place(j);
    accesses.push({ ...access('load', 0, 4, global), memory: `global ${name}` });
    for (const at of stores) accesses.push(access('store', 0, isAlongK ? 1 : 4, at));
  }
  for (const part of parts) {
    if (isAlongK)
      for (const c of range(step))
        accesses.push(access('load', 1, 1, `${word('i', part, acrossText)} + ${c}u`, depth));
    else accesses.push(access('load', 1, 4, vector('i', part, acrossText), depth));
  }
  const size = isAlongK ? words * groups : (words * groups) / 4;
  return {
    name,
    code: `var<workgroup> ${memory}: array<${isAlongK ? 'f32' : 'vec4f'}, ${size}>;\n`,
    bytes: words * groups * 4,
    isTransposing: isAlongK,
    fetch,
    store,
    read,
    accesses,
  };
}
