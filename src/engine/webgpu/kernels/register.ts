// Matrix products in registers alone: each lane loads what it multiplies. `reg44` leaves sharing to a GPU's caches;
// the wide forms suit a CPU, with values of a spread over the subgroup where there is one.
import { declare, entry, type Kernel, log2, range } from '../kernel.ts';
import { type Subgroups, subgroupCode } from '../subgroups.ts';
import { emitAll, epilogue, type Product } from './epilogue.ts';
import { guardsOf, operand } from './operand.ts';

export interface RegisterBlock {
  readonly id: string;
  readonly lanesX: number;
  readonly lanesY: number;
  /** Squares of lanes in a workgroup: two across where there are four. */
  readonly patches: 1 | 4;
  /** Outputs of a lane: rows (1, or a multiple of 4) and columns (a multiple of 4). */
  readonly rows: number;
  readonly columns: number;
  /** Each lane of four loads one of four values of a and gives it to the others; needs `lanesY` 1 and one patch. */
  readonly isSpread: boolean;
}

export interface RegisterOptions {
  readonly force?: boolean;
  readonly subgroups?: Subgroups;
}

export const registerTile = ({ lanesX, lanesY, patches, rows, columns }: RegisterBlock) => {
  const side = patches === 4 ? 2 : 1;
  return { rows: lanesY * rows * side, columns: lanesX * columns * side };
};

/** out = epilogue(Σₖ a b), k in steps of four, then the rest. */
export function registerProduct(
  product: Product,
  block: RegisterBlock,
  options: RegisterOptions = {},
): Kernel {
  const { force = false, subgroups = { kind: 'native' } } = options;
  const { lanesX, lanesY, patches, rows, columns, isSpread } = block;
  const { m, n, k, layout } = product;
  const span = registerTile(block);
  const lanes = lanesX * lanesY * patches;
  // The last steps of k stand apart, so no load in the loop asks whether k is inside.
  const guards = { ...guardsOf(product, { ...span, depth: 4 }, force), k: false };
  const whole = k - (k % 4);
  const a = operand(product, 'a', guards, isSpread);
  const b = operand(product, 'b', guards);
  const ending = epilogue(product, guards.m || guards.n);
  const bindings = [a.binding, b.binding, ...ending.bindings];
  const peers = isSpread ? subgroupCode(subgroups, lanes) : null;
  const parts = range(columns / 4);
  const sum = (r: number, c: number): string => `sum${r}_${c}`;

  /** Adds step `u` of four: `value(r)` is a's element as a scalar, `b0`, `b1` … are there. */
  const add = (value: (r: number) => string): string =>
    range(rows)
      .map((r) =>
        peers
          ? `{ let value = vec4f(${value(r)}); ${parts.map((c) => `${sum(r, c)} = fma(value, b${c}, ${sum(r, c)});`).join(' ')} }\n`
          : parts.map((c) => `${sum(r, c)} = fma(vec4f(${value(r)}), b${c}, ${sum(r, c)});\n`).join(''),
      )
      .join('');
  const loadB = (at: string): string =>
    parts.map((c) => `let b${c} = load_b(column0 + ${4 * c}u, ${at});\n`).join('');

  let loop = '';
  if (layout === 'TN') {
    for (const u of range(4)) {
      const at = `(k + ${u}u)`;
      loop += '{\n';
      if (rows === 1) loop += `let a0 = one_a(row0, ${at});\n`;
      else
        for (const r of range(rows / 4))
          loop += peers
            ? `let a${r} = one_a(row0 + ${4 * r}u + (peer & 3u), ${at});\n`
            : `let a${r} = load_a(row0 + ${4 * r}u, ${at});\n`;
      loop += loadB(at);
      loop += add((r) => {
        if (rows === 1) return 'a0';
        return peers ? peers.broadcast(`a${r >> 2}`, r & 3) : `a${r >> 2}[${r & 3}u]`;
      });
      loop += '}\n';
    }
  } else {
    for (const r of range(rows))
      loop += peers
        ? `let a${r} = one_a(row0 + ${r}u, k + (peer & 3u));\n`
        : `let a${r} = load_a(row0 + ${r}u, k);\n`;
    if (layout === 'NT') {
      for (const c of range(columns)) loop += `let line${c} = load_b(column0 + ${c}u, k);\n`;
    }
    for (const u of range(4)) {
      loop += '{\n';
      if (layout === 'NT')
        for (const c of parts)
          loop += `let b${c} = vec4f(${range(4)
            .map((j) => `line${4 * c + j}[${u}u]`)
            .join(', ')});\n`;
      else loop += loadB(`(k + ${u}u)`);
      loop += add((r) => (peers ? peers.broadcast(`a${r}`, u) : `a${r}[${u}u]`));
      loop += '}\n';
    }
  }
  let tail = '';
  for (const step of range(k - whole)) {
    const at = `${whole + step}u`;
    tail += `{\n${range(rows)
      .map((r) => `let a${r} = one_a(row0 + ${r}u, ${at});\n`)
      .join('')}`;
    if (layout === 'NT')
      for (const c of parts)
        tail += `let b${c} = vec4f(${range(4)
          .map((j) => `one_b(column0 + ${4 * c + j}u, ${at})`)
          .join(', ')});\n`;
    else tail += loadB(at);
    tail += `${add((r) => `a${r}`)}}\n`;
  }
  const patch = patches === 4;
  const size = lanesX * lanesY;
  const body = `${peers?.start ?? ''}let tx = lane & ${lanesX - 1}u;
let ty = (lane >> ${log2(lanesX)}u)${patch ? ` & ${lanesY - 1}u` : ''};
let row0 = workgroup.y * ${span.rows}u + ty * ${rows}u${patch ? ` + (lane >> ${log2(size) + 1}u) * ${lanesY * rows}u` : ''};
let column0 = workgroup.x * ${span.columns}u + tx * ${columns}u${patch ? ` + ((lane >> ${log2(size)}u) & 1u) * ${lanesX * columns}u` : ''};
${range(rows)
  .flatMap((r) => parts.map((c) => `var ${sum(r, c)} = vec4f(0.0);\n`))
  .join('')}${whole > 0 ? `for (var k = 0u; k < ${whole}u; k += 4u) {\n${loop}}\n` : ''}${tail}${emitAll(
  range(rows).flatMap((r) =>
    parts.map((c) => ({ row: `row0 + ${r}u`, column: `column0 + ${4 * c}u`, sum: sum(r, c) })),
  ),
)}`;
  return {
    label: `matmul ${block.id} ${layout} ${m}×${n}×${k}`,
    code:
      (peers?.directives ?? '') +
      declare(bindings) +
      (peers?.declarations ?? '') +
      a.code +
      b.code +
      ending.code +
      entry(lanes, body, peers?.parameters),
    lanes,
    grid: [Math.ceil(n / span.columns), Math.ceil(m / span.rows), 1],
    memory: 0,
    bindings,
    needsSubgroups: isSpread,
    accumulators: rows * columns,
    accesses: [],
  };
}
