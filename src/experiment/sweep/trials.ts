// From a sweep to the configs it proposes: each cell of the grid becomes a config, equal configs become one trial, the
// cheapest comes first. Nothing is started here; what cannot be trained is listed with the reason.
import type { DatasetFacts } from '../../core/dataset.ts';
import { type Failure, LabError, toFailure } from '../../core/failure.ts';
import { type Config, makeConfig, type Named, named, runId, settingsOf, withSetting } from '../config.ts';
import { type DeviceSpeed, operationsPerStep, type Plan, plan, secondsOfWork } from '../plan.ts';
import { createMatcher } from './match-width.ts';
import {
  type Cell,
  cells,
  gridAxes,
  type Horizon,
  type HorizonUnit,
  horizonText,
  type SizeMeasure,
  type Sweep,
} from './sweep.ts';

export interface TrialCost {
  readonly parameters: number;
  readonly macsPerExample: number;
  readonly flopsPerStep: number;
  /** Small operations of one step, which cost time whatever their size. */
  readonly operations: number;
  /** Null: the budget is in seconds. */
  readonly steps: number | null;
  /** Training FLOPs, 6 × MACs × examples; null: the budget is in seconds. */
  readonly flops: number | null;
  /** The budget where it is in seconds. */
  readonly budgetSeconds: number | null;
}

/** How far a trial is from what it was asked to equal. */
export interface Mismatch {
  readonly what: SizeMeasure | HorizonUnit;
  readonly asked: number;
  /** (got − asked) ÷ asked. */
  readonly relative: number;
}

/** A config that a sweep proposes. */
export interface Trial {
  /** The run's id: equal configs are one trial, also of different sweeps. */
  readonly id: string;
  readonly config: Config;
  /** Where it stands in the grid: more than one cell where settings of the cell have no effect. */
  readonly cells: readonly [Cell, ...Cell[]];
  readonly cost: TrialCost;
  /** Of what the sweep holds equal; empty where nothing is. */
  readonly mismatches: readonly Mismatch[];
}

/** A cell that makes no run. */
export interface Refused {
  readonly cell: Cell;
  readonly failure: Failure;
}

export interface TrialList {
  /** Cheapest first. */
  readonly trials: readonly Trial[];
  readonly refused: readonly Refused[];
}

/** Facts of the data that is there; undefined: the catalog's. */
export type Facts = (dataset: Config['data']) => DatasetFacts | undefined;

type PlanOf = (config: Config) => Plan;

const invalid = (message: string): LabError => new LabError('config-invalid', message);

/** The config at a cell's setting values, before sizes and horizons. Throws where a value is not legal there. */
function configAt(config: Config, held: Named, cell: Cell): Config {
  const { horizon: _h, budget: _b, ...values } = cell;
  const made = makeConfig({ ...named(config), ...held, ...(values as Named) });
  for (const { key } of settingsOf(made)) {
    if (Object.hasOwn(values, key) && made[key] !== values[key])
      throw invalid(`${key}=${values[key]} is not legal beside ${made.model}: leave that cell out.`);
  }
  return made;
}

const BUDGET_KEYS = { epochs: 'train.epochs', steps: 'train.steps', seconds: 'train.seconds' } as const;

/** The config with another budget in place of its own. */
function withBudget(config: Config, unit: keyof typeof BUDGET_KEYS, amount: number): Config {
  const {
    'train.epochs': _e,
    'train.steps': _s,
    'train.seconds': _t,
    ...rest
  } = named(config) as Record<string, unknown>;
  return makeConfig({ ...rest, [BUDGET_KEYS[unit]]: amount } as Named);
}

interface Placed {
  readonly config: Config;
  readonly mismatch: Mismatch | null;
}

/** A number of steps that comes nearest to what was asked: examples and FLOPs come in whole steps. */
function inSteps(config: Config, { unit, amount }: Horizon, perStep: number): Placed {
  const steps = Math.max(1, Math.round(amount / perStep));
  return {
    config: withBudget(config, 'steps', steps),
    mismatch: { what: unit, asked: amount, relative: (steps * perStep - amount) / amount },
  };
}

function placeHorizon(config: Config, horizon: Horizon, planOf: PlanOf): Placed {
  const { unit, amount } = horizon;
  switch (unit) {
    case 'epochs':
    case 'steps':
    case 'seconds':
      return { config: withBudget(config, unit, amount), mismatch: null };
    case 'examples':
      return inSteps(config, horizon, config['train.batchSize']);
    case 'flops':
      return inSteps(config, horizon, planOf(config).flopsPerStep);
    default:
      throw unit satisfies never;
  }
}

type Matcher = ReturnType<typeof createMatcher>;

/** The config at the width that has the asked size. FLOPs of the training are MACs times the examples seen. */
function placeSize(config: Config, what: SizeMeasure, asked: number, match: Matcher, planOf: PlanOf): Placed {
  let [measure, target]: ['parameters' | 'macs', number] =
    what === 'parameters' ? ['parameters', asked] : ['macs', asked];
  if (what === 'flops') {
    const { steps } = planOf(config);
    if (steps === null)
      throw invalid('sweep.equal=flops needs a budget in epochs, steps or examples: seconds have no FLOPs.');
    [measure, target] = ['macs', asked / (6 * config['train.batchSize'] * steps)];
  }
  const { width, mismatch } = match(config, measure, target);
  return {
    config: withSetting(config, { 'model.width': width }),
    mismatch: { what, asked, relative: mismatch },
  };
}

