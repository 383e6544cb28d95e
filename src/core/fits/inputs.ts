// Which columns are which inputs: by the letters of the glossary where the columns carry them, else in the order given.
// A law over compute and parameters also takes parameters and examples, whose product is compute.
import { type Counting, flopsPerParameterExample, type Law } from './law.ts';

export interface NamedColumn {
  readonly name: string;
  readonly values: readonly number[];
}

const isLetters = (names: readonly string[], letters: string): boolean =>
  [...names].sort().join('') === [...letters].sort().join('');

/** The columns in the order of the law's inputs; those that cannot be ordered stay as they are, for the fit to refuse. */
export function inputsOf(
  law: Law,
  columns: readonly NamedColumn[],
  counting?: Counting,
): readonly (readonly number[])[] {
  const names = columns.map(({ name }) => name);
  const values = (name: string): readonly number[] => columns[names.indexOf(name)]?.values ?? [];
  const wanted = law.inputs.map(({ name }) => name);
  if (isLetters(names, wanted.join(''))) return wanted.map(values);
  if (wanted.join('') === 'CN' && isLetters(names, 'ND')) {
    const [n, d] = [values('N'), values('D')];
    return [n.map((size, row) => flopsPerParameterExample(counting) * size * (d[row] as number)), n];
  }
  return columns.map((column) => column.values);
}
