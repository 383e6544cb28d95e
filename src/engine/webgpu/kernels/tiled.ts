// Matrix products through tiles in workgroup memory: each tile is fetched into registers while the one before it is
// multiplied. One form covers 32, 64 and 128 wide tiles, k dealt to groups of lanes, and slices of k.
import { type Access, binding, declare, entry, type Kernel, log2, range } from '../kernel.ts';
import { emitAll, epilogue, type Product, plain } from './epilogue.ts';
import { guardsOf, operand } from './operand.ts';
import { tile } from './tile.ts';

export interface Tiling {
  readonly id: string;
  /** Lanes of a group across columns and down rows. */
  readonly lanesX: number;
  readonly lanesY: number;
  /** Outputs of a lane down (2, 4, 8) and across (4, 8). */
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Groups of lanes, each with every `groups`-th tile of k; sums are joined in the order of the groups. */
  readonly groups: number;
}

export interface TiledOptions {
  /** Test every bound, whether or not the tiles fit. */
  readonly force?: boolean;
  /** Slices of k. More than one stores plain sums to [slices, m, n]; `joinSlices` adds them. */
  readonly slices?: number;
}

export const outputTile = ({ lanesX, lanesY, rows, columns }: Tiling) => ({
  rows: lanesY * rows,
  columns: lanesX * columns,
});

/** Steps of k in each slice: a whole number of rounds of tiles. */
function sliceLength(k: number, { depth, groups }: Tiling, slices: number): number {
  return Math.max(1, Math.ceil(k / slices / (depth * groups))) * depth * groups;
}

/** out = epilogue(Σₖ a b), or the plain sums of each slice of k. */
export function tiledProduct(product: Product, tiling: Tiling, options: TiledOptions = {}): Kernel {
  const { force = false, slices = 1 } = options;
  const { lanesX, lanesY, rows, columns, depth, groups } = tiling;
  const { m, n, k } = product;
  const span = outputTile(tiling);
  const group = lanesX * lanesY;
  const lanes = group * groups;
  const length = sliceLength(k, tiling, slices);
  const guards = guardsOf(product, { ...span, depth }, force);
  const needsK = guards.k || length * slices !== k;
  const a = operand(product, 'a', { ...guards, k: needsK });
  const b = operand(product, 'b', { ...guards, k: needsK });
  const tail = epilogue(slices > 1 ? plain(product) : product, guards.m || guards.n);
  const bindings = [a.binding, b.binding, ...tail.bindings].map((one) =>
    one.name === 'output' && slices > 1 ? { ...one, name: 'scratch', elements: m * n * slices } : one,
  );

  const member = groups > 1 ? `(lane & ${group - 1}u)` : 'lane';
  const xText = `(${member} & ${lanesX - 1}u)`;
  const yText = `(${member} >> ${log2(lanesX)}u)`;
  const shared = { depth, lanes: group, groups };
  const tileA = tile(a, 'a', { ...shared, extent: span.rows, each: rows }, 'row0', 'ty', yText);
  const tileB = tile(b, 'b', { ...shared, extent: span.columns, each: columns }, 'column0', 'tx', xText);

  const parts = range(columns / 4);
  const sum = (r: number, c: number): string => `sum${r}_${c}`;
  const multiply = range(4)
    .map((u) => {
      const at = `(k + ${u}u)`;
      const products = range(rows).flatMap((r) => {
        const value = rows === 2 ? `a0[${r}u]` : `a${r >> 2}[${r & 3}u]`;
        return parts.map((c) => `${sum(r, c)} = fma(vec4f(${value}), b${c}, ${sum(r, c)});\n`);
      });
      return `{\n${tileA.read(at)}${tileB.read(at)}${products.join('')}}\n`;
    })
    .join('');
  const rounds = length / (depth * groups);
  const first = `${slices > 1 ? `workgroup.z * ${length}u` : '0u'}${groups > 1 ? ` + group * ${depth}u` : ''}`;
  const next = `begin + (round + 1u) * ${depth * groups}u`;
  const rowOf = (r: number): string =>
    rows === 8 ? `row0 + ty * 4u + ${(r & 3) + (r >> 2) * (span.rows / 2)}u` : `row0 + ty * ${rows}u + ${r}u`;
  const columnOf = (c: number): string => `column0 + tx * 4u + ${c * (span.columns / 2)}u`;
  const joined = groups > 1 ? joinGroups(tileB.isTransposing, rows, columns, group, groups) : null;
  const emits = emitAll(
    range(rows).flatMap((r) => parts.map((c) => ({ row: rowOf(r), column: columnOf(c), sum: sum(r, c) }))),
  );
  const store = slices > 1 ? tail.code.replaceAll('output[at', `scratch[slice + at`) : tail.code;
  const isVector = n % 4 === 0;

  const body = `${groups > 1 ? `let member = lane & ${group - 1}u;\nlet group = lane >> ${log2(group)}u;\n` : ''}let tx = ${xText};
let ty = ${yText};
let row0 = workgroup.y * ${span.rows}u;
let column0 = workgroup.x * ${span.columns}u;
let begin = ${first};
${slices > 1 ? `slice = workgroup.z * ${isVector ? (m * n) / 4 : m * n}u;\n` : ''}${range(rows)
  .flatMap((r) => parts.map((c) => `var ${sum(r, c)} = vec4f(0.0);\n`))
  .join(
    '',
  )}${tileA.fetch('begin', true)}${tileB.fetch('begin', true)}for (var round = 0u; round < ${rounds}u; round++) {
${tileA.store}${tileB.store}workgroupBarrier();
if (round + 1u < ${rounds}u) {
let ahead = ${next};
${tileA.fetch('ahead', false)}${tileB.fetch('ahead', false)}}
for (var k = 0u; k < ${depth}u; k += 4u) {
${multiply}}
workgroupBarrier();
}
${joined?.code ?? ''}${groups > 1 ? `if (group == 0u) {\n${emits}}\n` : emits}`;
  const slice = slices > 1 ? 'var<private> slice: u32;\n' : '';
  return {
    label: `matmul ${tiling.id} ${product.layout} ${m}×${n}×${k}${slices > 1 ? ` in ${slices}` : ''}`,
    code: declare(bindings) + slice + tileA.code + tileB.code + a.code + b.code + store + entry(lanes, body),
    lanes,
    grid: [Math.ceil(n / span.columns), Math.ceil(m / span.rows), slices],
    memory: tileA.bytes + tileB.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: rows * columns,
    accesses: [...tileA.accesses, ...tileB.accesses, ...(joined?.accesses ?? [])],
  };
}

