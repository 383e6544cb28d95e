// The head of a table: a word a column, with the class that its cells have.

export type Column =
  | string
  /** `unseen`: there for those who hear the table. */
  | readonly [words: string, className: string | undefined, unseen?: 'unseen'];

export function Heads({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column, at) => {
          const [words, className, unseen] = typeof column === 'string' ? ([column] as const) : column;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
            <th key={at} scope="col" className={className}>
              {unseen ? <span className="unseen">{words}</span> : words}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
