// The grid of a sweep: a table each of what is neither rows nor columns, a cell each of what is trained, with its state.
import { useState } from 'react';
import { formatDuration } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { TrialStatus } from '../../experiment/queue.ts';
import {
  axisLabel,
  type CellState,
  cellState,
  type GridCell,
  type GridTable,
} from '../../experiment/sweep/grid.ts';
import { trialSeconds } from '../../experiment/sweep/trials.ts';
import { Menu } from '../controls/choices.tsx';
import { useLab } from '../hooks/use-lab.ts';
import { meanOf, metricsOf, type Scale, scaleOf, shortValue, unitOf } from './cell-value.ts';
import type { SweepView } from './use-sweep.ts';
import { cellWords, STATE_WORDS, tallyWords, valueWords } from './words.ts';

interface CellProps {
  readonly cell: GridCell;
  readonly view: SweepView;
  readonly metric: MetricName;
  readonly scale: Scale;
  readonly isBest: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

/** How far the run that trains in this cell is, or null. */
function useShare(statuses: readonly TrialStatus[]): number | null {
  const running = statuses.find(({ state }) => state === 'running')?.run?.key;
  return useLab(({ active, live }) =>
    running !== undefined && active === running && live?.totalSteps ? live.step / live.totalSteps : null,
  );
}

const WORDS: Readonly<Record<Exclude<CellState, 'done' | 'running' | 'queued'>, string>> = {
  failed: '! retry',
  diverged: '×',
  pruned: '– given up',
  skipped: 'taken out',
  refused: 'cannot run',
};

function Cell({ cell, view, metric, scale, isBest, isChosen, onChoose }: CellProps) {
  const speed = useLab((state) => state.speed);
  const statuses = cell.trials.flatMap(({ id }) => view.statuses.get(id) ?? []);
  const state = cellState(statuses);
  const share = useShare(statuses);
  const value = meanOf(cell, metric, view);
  const over = statuses.filter((status) => status.state === 'done').length;
  const seconds = cell.trials.reduce<number | null>((sum, { cost }) => {
    const own = trialSeconds(cost, speed);
    return sum === null || own === null ? null : sum + own;
  }, 0);
  const part =
    statuses.length > 1 && over < statuses.length && over > 0 ? `${over} of ${statuses.length}` : '';

  function words(): string {
    switch (state) {
      case 'running':
        return share === null ? 'running' : `${Math.floor(100 * share)} %`;
      case 'queued':
        if (value !== null) return `${shortValue(metric, value)} · ${part}`;
        return view.queued === null && seconds !== null ? formatDuration(seconds) : 'queued';
      case 'done':
        return value === null ? 'done' : shortValue(metric, value);
      case 'failed':
      case 'diverged':
      case 'pruned':
      case 'skipped':
      case 'refused':
        return WORDS[state];
      default:
        throw state satisfies never;
    }
  }

  const spoken = `${cellWords(cell.cell)}: ${state === 'refused' ? 'cannot be trained' : STATE_WORDS[state]}${
    value === null ? '' : `, ${shortValue(metric, value)} ${unitOf(metric)}`
  }${isBest ? ', best of its column' : ''}`;
  const heat = state === 'done' && value !== null ? scale.share(value) * 0.46 + 0.04 : 0;
  return (
    <td>
      <button
        type="button"
        className={`cell ${state}${isBest ? ' best' : ''}`}
        style={heat > 0 ? { backgroundColor: `rgb(var(--heat) / ${heat.toFixed(3)})` } : undefined}
        aria-label={spoken}
        aria-pressed={isChosen}
        title={spoken}
        onClick={onChoose}
      >
        <span className="cut">{words()}</span>
        {state === 'running' && share !== null ? (
          <i className="bar" style={{ transform: `scaleX(${share})` }} aria-hidden="true" />
        ) : null}
      </button>
    </td>
  );
}

interface TableProps extends Pick<CellProps, 'view' | 'metric' | 'scale'> {
  readonly table: GridTable;
  /** Names the row where there is only one. */
  readonly label: string;
  readonly chosen: GridCell['cell'] | null;
  readonly onChoose: (cell: GridCell) => void;
}

/** Whether rows are rivals, so that each column has a best one. */
const isTunedDown = ({ sweep, grid }: SweepView): boolean => sweep.tune.some((key) => key === grid.rows?.key);

/** The best cell of each column, where rows are what is tuned. */
function bestOfColumns(
  { rows }: GridTable,
  { view, metric, scale }: Pick<TableProps, 'view' | 'metric' | 'scale'>,
) {
  const best = new Set<GridCell>();
  if (!isTunedDown(view)) return best;
  for (const column of rows[0]?.keys() ?? []) {
    let found: { cell: GridCell; value: number } | null = null;
    for (const row of rows) {
      const cell = row[column] as GridCell;
      const value = meanOf(cell, metric, view);
      if (value !== null && (found === null || scale.isBetter(value, found.value))) found = { cell, value };
    }
    if (found) best.add(found.cell);
  }
  return best;
}

function Table({ table, view, metric, label, scale, chosen, onChoose }: TableProps) {
  const { columns, rows: down } = view.grid;
  const best = bestOfColumns(table, { view, metric, scale });
  // "4 epochs" says what it is; a plain number needs its axis.
  const title = Object.entries(table.common).map(([key, value]) =>
    typeof value === 'number' ? `${axisLabel(key)} ${valueWords(key, value)}` : valueWords(key, value),
  );
  return (
    <div className="sweep-table">
      {title.length > 0 ? <h3 className="mid strong">{title.join(', ')}</h3> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than its place is scrolled by keys */}
      <section className="scroller" aria-label={`Grid ${title.join(', ')}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                {down ? `${axisLabel(down.key)} \\ ` : ''}
                {axisLabel(columns.key)}
              </th>
              {columns.values.map((value) => (
                <th key={String(value)} scope="col" className="value">
                  {valueWords(columns.key, value)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, index) => (
              <tr key={String(down?.values[index] ?? '')}>
                <th scope="row">{down ? valueWords(down.key, down.values[index] ?? '') : label}</th>
                {row.map((cell) => (
                  <Cell
                    key={String(cell.cell[columns.key])}
                    {...{ cell, view, metric, scale }}
                    isBest={best.has(cell)}
                    isChosen={chosen !== null && JSON.stringify(chosen) === JSON.stringify(cell.cell)}
                    onChoose={() => onChoose(cell)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

interface Props {
  readonly view: SweepView;
  readonly chosen: GridCell['cell'] | null;
  readonly onChoose: (cell: GridCell) => void;
}

export function SweepGrid({ view, chosen, onChoose }: Props) {
  const metrics = metricsOf(view);
  const [asked, setAsked] = useState<string | null>(null);
  const { metric, label } =
    metrics.find((one) => one.metric === asked) ?? (metrics[0] as (typeof metrics)[number]);
  const cells = view.grid.tables.flatMap(({ rows }) => rows.flat());
  const values = cells.flatMap((cell) => meanOf(cell, metric, view) ?? []);
  const scale = scaleOf(values, metric);
  const unit = unitOf(metric);
  return (
    <section className="section sweep-grid">
      <div className="section-head wrap">
        <h2>Grid</h2>
        <span className="small ink3">
          {label}
          {unit === '' ? '' : `, ${unit}`}
          {view.sweep.seeds > 1 ? `, mean of ${view.sweep.seeds} seeds` : ''}
          {isTunedDown(view) ? '; outlined: best of its column' : ''}
        </span>
        <span className="push small ink2">{tallyWords(view.tally)}</span>
        <Menu
          label="What the cells show"
          options={metrics.map((one) => ({ value: one.metric, label: one.label }))}
          value={metric}
          onChange={setAsked}
        />
      </div>
      {view.grid.tables.map((table) => (
        <Table
          key={JSON.stringify(table.common)}
          {...{ table, view, metric, label, scale, chosen, onChoose }}
        />
      ))}
      <p className="sweep-legend small ink2" aria-hidden="true">
        <span className="done-key" /> done <span className="running-key" /> running{' '}
        <span className="queued-key" /> queued <span>× diverged</span>{' '}
        <span className="err">! failed, retried alone</span>
      </p>
    </section>
  );
}
