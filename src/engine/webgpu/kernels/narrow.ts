// Matrix products with few outputs a row: `skinny` gives each lane a row of up to 32 columns, `dot` gives each output a
// workgroup, `row-dot` gives each row a workgroup. Sums over k are joined in one fixed order.
import { type Access, declare, entry, type Kernel, log2, powerOfTwo, range } from '../kernel.ts';
import { emitAll, epilogue, type Product } from './epilogue.ts';
import { guardsOf, operand } from './operand.ts';
import { reduction } from './reduce.ts';

const DEPTH = 16;
const ROWS = 64;

/** n ≤ 32: 64 rows a workgroup, b's tile read by all lanes at once. */
export function skinnyProduct(product: Product, force = false): Kernel {
  const { m, n, k, layout } = product;
  const vectors = powerOfTwo(Math.ceil(n / 4));
  const guards = guardsOf(product, { rows: ROWS, columns: vectors * 4, depth: DEPTH }, force);
  const a = operand(product, 'a', guards);
  const b = operand(product, 'b', guards);
  const tail = epilogue(product, true);
  const bindings = [a.binding, b.binding, ...tail.bindings];
  const parts = range(vectors);
  const pitch = vectors * 4 + 2;
  const accesses: Access[] = [];
  const note = (
    memory: string,
    kind: Access['kind'],
    phase: number,
    width: 1 | 4,
    address: string,
    steps = 1,
  ) => accesses.push({ memory, kind, phase, width, address, steps });

  let fill = '';
  if (a.isAlongK)
    for (const j of range(4)) {
      const q = j === 0 ? 'lane' : `(lane + ${j * ROWS}u)`;
      const address = `(${q} & 252u) + (((${q} & 3u) + (${q} >> 3u)) & 3u)`;
      fill += `tile_a[${address}] = load_a(row0 + (${q} >> 2u), start + ((${q} & 3u) << 2u));\n`;
      note('tile_a', 'store', 0, 4, address);
      note('global a', 'load', 0, 4, `((${q} >> 2u) * 16u + ((${q} & 3u) << 2u)) >> 2u`);
    }
  const tileVectors = DEPTH * vectors;
  for (const j of range(Math.ceil(tileVectors / ROWS))) {
    const q = j === 0 ? 'lane' : `(lane + ${j * ROWS}u)`;
    const when = tileVectors < ROWS ? `lane < ${tileVectors}u` : undefined;
    const open = when ? `if (${when}) {\n` : '';
    const close = when ? '}\n' : '';
    if (b.isAlongK) {
      const stores = range(4).map((c) => `(((${q} & 3u) << 2u) + ${c}u) * ${pitch}u + (${q} >> 2u)`);
      fill += `${open}{ let value = load_b(${q} >> 2u, start + ((${q} & 3u) << 2u));\n${stores
        .map((at, c) => `tile_b[${at}] = value[${c}u];\n`)
        .join('')}}\n${close}`;
      for (const address of stores)
        accesses.push({
          memory: 'tile_b',
          kind: 'store',
          phase: 0,
          width: 1,
          address,
          steps: 1,
          ...(when && { when }),
        });
    } else {
      fill += `${open}tile_b[${q}] = load_b((${q} & ${vectors - 1}u) << 2u, start + (${q} >> ${log2(vectors)}u));\n${close}`;
      accesses.push({
        memory: 'tile_b',
        kind: 'store',
        phase: 0,
        width: 4,
        address: q,
        steps: 1,
        ...(when && { when }),
      });
    }
  }
  const readA = '(lane << 2u) + ((i + (lane >> 1u)) & 3u)';
  if (a.isAlongK) note('tile_a', 'load', 1, 4, readA, 4);
  const multiply = range(4)
    .map((u) => {
      const at = `(i * 4u + ${u}u)`;
      const value = a.isAlongK ? `a0[${u}u]` : `one_a(row0 + lane, start + ${at})`;
      const loads = parts.map((c) =>
        b.isAlongK
          ? `let b${c} = vec4f(${range(4)
              .map((j) => `tile_b[${at} * ${pitch}u + ${4 * c + j}u]`)
              .join(', ')});\n`
          : `let b${c} = tile_b[${at} * ${vectors}u + ${c}u];\n`,
      );
      return `{\nlet value = vec4f(${value});\n${loads.join('')}${parts
        .map((c) => `sum${c} = fma(value, b${c}, sum${c});\n`)
        .join('')}}\n`;
    })
    .join('');
  note('tile_b', 'load', 1, b.isAlongK ? 1 : 4, b.isAlongK ? `i * ${pitch}u` : `i * ${vectors}u`, DEPTH);
  const body = `let row0 = workgroup.y * ${ROWS}u;
${parts.map((c) => `var sum${c} = vec4f(0.0);\n`).join('')}for (var start = 0u; start < ${k}u; start += ${DEPTH}u) {
${fill}workgroupBarrier();
for (var i = 0u; i < 4u; i++) {
${a.isAlongK ? `let a0 = tile_a[${readA}];\n` : ''}${multiply}}
workgroupBarrier();
}
${emitAll(parts.map((c) => ({ row: 'row0 + lane', column: `${4 * c}u`, sum: `sum${c}` })))}`;
  const memoryB = b.isAlongK ? DEPTH * pitch * 4 : tileVectors * 16;
  const tiles = `${a.isAlongK ? `var<workgroup> tile_a: array<vec4f, ${(ROWS * DEPTH) / 4}>;\n` : ''}var<workgroup> tile_b: array<${b.isAlongK ? `f32, ${DEPTH * pitch}` : `vec4f, ${tileVectors}`}>;\n`;
  return {
    label: `matmul skinny ${layout} ${m}×${n}×${k}`,
    code: declare(bindings) + tiles + a.code + b.code + tail.code + entry(ROWS, body),
    lanes: ROWS,
    grid: [1, Math.ceil(m / ROWS), 1],
    memory: (a.isAlongK ? ROWS * DEPTH * 4 : 0) + memoryB,
    bindings,
    needsSubgroups: false,
    accumulators: vectors * 4,
    accesses,
  };
}

