// Results from elsewhere in the same fits: a CSV or JSON-lines file is chosen, its columns are named, a law goes through.
import { useRef, useState } from 'react';
import type { ComparedForm } from '../../core/fits/compare-forms.ts';
import { laws } from '../../core/fits/laws.ts';
import { formatCount } from '../../core/format.ts';
import { Heads } from '../controls/heads.tsx';
import { WarningIcon } from '../parts/icons.tsx';
import { FiguresPanel } from './figures-panel.tsx';
import { FitPanel } from './fit-panel.tsx';
import { shownFits } from './shown-fits.ts';
import { TableForm } from './table-form.tsx';
import { type TableFitState, useTableFit } from './use-table-fit.ts';
import { useTurns } from './use-turns.ts';

function FilePicker({ onFile }: { readonly onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same by keyboard
    <div
      className={isOver ? 'table-drop over' : 'table-drop'}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) onFile(file);
      }}
    >
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <span className="small ink2">or drop it here: CSV, TSV or JSON lines with a name for every column</span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Table"
        accept=".csv,.tsv,.jsonl,.ndjson,text/csv"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) onFile(file);
          event.target.value = '';
        }}
      />
    </div>
  );
}

function Forms({ forms }: { readonly forms: readonly ComparedForm[] }) {
  if (forms.length === 0) return null;
  return (
    <section className="section" aria-label="Other forms">
      <div className="section-head">
        <h2>Other forms</h2>
        <span className="push small ink3">the most credible first</span>
      </div>
      <table className="fit-table">
        <Heads columns={['Law', 'off by, held out', 'AICc']} />
        <tbody>
          {forms.map(({ law, rmsle, aicc }) => (
            <tr key={law}>
              <th scope="row">{laws[law as keyof typeof laws].label}</th>
              <td className="number">{rmsle === null ? '–' : `× ${Math.exp(rmsle).toFixed(3)}`}</td>
              <td className="number">{aicc.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Notice({ failure }: Pick<TableFitState, 'failure'>) {
  if (!failure) return null;
  return (
    <div className="notice error" role="alert">
      <WarningIcon tone="err" />
      <div className="body">
        <p>{failure.message}</p>
      </div>
    </div>
  );
}

export function TableStudy() {
  const { table, fit, isFitting, failure, read, ask } = useTableFit();
  const turns = useTurns(fit?.figures ?? []);
  return (
    <>
      <div className="column">
        <div className="question-head">
          <h1 className="study-question">A law through a table of your own</h1>
          <p className="small ink2">
            Results of other programs, fitted as the runs of the lab are. The file stays on this device.
          </p>
        </div>
        <div className="section">
          <FilePicker onFile={(file) => void read(file)} />
          {table ? (
            <>
              <p className="small ink2">
                <span className="strong">{table.file.name}</span>, {formatCount(table.rows)} rows,{' '}
                {table.columns.length} columns
              </p>
              <TableForm key={table.file.name} table={table} isFitting={isFitting} onFit={ask} />
            </>
          ) : null}
        </div>
        <Notice failure={failure} />
        <FiguresPanel turns={turns} />
      </div>
      <div className="column">
        <FitPanel fits={fit ? shownFits(fit.figures) : []} />
        <Forms forms={fit?.forms ?? []} />
      </div>
    </>
  );
}
