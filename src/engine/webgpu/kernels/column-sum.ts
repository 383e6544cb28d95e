// Sums down columns in two passes: chunks of rows, then the chunks in order; one pass where one chunk is enough.
// Bias gradients, and LayerNorm's two parameter gradients at once.
import type { ColumnSum, LayerNormParameters } from '../../../experiment/program/op.ts';
import { binding, declare, entry, type Kernel, range, type Sharing } from '../kernel.ts';
import { columnJoin, columnStart } from './columns.ts';

/** Lanes beside each other on columns, and lines of rows. */
const ACROSS = 32;
const linesOf = (sharing: Sharing): number => (sharing === 'shared' ? 8 : 1);
/** Rows of one chunk. */
const CHUNK_ROWS = 128;

const chunks = (rows: number): number => Math.ceil(rows / CHUNK_ROWS);

/** `sums`: name of each output and its summand at (r, source). Two kernels go through the binding `scratch`. */
function columnSums(
  label: string,
  rows: number,
  columns: number,
  inputs: readonly ReturnType<typeof binding>[],
  sums: readonly { readonly name: string; readonly of: string }[],
  before: string,
  sharing: Sharing,
): readonly Kernel[] {
  const count = chunks(rows);
  const lines = linesOf(sharing);
  const join = columnJoin(ACROSS, lines, sums.length);
  const stride = count * columns;
  const targets =
    count === 1
      ? sums.map(({ name }) => binding(name, 'write', columns))
      : [binding('scratch', 'write', stride * sums.length)];
  const bindings = [...inputs, ...targets];
  const names = sums.map((_, v) => `sum${v}`);
  const stores = names.map((name, v) =>
    count === 1
      ? `${sums[v]?.name}[column] = ${name}_total;\n`
      : `scratch[${v * stride}u + workgroup.y * ${columns}u + column] = ${name}_total;\n`,
  );
  const body = `${columnStart(columns, ACROSS, 5)}let end = min(workgroup.y * ${CHUNK_ROWS}u + ${CHUNK_ROWS}u, ${rows}u);
${names.map((name) => `var ${name} = 0.0;\n`).join('')}for (var r = workgroup.y * ${CHUNK_ROWS}u + line; r < end; r += ${lines}u) {
${before}${sums.map(({ of }, v) => `sum${v} += ${of};\n`).join('')}}
${join.code(names)}if (line == 0u && column < ${columns}u) {
${stores.join('')}}
`;
  const first: Kernel = {
    label: `${label} ${rows}×${columns}`,
    code: declare(bindings) + join.declaration + entry(ACROSS * lines, body),
    lanes: ACROSS * lines,
    grid: [Math.ceil(columns / ACROSS), count, 1],
    memory: join.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: sums.length,
    accesses: [
      {
        memory: 'global input',
        kind: 'load',
        phase: 0,
        width: 1,
        address: `(lane >> 5u) * ${ACROSS}u + (lane & 31u)`,
        steps: 1,
      },
      ...join.accesses,
    ],
  };
  return count === 1
    ? [first]
    : [
        first,
        joinChunks(
          label,
          count,
          columns,
          sums.map(({ name }) => name),
        ),
      ];
}

function joinChunks(label: string, count: number, columns: number, names: readonly string[]): Kernel {
  const stride = count * columns;
  const bindings = [
    binding('scratch', 'read', stride * names.length),
    ...names.map((name) => binding(name, 'write', columns)),
  ];
  const all = range(names.length);
  const body = `let column = workgroup.x * 64u + lane;
if (column < ${columns}u) {
${all.map((v) => `var sum${v} = 0.0;\n`).join('')}for (var chunk = 0u; chunk < ${count}u; chunk++) {
${all.map((v) => `sum${v} += scratch[${v * stride}u + chunk * ${columns}u + column];\n`).join('')}}
${names.map((name, v) => `${name}[column] = sum${v};\n`).join('')}}
`;
  return {
    label: `${label}: join ${count} chunks`,
    code: declare(bindings) + entry(64, body),
    lanes: 64,
    grid: [Math.ceil(columns / 64), 1, 1],
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: names.length,
    accesses: [],
  };
}

/** output[n] = Σₘ input[m, n]. */
export function columnSum(
  { rows, columns }: ColumnSum<unknown>,
  sharing: Sharing = 'shared',
): readonly Kernel[] {
  const inputs = [binding('input', 'read', rows * columns)];
  const of = `input[r * ${columns}u + source]`;
  return columnSums('column-sum', rows, columns, inputs, [{ name: 'output', of }], '', sharing);
}

/** weightGradient = Σ gradient · x̂, biasGradient = Σ gradient. */
export function layerNormParameters(
  { rows, columns }: LayerNormParameters<unknown>,
  sharing: Sharing = 'shared',
): readonly Kernel[] {
  const inputs = [
    binding('gradient', 'read', rows * columns),
    binding('input', 'read', rows * columns),
    binding('mean', 'read', rows),
    binding('rstd', 'read', rows),
  ];
  const before = `let at = r * ${columns}u + source;\nlet g = gradient[at];\n`;
  const sums = [
    { name: 'weightGradient', of: 'g * ((input[at] - mean[r]) * rstd[r])' },
    { name: 'biasGradient', of: 'g' },
  ];
  return columnSums('layer-norm-parameters', rows, columns, inputs, sums, before, sharing);
}
