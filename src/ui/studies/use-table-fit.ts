// A table of one's own on its way to a fit: read, its columns looked at, a law fitted on the thread that analyses.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../core/failure.ts';
import { formatBytes } from '../../core/format.ts';
import type { ColumnView, TableFile, TableFit, TableQuestion } from '../../experiment/table-fit.ts';
import { useSession } from '../hooks/use-lab.ts';

/** Larger tables are for the command line. */
const MOST_BYTES = 16e6;

export interface TableView {
  readonly file: TableFile;
  readonly columns: readonly ColumnView[];
  readonly rows: number;
}

export interface TableFitState {
  readonly table: TableView | null;
  readonly fit: TableFit | null;
  readonly isFitting: boolean;
  readonly failure: Failure | null;
  readonly read: (file: File) => Promise<void>;
  readonly ask: (question: TableQuestion) => void;
}

type Shown = Pick<TableFitState, 'table' | 'fit' | 'isFitting' | 'failure'>;

const nothing: Shown = { table: null, fit: null, isFitting: false, failure: null };

export function useTableFit(): TableFitState {
  const session = useSession();
  const [shown, setShown] = useState<Shown>(nothing);
  const cancel = useRef<() => void>(() => {});
  useEffect(() => () => cancel.current(), []);

  const read = useCallback(
    async (chosen: File): Promise<void> => {
      cancel.current();
      if (chosen.size > MOST_BYTES) {
        const message = `${chosen.name} has ${formatBytes(chosen.size)}; tables of up to ${formatBytes(MOST_BYTES)} are fitted here. Leave out rows, or use \`npm run -s lab -- fit\`.`;
        setShown({ ...nothing, failure: { code: 'dataset-invalid', message } });
        return;
      }
      const file: TableFile = { name: chosen.name, text: await chosen.text() };
      cancel.current = session.analyse({ kind: 'columns', file }, (answer) => {
        if (answer.kind === 'failed') setShown({ ...nothing, failure: answer.failure });
        if (answer.kind !== 'columns') return;
        setShown({ ...nothing, table: { file, columns: answer.columns, rows: answer.rows } });
      });
    },
    [session],
  );

  const ask = (question: TableQuestion): void => {
    const { table } = shown;
    if (!table) return;
    cancel.current();
    setShown({ table, fit: null, isFitting: true, failure: null });
    cancel.current = session.analyse({ kind: 'fit', file: table.file, question }, (answer) => {
      if (answer.kind === 'failed') setShown({ table, fit: null, isFitting: false, failure: answer.failure });
      if (answer.kind === 'fit')
        setShown({ table, fit: answer.fit, isFitting: !answer.isFinal, failure: null });
    });
  };

  return { ...shown, read, ask };
}
