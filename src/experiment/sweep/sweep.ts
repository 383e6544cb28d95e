// A sweep: what is varied around a base config. Axes times sizes times horizons times seeds make a grid of cells;
// `trials.ts` turns the cells into configs.
import type { Value } from '../../core/setting.ts';
import type { Key, Named } from '../config.ts';

/** A setting and the values it takes, numbers rising. */
export interface Axis {
  readonly key: Key;
  readonly values: readonly Value[];
}

/** What the sizes of a sweep are counted in: parameters, MACs of one example, FLOPs of the whole training. */
export const measures = ['parameters', 'macs', 'flops'] as const;
export type SizeMeasure = (typeof measures)[number];

/** The width of each trial is chosen so that all trials cost the same. */
export interface Equal {
  readonly what: SizeMeasure;
  /** Empty: what the base config has. */
  readonly budgets: readonly number[];
}

export const horizonUnits = ['epochs', 'steps', 'examples', 'seconds', 'flops'] as const;
export type HorizonUnit = (typeof horizonUnits)[number];

/** How long every trial trains: the same grid under equal epochs, equal steps and equal seconds is three horizons. */
export interface Horizon {
  readonly unit: HorizonUnit;
  readonly amount: number;
}

export interface Sweep {
  readonly axes: readonly Axis[];
  readonly equal: Equal | null;
  /** Empty: each trial trains as its config says. */
  readonly horizons: readonly Horizon[];
  /** seed … seed + n − 1 of the base config. */
  readonly seeds: number;
  /** Axes over which the best is looked for: trials that differ in these alone are rivals. */
  readonly tune: readonly Key[];
  /** A trial is stopped once its validation loss is so many times its best rival's; null: never. */
  readonly prune: number | null;
  /** Settings named beside a sweep over choices: they hold in every cell where they apply, also as a default elsewhere. */
  readonly held: Named;
  /** The study that the sweep came from. */
  readonly study: string | null;
}

export const noSweep: Sweep = {
  axes: [],
  equal: null,
  horizons: [],
  seeds: 1,
  tune: [],
  prune: null,
  held: {},
  study: null,
};

/** Most values of one axis. */
export const MAX_VALUES = 256;
/** Most cells of one sweep. */
export const MAX_CELLS = 4096;
export const MAX_SEEDS = 1000;

/** Where a trial stands: its value on each axis, by setting key; `budget`, `horizon` and `seed` are axes too. */
export type Cell = Readonly<Record<string, Value>>;

/** `epochs:10`: a horizon as the link writes it and as the coordinate of a cell. */
export const horizonText = ({ unit, amount }: Horizon): string => `${unit}:${amount}`;

/** An axis of the grid as it is shown: a setting, or one of the three that are none. */
export interface GridAxis {
  readonly key: string;
  readonly values: readonly Value[];
}

/** All axes of the grid, in the order in which its cells are counted; the seed goes round fastest. */
export function gridAxes(sweep: Sweep, firstSeed: number): readonly GridAxis[] {
  const { axes, equal, horizons, seeds } = sweep;
  return [
    ...(horizons.length > 0 ? [{ key: 'horizon', values: horizons.map(horizonText) }] : []),
    ...(equal && equal.budgets.length > 0 ? [{ key: 'budget', values: equal.budgets }] : []),
    ...axes,
    ...(seeds > 1 ? [{ key: 'seed', values: Array.from({ length: seeds }, (_, i) => firstSeed + i) }] : []),
  ];
}

/** Cells of the grid, by multiplication alone. */
export function cellCount(axes: readonly { readonly values: readonly unknown[] }[]): number {
  return axes.reduce((product, { values }) => product * values.length, 1);
}

/** Every cell, the last axis going round fastest. */
export function* cells(axes: readonly GridAxis[]): Generator<Cell> {
  const total = cellCount(axes);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const cell: Record<string, Value> = {};
    for (const { key, values } of axes.toReversed()) {
      cell[key] = values[rest % values.length] as Value;
      rest = Math.floor(rest / values.length);
    }
    yield cell;
  }
}

/** The sweep once settings were changed in the base config: what was held in every cell is no longer. */
export function withoutHeld(sweep: Sweep, changed: readonly string[]): Sweep {
  const held = Object.entries(sweep.held).filter(([key]) => !changed.includes(key));
  return { ...sweep, held: Object.fromEntries(held) as Named };
}
