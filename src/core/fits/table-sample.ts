// From a table and names of its columns to the sample that a law is fitted to: the same in a terminal and in the page.
import { numbersOf, type Table, textsOf } from '../files/table.ts';
import { envelope } from './envelope.ts';
import { inputsOf } from './inputs.ts';
import type { Counting, Law } from './law.ts';
import type { Sample } from './points.ts';

export interface Columns {
  readonly x: readonly string[];
  readonly y: string;
  /** Rows of equal value are one configuration. */
  readonly group?: string | undefined;
  /** How a column C was counted, and is counted where it is made of N and D. */
  readonly counting: Counting;
}

/**
 * The sample. Columns of a training curve belong to the run that a column `run` names.
 * @throws LabError `dataset-invalid` that names the first cell that is no finite number
 */
export function sampleOf(law: Law, table: Table, { x, y, group, counting }: Columns): Sample {
  const columns = x.map((name) => ({ name, values: numbersOf(table, name) }));
  const byRun = law.id === envelope.id && table.columns.includes('run') ? 'run' : undefined;
  const grouping = group ?? byRun;
  return {
    inputs: inputsOf(law, columns, counting),
    y: numbersOf(table, y),
    ...(grouping === undefined ? {} : { configuration: textsOf(table, grouping) }),
  };
}
