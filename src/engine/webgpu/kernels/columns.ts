// Kernels that sum down columns: lanes of a workgroup lie side by side on columns and in a few lines of rows, whose
// sums are joined in order.
import { type Access, range } from '../kernel.ts';

export interface ColumnJoin {
  readonly declaration: string;
  /** Gives `<name>_total` for each value, in every lane; barriers included, before and after. */
  readonly code: (values: readonly string[]) => string;
  readonly accesses: readonly Access[];
  readonly bytes: number;
}

/** `lines` lanes for each of `columns` (a power of two) columns; lane = line · columns + column. */
export function columnJoin(columns: number, lines: number, count: number): ColumnJoin {
  if (lines === 1)
    return {
      declaration: '',
      code: (values) => values.map((value) => `let ${value}_total = ${value};\n`).join(''),
      accesses: [],
      bytes: 0,
    };
  const lanes = columns * lines;
  const at = (v: number): string => (v === 0 ? 'lane' : `lane + ${v * lanes}u`);
  const from = (v: number, line: number): string =>
    `(lane & ${columns - 1}u) + ${v * lanes + line * columns}u`;
  const accesses: Access[] = [];
  for (const v of range(count)) {
    const shared = { memory: 'lines', width: 1, steps: 1 } as const;
    accesses.push({ ...shared, kind: 'store', phase: 0, address: at(v) });
    for (const line of range(lines))
      accesses.push({ ...shared, kind: 'load', phase: 1, address: from(v, line) });
  }
  return {
    declaration: `var<workgroup> lines: array<f32, ${lanes * count}>;\n`,
    code: (values) =>
      `${values.map((value, v) => `lines[${at(v)}] = ${value};\n`).join('')}workgroupBarrier();
${values
  .map(
    (value, v) =>
      `var ${value}_total = lines[${from(v, 0)}];\n${range(lines)
        .slice(1)
        .map((line) => `${value}_total += lines[${from(v, line)}];\n`)
        .join('')}`,
  )
  .join('')}workgroupBarrier();
`,
    accesses,
    bytes: lanes * count * 4,
  };
}

/** Starts a column kernel: `column`, `line`, and `source`, which repeats the last column past the end. */
export const columnStart = (columns: number, across: number, shift: number): string =>
  `let column = workgroup.x * ${across}u + (lane & ${across - 1}u);
let line = lane >> ${shift}u;
let source = min(column, ${columns - 1}u);
`;
