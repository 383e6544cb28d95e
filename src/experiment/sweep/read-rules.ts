// The keys of a sweep that are no settings: equal sizes, horizons, seeds, what is tuned, when a trial is given up.
import { real } from '../../core/fields.ts';
import { parseDecimal } from '../../core/setting-text.ts';
import { type Config, declarations, type Key } from '../config.ts';
import type { Note } from './read-sweep.ts';
import {
  type Axis,
  type Equal,
  type Horizon,
  type HorizonUnit,
  horizonText,
  horizonUnits,
  MAX_SEEDS,
  MAX_VALUES,
  measures,
} from './sweep.ts';
import { readValues } from './values.ts';

/** A size to equal, read like any axis. */
const budget = real([1, 1e30], {
  label: 'Budget',
  help: 'What trials have to equal.',
  default: 1,
  scale: 'log10',
});

export function readEqual(given: ReadonlyMap<string, string>, note: Note): Equal | null {
  const [what, text] = [given.get('equal'), given.get('budget')];
  if (what === undefined) {
    if (text !== undefined)
      note(
        'sweep.budget',
        true,
        `sweep.budget says how much; sweep.equal has to say of what: ${measures.join(', ')}.`,
      );
    return null;
  }
  const known = measures.find((measure) => measure === what);
  if (!known) {
    const horizon = horizonUnits.find((unit) => unit === what);
    const advice = horizon
      ? `For equal ${horizon} write sweep.horizon=${horizon}:1000.`
      : `It takes ${measures.join(', ')}.`;
    note('sweep.equal', true, `sweep.equal=${what} is not a size of a network; it is ignored. ${advice}`);
    return null;
  }
  if (text === undefined) return { what: known, budgets: [] };
  const list = readValues([budget], text);
  if (list.count > MAX_VALUES) {
    note(
      'sweep.budget',
      true,
      `sweep.budget has more than ${MAX_VALUES} values; the base config’s size is taken.`,
    );
    return { what: known, budgets: [] };
  }
  const { values, illegal } = list.build();
  for (const one of illegal)
    note('sweep.budget', true, `sweep.budget: ${one} is not a number from 1; it is left out.`);
  return { what: known, budgets: values.map(Number) };
}

/** The setting that holds an amount of the unit, where one does. */
const SETTING: Readonly<Partial<Record<HorizonUnit, Key>>> = {
  epochs: 'train.epochs',
  steps: 'train.steps',
  seconds: 'train.seconds',
};

function readHorizon(text: string): Horizon | null {
  const [name, written = '', ...rest] = text.split(':');
  const unit = horizonUnits.find((candidate) => candidate === name);
  const amount = parseDecimal(written);
  if (!unit || amount === null || amount <= 0 || rest.length > 0) return null;
  const setting = SETTING[unit];
  if (setting === undefined) return { unit, amount };
  return declarations.get(setting)?.[0]?.schema.safeParse(amount).success ? { unit, amount } : null;
}

export function readHorizons(text: string | undefined, note: Note): readonly Horizon[] {
  if (text === undefined) return [];
  const found = new Map<string, Horizon>();
  for (const piece of text.split(',').filter((one) => one.trim() !== '')) {
    const horizon = readHorizon(piece.trim());
    if (horizon) found.set(horizonText(horizon), horizon);
    else
      note(
        'sweep.horizon',
        true,
        `sweep.horizon: ${piece} is not an amount such as epochs:10, steps:1000, examples:1e6, seconds:30 or flops:1e12; it is left out.`,
      );
  }
  if (found.size === 0)
    note('sweep.horizon', true, 'sweep.horizon has no amount; trials train as their config says.');
  return [...found.values()];
}

/** `hasAxis`: seeds are listed one by one already. */
export function readSeeds(text: string | undefined, config: Config, hasAxis: boolean, note: Note): number {
  if (text === undefined) return 1;
  const seeds = parseDecimal(text);
  if (hasAxis) {
    note('sweep.seeds', true, 'sweep.seed lists the seeds; sweep.seeds is ignored.');
    return 1;
  }
  const last = declarations.get('seed')?.[0]?.range?.[1] ?? 0;
  if (
    seeds === null ||
    !Number.isInteger(seeds) ||
    seeds < 1 ||
    seeds > MAX_SEEDS ||
    config.seed + seeds - 1 > last
  ) {
    note(
      'sweep.seeds',
      true,
      `sweep.seeds=${text} is not a whole number from 1 to ${MAX_SEEDS}; one seed is used.`,
    );
    return 1;
  }
  return seeds;
}

export function readTune(text: string | undefined, axes: readonly Axis[], note: Note): readonly Key[] {
  if (text === undefined) return [];
  const asked = text.split(',').map((key) => key.trim());
  const tune = axes.map(({ key }) => key).filter((key) => asked.includes(key));
  for (const key of asked) {
    if (key !== '' && !tune.some((one) => one === key))
      note('sweep.tune', true, `sweep.tune: ${key} is not an axis of this sweep; it is left out.`);
  }
  return tune;
}

interface Around {
  readonly tune: readonly Key[];
  readonly axes: readonly Axis[];
  readonly config: Config;
}

export function readPrune(
  text: string | undefined,
  { tune, axes, config }: Around,
  note: Note,
): number | null {
  if (text === undefined) return null;
  const factor = parseDecimal(text);
  const validates =
    config['data.validationSize'] > 0 || axes.some(({ key }) => key === 'data.validationSize');
  const refuse = (why: string): null => {
    note('sweep.prune', true, `sweep.prune=${text}: ${why} No trial is stopped early.`);
    return null;
  };
  if (factor === null || factor <= 1)
    return refuse('it takes a number above 1, so many times the best rival’s validation loss.');
  if (tune.length === 0) return refuse('sweep.tune has to say over which axes trials are rivals.');
  if (!validates) return refuse('it judges by validation images: set data.validationSize.');
  return factor;
}