/** Adds the sums of groups 1, 2 … to group 0's through the memory of b's tiles, which is free by then. */
function joinGroups(isScalar: boolean, rows: number, columns: number, group: number, groups: number) {
  const accesses: Access[] = [];
  const vectors = range(rows).flatMap((r) => range(columns / 4).map((c) => `sum${r}_${c}`));
  let code = '';
  let phase = 2;
  for (const source of range(groups).slice(1)) {
    const save = vectors.map((name, j) =>
      store(isScalar, `member + ${j * group}u`, name, group * vectors.length),
    );
    const add = vectors.map(
      (name, j) => `${name} += ${fetch(isScalar, `member + ${j * group}u`, group * vectors.length)};\n`,
    );
    code += `if (group == ${source}u) {\n${save.join('')}}\nworkgroupBarrier();\nif (group == 0u) {\n${add.join('')}}\nworkgroupBarrier();\n`;
    for (const j of vectors.keys()) {
      const at = `(lane & ${group - 1}u) + ${j * group}u`;
      const width = isScalar ? 1 : 4;
      for (const c of isScalar ? range(4) : [0]) {
        const address = c === 0 ? at : `${at} + ${c * group * vectors.length}u`;
        const shared = { memory: 'tile_b', width, address, steps: 1 } as const;
        accesses.push({ ...shared, kind: 'store', phase, when: `(lane >> ${log2(group)}u) == ${source}u` });
        accesses.push({ ...shared, kind: 'load', phase: phase + 1, when: `(lane >> ${log2(group)}u) == 0u` });
      }
    }
    phase += 2;
  }
  return { code, accesses };
}

const store = (isScalar: boolean, at: string, value: string, pitch: number): string =>
  isScalar
    ? range(4)
        .map((c) => `tile_b[${at} + ${c * pitch}u] = ${value}[${c}u];\n`)
        .join('')
    : `tile_b[${at}] = ${value};\n`;

const fetch = (isScalar: boolean, at: string, pitch: number): string =>
  isScalar
    ? `vec4f(${range(4)
        .map((c) => `tile_b[${at} + ${c * pitch}u]`)
        .join(', ')})`
    : `tile_b[${at}]`;

/** Second pass of a product in slices: adds them in order and finishes each sum. `scratch` is [slices, m, n]. */
export function joinSlices(product: Product, slices: number): Kernel {
  const { m, n } = product;
  const tail = epilogue(product, true);
  const isVector = n % 4 === 0;
  const across = Math.ceil(n / 4);
  const elements = m * n;
  const source = binding('scratch', 'read', elements * slices, isVector ? 'vec4f' : 'f32');
  const groups = Math.ceil((m * across) / 64);
  const x = Math.min(groups, 32_768);
  const at = (z: string): string =>
    isVector
      ? `scratch[${z} * ${elements / 4}u + row * ${n / 4}u + (column >> 2u)]`
      : `vec4f(${range(4)
          .map(
            (c) =>
              `scratch[min(${z} * ${elements}u + row * ${n}u + column + ${c}u, ${elements * slices - 1}u)]`,
          )
          .join(', ')})`;
  const body = `let index = (workgroup.y * ${x}u + workgroup.x) * 64u + lane;
let row = index / ${across}u;
let column = (index % ${across}u) * 4u;
if (row < ${m}u) {
var sum = ${at('0u')};
for (var z = 1u; z < ${slices}u; z++) { sum += ${at('z')}; }
emit(row, column, sum);
}
`;
  const bindings = [source, ...tail.bindings];
  return {
    label: `join ${slices} slices ${m}×${n}`,
    code: declare(bindings) + tail.code + entry(64, body),
    lanes: 64,
    grid: [x, Math.ceil(groups / x), 1],
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}
