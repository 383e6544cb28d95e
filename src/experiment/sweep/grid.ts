// The grid of a sweep as tables: the last setting gives the columns, the one before it the rows, whatever else is varied
// a table each. Seeds of a cell lie together. Pure, for the screen and for exports.
import type { Value } from '../../core/setting.ts';
import { declarations } from '../config.ts';
import type { TrialStatus } from '../queue.ts';
import { type Cell, cells, type GridAxis, gridAxes, type Sweep } from './sweep.ts';
import type { Refused, Trial, TrialList } from './trials.ts';

/** The trials of one cell, a seed each; or why it makes no run. */
export interface GridCell {
  /** The value on each axis but the seed. */
  readonly cell: Cell;
  readonly trials: readonly Trial[];
  readonly refused: readonly Refused[];
}

export interface GridTable {
  /** What all its cells have in common: values of the axes that are neither rows nor columns. */
  readonly common: Cell;
  /** One row where nothing is varied down. */
  readonly rows: readonly (readonly GridCell[])[];
}

export interface Grid {
  readonly columns: GridAxis;
  readonly rows: GridAxis | null;
  readonly tables: readonly GridTable[];
}

const keyOf = (cell: Cell): string => JSON.stringify(Object.entries(cell).sort());

function withoutSeed({ seed: _, ...cell }: Cell, keepsSeed: boolean): Cell {
  return keepsSeed ? { seed: _ as Value, ...cell } : cell;
}

/** The tables of a sweep around a config whose seed is `firstSeed`. */
export function gridOf(sweep: Sweep, firstSeed: number, { trials, refused }: TrialList): Grid {
  const axes = gridAxes(sweep, firstSeed);
  const shown = axes.filter(({ key }) => key !== 'seed' || axes.length === 1);
  const hasSeed = shown.some(({ key }) => key === 'seed');
  const columns: GridAxis = shown.at(-1) ?? { key: 'seed', values: [firstSeed] };
  const rows = shown.at(-2) ?? null;
  const byCell = new Map<string, { trials: Trial[]; refused: Refused[] }>();
  const at = (cell: Cell): { trials: Trial[]; refused: Refused[] } => {
    const key = keyOf(withoutSeed(cell, hasSeed));
    const found = byCell.get(key) ?? { trials: [], refused: [] };
    byCell.set(key, found);
    return found;
  };
  for (const trial of trials) for (const cell of trial.cells) at(cell).trials.push(trial);
  for (const one of refused) at(one.cell).refused.push(one);
  for (const { trials: seeds } of byCell.values()) seeds.sort((a, b) => a.config.seed - b.config.seed);

  const tables = [...cells(shown.slice(0, -2))].map((common): GridTable => {
    const row = (own: Cell): readonly GridCell[] =>
      columns.values.map((value) => {
        const cell = { ...common, ...own, [columns.key]: value };
        return { cell, ...at(cell) };
      });
    return {
      common,
      rows: rows ? rows.values.map((value) => row({ [rows.key]: value })) : [row({})],
    };
  });
  return { columns, rows, tables };
}

export type CellState =
  | 'running'
  | 'failed'
  | 'queued'
  | 'done'
  | 'diverged'
  | 'pruned'
  | 'skipped'
  | 'refused';

/** What a cell is, from the states of its seeds: what is under way or asks for a person stands above what is over. */
export function cellState(statuses: readonly TrialStatus[]): CellState {
  const has = (state: TrialStatus['state']): boolean => statuses.some((status) => status.state === state);
  if (statuses.length === 0) return 'refused';
  for (const state of ['running', 'failed', 'queued', 'done', 'diverged', 'pruned'] as const)
    if (has(state)) return state;
  return 'skipped';
}

const RULE_LABELS: Readonly<Record<string, string>> = { budget: 'Budget', horizon: 'Horizon' };

/** What an axis is called: the setting's own label. */
export const axisLabel = (key: string): string =>
  RULE_LABELS[key] ?? declarations.get(key)?.[0]?.label ?? key;
