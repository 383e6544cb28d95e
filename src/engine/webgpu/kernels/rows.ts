// Kernels that handle whole rows: how lanes share a row, and loops over a row that keep it in registers where it fits.
import { folded, powerOfTwo, range, type Sharing, vectorType } from '../kernel.ts';

export interface RowShape {
  readonly type: 'vec4f' | 'f32';
  /** Vectors (or floats) a row. */
  readonly units: number;
  readonly lanes: number;
  /** Lanes a row, and rows a workgroup. */
  readonly size: number;
  readonly rows: number;
  /** Units a lane. */
  readonly each: number;
}

/** 64 lanes, 256 for 1024 columns and more; several rows a workgroup where a row has less than 64 units. Alone: a lane a row. */
export function rowShape(columns: number, sharing: Sharing): RowShape {
  const type = vectorType(columns);
  const units = type === 'vec4f' ? columns / 4 : columns;
  const size = columns >= 1024 ? 256 : Math.min(64, powerOfTwo(units));
  if (sharing === 'alone') return { type, units, lanes: 16, size: 1, rows: 16, each: units };
  const lanes = Math.max(64, size);
  return { type, units, lanes, size, rows: lanes / size, each: Math.ceil(units / size) };
}

/** Workgroups for `count` rows. */
const rowGrid = (rows: number, count: number) => folded(Math.ceil(count / rows));

export const gridOf = ({ rows }: RowShape, count: number) => rowGrid(rows, count);

/** Starts a row kernel: `row`, `unit` (the lane's first), `base`; rows past the end repeat the last one. */
export const rowStart = ({ units, size, rows }: RowShape, count: number): string =>
  `let row = (workgroup.y * ${rowGrid(rows, count)[0]}u + workgroup.x) * ${rows}u + lane / ${size}u;
let source = min(row, ${count - 1}u);
let unit = lane & ${size - 1}u;
let base = source * ${units}u;
`;

/** The largest number of units that stay in registers. */
const KEPT = 16;

/** `names` in registers `<name>0`, `<name>1` …, made by `load(name, at)`; the empty text where the row is too long. */
export function keep(shape: RowShape, loads: Readonly<Record<string, (at: string) => string>>): string {
  const { each, size, units, type } = shape;
  if (each > KEPT) return '';
  return range(each)
    .map((i) => {
      const at = i === 0 ? 'unit' : `unit + ${i * size}u`;
      const isPartial = (i + 1) * size > units;
      return Object.entries(loads)
        .map(([name, load]) =>
          isPartial
            ? `var ${name}${i} = ${type}(0.0);\nif (${at} < ${units}u) { ${name}${i} = ${load(at)}; }\n`
            : `let ${name}${i} = ${load(at)};\n`,
        )
        .join('');
    })
    .join('');
}

/** Runs `body(value, at)` for each unit of the lane, in order; `value(name)` is what `keep` loaded. */
export function each(
  shape: RowShape,
  loads: Readonly<Record<string, (at: string) => string>>,
  body: (value: (name: string) => string, at: string) => string,
): string {
  const { each: count, size, units } = shape;
  if (count <= KEPT)
    return range(count)
      .map((i) => {
        const at = i === 0 ? 'unit' : `unit + ${i * size}u`;
        const text = body((name) => `${name}${i}`, at);
        return (i + 1) * size > units ? `if (${at} < ${units}u) {\n${text}}\n` : `{\n${text}}\n`;
      })
      .join('');
  const made = Object.entries(loads)
    .map(([name, load]) => `let ${name} = ${load('at')};\n`)
    .join('');
  return `for (var at = unit; at < ${units}u; at += ${size}u) {\n${made}${body((name) => name, 'at')}}\n`;
}

/** The sum of a vector's elements, in order. */
export const horizontal = (type: 'vec4f' | 'f32', value: string): string =>
  type === 'f32' ? value : `((${value}.x + ${value}.y) + (${value}.z + ${value}.w))`;