/** What the base config has of a measure: the size of a sweep that names none. */
function ownSize(config: Config, what: SizeMeasure, planOf: PlanOf): number {
  const planned = planOf(config);
  if (what === 'parameters') return planned.parameters.total;
  if (what === 'macs') return planned.macsPerExample;
  if (planned.steps === null)
    throw invalid(
      'sweep.equal=flops without sweep.budget needs a base config with a budget in epochs or steps.',
    );
  return planned.flopsPerStep * planned.steps;
}

function costOf(config: Config, planned: Plan): TrialCost {
  const { parameters, macsPerExample, steps, flopsPerStep, layers, microBatches } = planned;
  return {
    parameters: parameters.total,
    macsPerExample,
    flopsPerStep,
    operations: microBatches * operationsPerStep(layers),
    steps,
    flops: steps === null ? null : flopsPerStep * steps,
    budgetSeconds: steps === null ? config['train.seconds'] : null,
  };
}

/** Seconds that a trial will take; null: the device is not measured yet. */
export function trialSeconds(cost: TrialCost, speed: DeviceSpeed | null): number | null {
  const { steps, budgetSeconds, flopsPerStep, operations } = cost;
  if (budgetSeconds !== null) return budgetSeconds;
  return speed && steps !== null ? secondsOfWork({ flopsPerStep, operations, steps }, speed) : null;
}

/** FLOPs a second that a budget in seconds counts for in the order of trials. */
const NOMINAL_SPEED = 1e10;

const weight = ({ flops, budgetSeconds }: TrialCost): number => flops ?? (budgetSeconds ?? 0) * NOMINAL_SPEED;

/**
 * Lists the trials of a sweep around a config, a cell at a time: a page gives the screen a turn between cells. Never
 * throws: a cell that cannot be trained is refused with the reason.
 */
export function* listing(config: Config, sweep: Sweep, facts?: Facts): Generator<undefined, TrialList> {
  const planOf: PlanOf = (made) => plan(made, facts?.(made.data));
  const match = createMatcher(planOf);
  const byText = new Map(sweep.horizons.map((horizon) => [horizonText(horizon), horizon]));
  const found = new Map<string, { trial: Omit<Trial, 'cells'>; at: [Cell, ...Cell[]] }>();
  const refused: Refused[] = [];
  const { equal } = sweep;

  function place(cell: Cell): Omit<Trial, 'cells' | 'id'> {
    let made = configAt(config, sweep.held, cell);
    const mismatches: Mismatch[] = [];
    const take = ({ config: placed, mismatch }: Placed): void => {
      made = placed;
      if (mismatch) mismatches.push(mismatch);
    };
    const size = (): void => {
      if (!equal) return;
      const asked = typeof cell['budget'] === 'number' ? cell['budget'] : ownSize(config, equal.what, planOf);
      take(placeSize(made, equal.what, asked, match, planOf));
    };
    const horizon = byText.get(String(cell['horizon']));
    // A horizon in FLOPs needs the width; a width for equal FLOPs needs the horizon.
    if (equal?.what !== 'flops') size();
    if (horizon) take(placeHorizon(made, horizon, planOf));
    if (equal?.what === 'flops') size();
    return { config: made, cost: costOf(made, planOf(made)), mismatches };
  }

  for (const cell of cells(gridAxes(sweep, config.seed))) {
    try {
      const trial = place(cell);
      const id = runId(trial.config);
      const same = found.get(id);
      if (same) same.at.push(cell);
      else found.set(id, { trial: { id, ...trial }, at: [cell] });
    } catch (error) {
      refused.push({ cell, failure: toFailure(error) });
    }
    yield;
  }
  const list = [...found.values()].map(({ trial, at }): Trial => ({ ...trial, cells: at }));
  return { trials: list.sort((a, b) => weight(a.cost) - weight(b.cost)), refused };
}

/** The whole list at once. */
export function trials(config: Config, sweep: Sweep, facts?: Facts): TrialList {
  const cellByCell = listing(config, sweep, facts);
  for (;;) {
    const { done, value } = cellByCell.next();
    if (done) return value;
  }
}

export interface TotalCost {
  readonly trials: number;
  /** Of trials whose budget is not in seconds. */
  readonly flops: number;
  /** Null: the device's speed is not known. */
  readonly seconds: number | null;
}

/** What a list of trials costs together. */
export function totalCost(
  list: readonly { readonly cost: TrialCost }[],
  speed: DeviceSpeed | null = null,
): TotalCost {
  let flops = 0;
  let seconds: number | null = 0;
  for (const { cost } of list) {
    flops += cost.flops ?? 0;
    const own = trialSeconds(cost, speed);
    seconds = seconds === null || own === null ? null : seconds + own;
  }
  return { trials: list.length, flops, seconds };
}