/** One output a workgroup of 256 lanes: for m · n ≤ 128. */
export function dotProduct(product: Product): Kernel {
  const { m, n, k, layout } = product;
  const lanes = 256;
  return dealt(product, `matmul dot ${layout} ${m}×${n}×${k}`, lanes, [n, m, 1], 1, 'workgroup.x');
}

/** One row a workgroup of 64 lanes, n ≤ 16. */
export function rowDotProduct(product: Product): Kernel {
  const { m, n, k, layout } = product;
  return dealt(product, `matmul row-dot ${layout} ${m}×${n}×${k}`, 64, [1, m, 1], n, '0u');
}

/** k dealt to lanes one by one, `columns` outputs from `first`, then joined pairwise. */
function dealt(
  product: Product,
  label: string,
  lanes: number,
  grid: readonly [number, number, number],
  columns: number,
  first: string,
): Kernel {
  const { k } = product;
  const guards = { m: false, n: false, k: false };
  const a = operand(product, 'a', guards);
  const b = operand(product, 'b', guards);
  const tail = epilogue(product, false, 'single');
  const bindings = [a.binding, b.binding, ...tail.bindings];
  const all = range(columns);
  const sums = reduction('sums', lanes, lanes, columns);
  const last = Math.max(...sums.accesses.map(({ phase }) => phase));
  const address = `lane * ${sums.pitch}u`;
  const when = `lane < ${columns}u`;
  const result: Access = { memory: 'sums', kind: 'load', phase: last, width: 1, address, steps: 1, when };
  const body = `let row = workgroup.y;
let column0 = ${first};
${all.map((c) => `var sum${c} = 0.0;\n`).join('')}for (var k = lane; k < ${k}u; k += ${lanes}u) {
let value = one_a(row, k);
${all.map((c) => `sum${c} = fma(value, one_b(column0 + ${c}u, k), sum${c});\n`).join('')}}
${sums.code(all.map((c) => `sum${c}`))}if (${when}) { emit_one(row, column0 + lane, sums[${address}]); }
`;
  return {
    label,
    code: declare(bindings) + sums.declaration + a.code + b.code + tail.code + entry(lanes, body),
    lanes,
    grid,
    memory: sums.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: columns,
    accesses: [...sums.accesses.filter(({ phase }) => phase < last), result],
  };
}
