// Title, what and how, Table and Export around a plot.
import { type ReactNode, type RefObject, useState } from 'react';
import type { MetricName } from '../../core/metrics.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { exportCsv, exportPng, exportSvg } from './export-chart.ts';
import type { Axis } from './scale.ts';
import { type ShownRun, type Trace, valueAt } from './traces.ts';

interface Props {
  readonly title: string;
  readonly about: string;
  /** One sentence for those who do not see the curves. */
  readonly summary: string;
  readonly metric: MetricName;
  readonly shown: readonly ShownRun[];
  readonly traces: readonly Trace[];
  readonly x: Axis;
  readonly xWords: string;
  readonly wordsOfX: (x: number) => string;
  readonly formatY: (value: number) => string;
  readonly plot: RefObject<HTMLDivElement | null>;
  readonly children: ReactNode;
}

function ValueTable({
  title,
  traces,
  x,
  xWords,
  wordsOfX,
  formatY,
}: Pick<Props, 'title' | 'traces' | 'x' | 'xWords' | 'wordsOfX' | 'formatY'>) {
  const [low, high] = x.domain;
  const at = Array.from({ length: 12 }, (_, i) =>
    x.log ? low * (high / low) ** (i / 11) : low + ((high - low) * i) / 11,
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="chart-table" tabIndex={0} aria-label={`${title} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              {xWords}
            </th>
            {traces.map((trace) => (
              <th scope="col" className="number" key={trace.key}>
                {trace.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {at.map((value) => (
            <tr key={value}>
              <td className="number ink2">{wordsOfX(value)}</td>
              {traces.map((trace) => {
                const y = valueAt(trace, value);
                return (
                  <td className="number" key={trace.key}>
                    {y === null ? '–' : formatY(y)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Export({ title, metric, shown, plot }: Pick<Props, 'title' | 'metric' | 'shown' | 'plot'>) {
  const name = title.toLowerCase().replaceAll(' ', '-');
  const draw = (save: (element: HTMLElement) => void) => () => {
    if (plot.current) save(plot.current);
  };
  return (
    <ActionMenu
      word="Export"
      label={`Export: ${title}`}
      actions={[
        { word: 'CSV, as measured', run: () => exportCsv(shown, metric) },
        { word: 'SVG', run: draw((element) => exportSvg(element, name)) },
        { word: 'PNG', run: draw((element) => void exportPng(element, name)) },
      ]}
    />
  );
}

export function ChartFrame(props: Props) {
  const { title, about, traces } = props;
  const [table, setTable] = useState(false);
  return (
    <section className="chart">
      <div className="chart-head">
        <h2>{title}</h2>
        <span className="about">{about}</span>
        {traces.length > 0 && (
          <div className="actions">
            <button
              type="button"
              className="quiet"
              aria-expanded={table}
              aria-label={`Table: ${title}`}
              onClick={() => setTable(!table)}
            >
              Table
            </button>
            <Export {...props} />
          </div>
        )}
      </div>
      <p className="unseen">{props.summary}</p>
      {table && <ValueTable {...props} />}
      {props.children}
    </section>
  );
}
