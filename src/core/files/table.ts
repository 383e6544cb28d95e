// A table of text read from CSV, TSV or JSON lines, and columns of numbers taken from it by name. Every complaint names
// the file, the row (and its line) and the column.
import { csvParseRows, tsvParseRows } from 'd3-dsv';
import { LabError } from '../failure.ts';

export type Cell = string | number | boolean | null;

export interface Table {
  /** What the table was read from, for messages. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    /** Where the row stands in its source, for messages: "row 3 (line 4)". */
    readonly place: string;
    readonly cells: Readonly<Record<string, Cell>>;
  }[];
}

const invalid = (message: string): LabError => new LabError('dataset-invalid', message);

const placeOf = (row: number, line: number): string => `row ${row} (line ${line})`;

/**
 * Reads comma- or tab-separated text with a header. Blank lines are passed over.
 * @throws LabError `dataset-invalid` where there is no header, no row, a column twice, or a row of another length
 */
export function parseSeparated(name: string, text: string, separator: 'comma' | 'tab' = 'comma'): Table {
  const parse = separator === 'comma' ? csvParseRows : tsvParseRows;
  const lines = parse(text.replace(/^\uFEFF/, ''));
  const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');
  const first = lines.findIndex((cells) => !isBlank(cells));
  if (first < 0) throw invalid(`${name} is empty: it needs a header line with the names of its columns.`);
  const columns = (lines[first] as string[]).map((cell) => cell.trim());
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw invalid(`${name} has two columns "${twice}": rename one.`);
  const rows: Table['rows'][number][] = [];
  for (const [index, cells] of lines.entries()) {
    if (index <= first || isBlank(cells)) continue;
    const place = placeOf(rows.length + 1, index + 1);
    if (cells.length !== columns.length) {
      throw invalid(`${name}, ${place}: ${cells.length} cells under ${columns.length} column names.`);
    }
    rows.push({ place, cells: Object.fromEntries(columns.map((column, k) => [column, cells[k] as string])) });
  }
  if (rows.length === 0) throw invalid(`${name} has a header and no rows.`);
  return { name, columns, rows };
}

const isCell = (value: unknown): value is Cell =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/**
 * Reads one JSON object a line; nested values are passed over, and a row may lack columns that others have.
 * @throws LabError `dataset-invalid` where a line is no JSON object, or there is none
 */
export function parseJsonLines(name: string, text: string): Table {
  const rows: Table['rows'][number][] = [];
  const columns = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = placeOf(rows.length + 1, index + 1);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw invalid(`${name}, ${place}: not JSON. Each line must be one object, such as {"x": 1, "y": 2}.`);
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw invalid(`${name}, ${place}: must be one object, such as {"x": 1, "y": 2}.`);
    }
    const cells = Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, Cell] => isCell(entry[1])),
    );
    for (const column of Object.keys(cells)) columns.add(column);
    rows.push({ place, cells });
  }
  if (rows.length === 0) throw invalid(`${name} is empty: it needs one JSON object a line.`);
  return { name, columns: [...columns], rows };
}

const shown = (cell: Cell | undefined): string =>
  cell === undefined || cell === null || cell === '' ? 'is empty' : `is ${JSON.stringify(cell)}`;

/**
 * A column as finite numbers.
 * @throws LabError `dataset-invalid` that names the first cell that is none
 */
export function numbersOf(table: Table, column: string): number[] {
  return table.rows.map(({ place, cells }) => {
    const cell = cells[column];
    const value =
      typeof cell === 'number'
        ? cell
        : typeof cell === 'string' && cell.trim() !== ''
          ? Number(cell)
          : Number.NaN;
    if (!Number.isFinite(value)) {
      throw invalid(
        `${table.name}, ${place}: column "${column}" ${shown(cell)}, which is no finite number. Correct the cell, or leave the row out.`,
      );
    }
    return value;
  });
}

/** A column as text: names of groups. */
export function textsOf(table: Table, column: string): string[] {
  return table.rows.map(({ cells }) => String(cells[column] ?? ''));
}
