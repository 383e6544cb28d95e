// How a matrix product reads its operands: guarded or not, in vectors where the rows allow it.
import { type Binding, binding, vectorType } from '../kernel.ts';
import type { Product } from './epilogue.ts';

/** Which dimensions may be passed at the end of a tile. */
export interface Guards {
  readonly m: boolean;
  readonly n: boolean;
  readonly k: boolean;
}

export interface Operand {
  readonly binding: Binding;
  /** Elements along k are neighbours in memory: a vector is four steps of k. Else it is four rows (or columns). */
  readonly isAlongK: boolean;
  /**
   * `load_<name>(e, k)` gives four elements from (e, k): along k or along e; `one_<name>(e, k)` gives one. Zero outside.
   * Sum order is the same whichever form reads it.
   */
  readonly code: string;
}

/** The operand `a` (its e is a row of the output) or `b` (its e is a column). `isSingle`: read one by one, never as vectors. */
export function operand(product: Product, name: 'a' | 'b', guards: Guards, isSingle = false): Operand {
  const { layout, m, n, k } = product;
  const extent = name === 'a' ? m : n;
  const isAlongK = name === 'a' ? layout !== 'TN' : layout === 'NT';
  const [rows, columns] = isAlongK ? [extent, k] : [k, extent];
  const type = isSingle ? 'f32' : vectorType(columns);
  const tests = [(name === 'a' ? guards.m : guards.n) && `e < ${extent}u`, guards.k && `k < ${k}u`].filter(
    Boolean,
  );
  const test = tests.join(' && ');
  const at = isAlongK ? ['e', 'k'] : ['k', 'e'];
  const guard = (value: string, zero: string): string =>
    // No branch: a load past the end is moved inside by the language, and what it gave is not used.
    test ? `  return select(${zero}, ${value}, ${test});\n` : `  return ${value};\n`;
  const pitch = type === 'vec4f' ? columns / 4 : columns;
  // One test of four lanes at once: compilers take far longer over four single ones.
  const along = (size: number): string =>
    `vec4u(${isAlongK ? 'k' : 'e'}) + vec4u(0u, 1u, 2u, 3u) < vec4u(${size}u)`;
  const isAlongGuarded = isAlongK ? guards.k : name === 'a' ? guards.m : guards.n;
  const across = isAlongK
    ? (name === 'a' ? guards.m : guards.n) && `e < ${extent}u`
    : guards.k && `k < ${k}u`;
  let vector = `vec4f(${[0, 1, 2, 3].map((i) => `${name}[first + ${i}u]`).join(', ')})`;
  if (isAlongGuarded) vector = `select(vec4f(0.0), ${vector}, ${along(columns)})`;
  if (across) vector = `select(vec4f(0.0), ${vector}, ${across})`;
  const four = `fn load_${name}(e: u32, k: u32) -> vec4f {
  let first = ${at[0]} * ${pitch}u + ${at[1]};
  return ${vector};
}
`;
  const code =
    type === 'vec4f'
      ? `fn load_${name}(e: u32, k: u32) -> vec4f {
${guard(`${name}[${at[0]} * ${pitch}u + (${at[1]} >> 2u)]`, 'vec4f(0.0)')}}
fn one_${name}(e: u32, k: u32) -> f32 {
${guard(`${name}[${at[0]} * ${pitch}u + (${at[1]} >> 2u)][${at[1]} & 3u]`, '0.0')}}
`
      : `fn one_${name}(e: u32, k: u32) -> f32 {
${guard(`${name}[${at[0]} * ${pitch}u + ${at[1]}]`, '0.0')}}
${four}`;
  return { binding: binding(name, 'read', rows * columns, type), isAlongK, code };
}

/** Guards of a product in tiles of `rows` × `columns` × `depth`; `force` guards everything. */
export function guardsOf(
  { m, n, k }: Product,
  tile: { readonly rows: number; readonly columns: number; readonly depth: number },
  force = false,
): Guards {
  return {
    m: force || m % tile.rows !== 0,
    n: force || n % tile.columns !== 0,
    k: force || k % tile.depth !== 0,
  };
}
