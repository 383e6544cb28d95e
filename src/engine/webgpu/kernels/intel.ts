// Matrix product y = x w for subgroups of 8 to 32 lanes (Intel): b through workgroup memory, a's values spread over the
// subgroup. Lanes whose subgroup is of another size, or holds two rows of lanes, load a themselves.
import { type Access, declare, entry, type Kernel, range } from '../kernel.ts';
import { type Subgroups, subgroupCode } from '../subgroups.ts';
import { emitAll, epilogue, type Product } from './epilogue.ts';
import { guardsOf, operand } from './operand.ts';

const LANES_X = 32;
const LANES_Y = 8;
const DEPTH = 32;
const COLUMNS = 4 * LANES_X;

/** `rows` a lane: 8, or 4 on parts with fewer registers. NN only. */
export function intelProduct(
  product: Product,
  options: { readonly force?: boolean; readonly subgroups?: Subgroups; readonly rows?: 4 | 8 } = {},
): Kernel {
  const { force = false, subgroups = { kind: 'native' }, rows = 8 } = options;
  const { m, n, k } = product;
  const span = { rows: LANES_Y * rows, columns: COLUMNS, depth: DEPTH };
  const lanes = LANES_X * LANES_Y;
  const guards = guardsOf(product, span, force);
  // Past the end of k b's tile holds zeros, so a may repeat its last value there: no test in the loop.
  const a = operand(product, 'a', { ...guards, k: false }, true);
  const within = (at: string): string => (guards.k ? `min(${at}, ${k - 1}u)` : at);
  const b = operand(product, 'b', guards);
  const tail = epilogue(product, guards.m || guards.n);
  const bindings = [a.binding, b.binding, ...tail.bindings];
  const peers = subgroupCode(subgroups, lanes);
  const loads = (COLUMNS * DEPTH) / 4 / lanes;
  const add = (value: (r: number) => string, u: number): string =>
    `{\nlet b0 = tile_b[(k + ${u}u) * ${LANES_X}u + tx];\n${range(rows)
      .map((r) => `sum${r} = fma(vec4f(${value(r)}), b0, sum${r});\n`)
      .join('')}}\n`;
  const spread = range(8)
    .map((u) => add((r) => peers.broadcast(`a${r}`, u), u))
    .join('');
  const alone = add((r) => `one_a(row0 + ${r}u, ${within('start + k')})`, 0);
  const store = (j: number): string => (j === 0 ? 'lane' : `lane + ${j * lanes}u`);
  const isSpread =
    subgroups.kind === 'native'
      ? `${peers.isSame('ty')} && peers >= 8u`
      : `${subgroups.size >= 8 && subgroups.size <= LANES_X}`;
  const body = `${peers.start}let tx = lane & ${LANES_X - 1}u;
let ty = lane >> 5u;
let row0 = workgroup.y * ${span.rows}u + ty * ${rows}u;
let column0 = workgroup.x * ${COLUMNS}u;
${subgroups.kind === 'native' ? 'let' : 'const'} spreads = ${isSpread};
${range(rows)
  .map((r) => `var sum${r} = vec4f(0.0);\n`)
  .join('')}for (var start = 0u; start < ${k}u; start += ${DEPTH}u) {
${range(loads)
  .map((j) => {
    const q = `(${store(j)})`;
    return `tile_b[${store(j)}] = load_b(column0 + ((${q} & 31u) << 2u), start + (${q} >> 5u));\n`;
  })
  .join('')}workgroupBarrier();
if (spreads) {
for (var k = 0u; k < ${DEPTH}u; k += 8u) {
${range(rows)
  .map((r) => `let a${r} = one_a(row0 + ${r}u, ${within('start + k + (peer & 7u)')});\n`)
  .join('')}${spread}}
} else {
for (var k = 0u; k < ${DEPTH}u; k++) {
${alone}}
}
workgroupBarrier();
}
${emitAll(range(rows).map((r) => ({ row: `row0 + ${r}u`, column: 'column0 + tx * 4u', sum: `sum${r}` })))}`;
  const stores = range(loads).map(
    (j): Access => ({ memory: 'tile_b', kind: 'store', phase: 0, width: 4, address: store(j), steps: 1 }),
  );
  const fetches = stores.map((one, j): Access => {
    const q = `(${store(j)})`;
    const address = `(((${q} >> 5u) * ${COLUMNS}u) + ((${q} & 31u) << 2u)) >> 2u`;
    return { ...one, memory: 'global b', kind: 'load', address };
  });
  const read: Access = {
    memory: 'tile_b',
    kind: 'load',
    phase: 1,
    width: 4,
    address: 'i * 32u + (lane & 31u)',
    steps: DEPTH,
  };
  return {
    label: `matmul intel NN ${m}×${n}×${k}`,
    code:
      peers.directives +
      declare(bindings) +
      `var<workgroup> tile_b: array<vec4f, ${(COLUMNS * DEPTH) / 4}>;\n` +
      peers.declarations +
      a.code +
      b.code +
      tail.code +
      entry(lanes, body, peers.parameters),
    lanes,
    grid: [Math.ceil(n / COLUMNS), Math.ceil(m / span.rows), 1],
    memory: COLUMNS * DEPTH * 4,
    bindings,
    needsSubgroups: true,
    accumulators: rows * 4,
    accesses: [...fetches, ...stores, read],
  };
}
