// What stands around every plot: title, what and how, a one-sentence summary, the values as a table, the chart as a file.
import { type ReactNode, type RefObject, useState } from 'react';
import { toTableCsv } from '../../experiment/exports.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { exportPng, exportSvg } from './export-chart.ts';
import { saveFile } from './save-file.ts';

/** A chart's values in words: the first column says where, the others what. */
export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ChartFrameProps {
  readonly title: string;
  /** Unit, kind of band, how many seeds. */
  readonly about: string;
  /** One sentence for those who do not see the curves. */
  readonly summary: string;
  /** Made when somebody opens it. Null: nothing to show yet. */
  readonly table: (() => ChartTable) | null;
  /** The values as measured; without it the table's own cells. */
  readonly csv?: (() => string) | undefined;
  /** All that the chart was made of. */
  readonly json?: (() => string) | undefined;
  readonly plot: RefObject<HTMLDivElement | null>;
  /** Smaller type, for charts of one row. */
  readonly small?: boolean;
  /** At the right end of the head of a small chart. */
  readonly newest?: string;
  readonly children: ReactNode;
}

function ValueTable({ title, table }: { readonly title: string; readonly table: () => ChartTable }) {
  const { head, rows } = table();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="chart-table" tabIndex={0} aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            {head.map((words, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
              <th scope="col" className="number" key={column}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows stay where they are
            <tr key={at}>
              {row.map((words, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                <td className={column === 0 ? 'number ink2' : 'number'} key={column}>
                  {words}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Export({
  title,
  table,
  csv,
  json,
  plot,
}: Pick<ChartFrameProps, 'title' | 'table' | 'csv' | 'json' | 'plot'>) {
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const draw = (save: (element: HTMLElement) => void) => () => {
    if (plot.current) save(plot.current);
  };
  const values = (): void => {
    const made = table?.();
    const text = csv?.() ?? (made ? toTableCsv(made.head, made.rows) : '');
    saveFile(`${name}.csv`, new Blob([text], { type: 'text/csv' }));
  };
  return (
    <ActionMenu
      word="Export"
      label={`Export: ${title}`}
      actions={[
        { word: csv ? 'CSV, as measured' : 'CSV', run: values },
        ...(json
          ? [
              {
                word: 'JSON',
                run: () => saveFile(`${name}.json`, new Blob([json()], { type: 'application/json' })),
              },
            ]
          : []),
        { word: 'SVG', run: draw((element) => exportSvg(element, title, name)) },
        { word: 'PNG', run: draw((element) => void exportPng(element, title, name)) },
      ]}
    />
  );
}

export function ChartFrame(props: ChartFrameProps) {
  const { title, about, summary, table, newest, small = false } = props;
  const [isOpen, setOpen] = useState(false);
  const Heading = small ? 'h3' : 'h2';
  return (
    <section className={small ? 'chart small-chart' : 'chart'} aria-label={title}>
      <div className="chart-head">
        <Heading>{title}</Heading>
        <span className="about">{about}</span>
        {table && (
          <div className="actions">
            <button
              type="button"
              className="quiet"
              aria-expanded={isOpen}
              aria-label={`Table: ${title}`}
              onClick={() => setOpen(!isOpen)}
            >
              Table
            </button>
            <Export {...props} />
          </div>
        )}
        {newest !== undefined && <b className="newest">{newest}</b>}
      </div>
      <p className="unseen">{summary}</p>
      {isOpen && table && <ValueTable title={title} table={table} />}
      {props.children}
    </section>
  );
}
