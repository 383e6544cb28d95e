// From columns of numbers to the points of a fit: rows that have no logarithm are named and left out, rows that belong
// together get one configuration.
import { LabError } from '../failure.ts';
import { sha256Hex } from '../hash.ts';
import type { Law, Points } from './law.ts';

/** Columns as they were measured. */
export interface Sample {
  /** One column for each input of the law, in its order. */
  readonly inputs: readonly (readonly number[])[];
  readonly y: readonly number[];
  /** For each row the configuration it belongs to; rows with equal inputs where absent. */
  readonly configuration?: readonly (string | number)[];
}

export interface CheckedPoints {
  readonly points: Points;
  readonly warnings: readonly string[];
}

const MAX_NAMED = 8;

const namesOf = (rows: readonly number[]): string => {
  const named = rows.slice(0, MAX_NAMED).map((row) => row + 1);
  return rows.length > MAX_NAMED
    ? `rows ${named.join(', ')} and ${rows.length - MAX_NAMED} more`
    : `row${rows.length === 1 ? '' : 's'} ${named.join(', ')}`;
};

/** The inputs of one row. */
export const rowOf = (inputs: readonly Float64Array[], row: number): number[] =>
  inputs.map((column) => column[row] as number);

/** The rows of `points` for which `keep` holds, with their configurations numbered anew. */
export function selectRows(points: Points, keep: (row: number) => boolean): Points {
  const rows = [...points.y.keys()].filter(keep);
  return numbered(
    points.inputs.map((column) => Float64Array.from(rows, (row) => column[row] as number)),
    Float64Array.from(rows, (row) => points.y[row] as number),
    rows.map((row) => points.configuration[row] as number),
  );
}

function numbered(
  inputs: readonly Float64Array[],
  y: Float64Array,
  names: readonly (string | number)[],
): Points {
  const numbers = new Map<string | number, number>();
  const configuration = Int32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { inputs, y, configuration, configurations: numbers.size };
}

/**
 * Checks a sample and groups its rows.
 * @throws LabError `dataset-invalid` where columns do not fit the law, or nothing is left
 */
export function pointsOf(law: Pick<Law, 'label' | 'inputs' | 'identity'>, sample: Sample): CheckedPoints {
  const { inputs, y, configuration } = sample;
  if (inputs.length !== law.inputs.length) {
    const names = law.inputs.map(({ name, meaning }) => `${name} (${meaning})`).join(', ');
    throw new LabError(
      'dataset-invalid',
      `${law.label} takes ${law.inputs.length} input column${law.inputs.length === 1 ? '' : 's'}, ${names}; ${inputs.length} given.`,
    );
  }
  for (const column of [...inputs, ...(configuration ? [configuration] : [])]) {
    if (column.length !== y.length) {
      throw new LabError(
        'dataset-invalid',
        `Columns of ${column.length} and ${y.length} rows cannot be one table.`,
      );
    }
  }
  const isUsable = (value: number | undefined): boolean => Number.isFinite(value) && (value as number) > 0;
  const all = [...y.keys()];
  const isKept = all.map((row) => isUsable(y[row]) && inputs.every((column) => isUsable(column[row])));
  const rows = all.filter((row) => isKept[row]);
  const left = all.filter((row) => !isKept[row]);
  if (rows.length === 0) {
    throw new LabError(
      'dataset-invalid',
      all.length === 0
        ? 'There are no rows to fit.'
        : `None of the ${all.length} rows has positive numbers in every column.`,
    );
  }
  const identity = law.identity ?? inputs.map((_, index) => index);
  const names = rows.map(
    (row) => configuration?.[row] ?? identity.map((index) => inputs[index]?.[row]).join(' '),
  );
  const columns = inputs.map((column) => Float64Array.from(rows, (row) => column[row] as number));
  return {
    points: numbered(
      columns,
      Float64Array.from(rows, (row) => y[row] as number),
      names,
    ),
    warnings:
      left.length === 0
        ? []
        : [`Left out ${namesOf(left)}: a value is not positive or not finite, and has no logarithm.`],
  };
}

/** SHA-256 of inputs, y and grouping, as 64 hex digits. */
export function hashOf(points: Points): string {
  const bytes = (array: Float64Array | Int32Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return sha256Hex(...points.inputs.map(bytes), bytes(points.y), bytes(points.configuration));
}

/** Log10 of the largest over the smallest value of a column. */
export function decades(column: Float64Array): number {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of column) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return Math.log10(high / low);
}
