// The `sweep.*` keys of a link, read and written. Reading never throws and never builds a grid: what it does not
// understand it notes, and a grid that is too large is counted and refused.
import { formatCount } from '../../core/format.ts';
import type { Setting, Value } from '../../core/setting.ts';
import { describeLegal } from '../../core/setting-text.ts';
import { type Config, declarations, type Key, keys, makeConfig, type Named, settingsOf } from '../config.ts';
import { readEqual, readHorizons, readPrune, readSeeds, readTune } from './read-rules.ts';
import { type Axis, cellCount, horizonText, MAX_CELLS, MAX_VALUES, noSweep, type Sweep } from './sweep.ts';
import { readValues } from './values.ts';

/** Says what is wrong with a part of the link; `ignored`: that part was not used. */
export type Note = (key: string, ignored: boolean, message: string) => void;

/** Keys after `sweep.` that are no settings. */
const RULES = ['seeds', 'equal', 'budget', 'horizon', 'tune', 'prune'] as const;

/** The settings declared under a key, where one of them may be swept. */
function swept(key: string): readonly [Setting, ...Setting[]] | null {
  const [first, ...others] = declarations.get(key) ?? [];
  return first?.axis ? [first, ...others] : null;
}

interface Counted {
  readonly key: Key;
  readonly count: number;
  /** Null: too many to be built. */
  readonly axis: Axis | null;
}

function readAxis(key: string, text: string, note: Note): Counted | null {
  const name = `sweep.${key}`;
  const declared = swept(key);
  if (!declared) {
    const why = declarations.has(key) ? 'cannot be swept' : 'is not a setting of this lab';
    note(name, true, `${key} ${why}; it is left out of the sweep.`);
    return null;
  }
  const list = readValues(declared, text);
  if (list.count > MAX_VALUES) return { key: key as Key, count: list.count, axis: null };
  const { values, illegal, repeats } = list.build();
  for (const one of illegal) {
    note(
      name,
      true,
      `${name}: ${one} is not ${describeLegal(declared[0])}, nor a range such as 16..1024*2 or 1e-4..1e-2/5; it is left out.`,
    );
  }
  if (repeats > 0) note(name, false, `${name} names a value twice; it is tried once.`);
  if (values.length === 0) {
    note(name, true, `${name} has no value; nothing is swept over ${key}.`);
    return null;
  }
  return { key: key as Key, count: values.length, axis: { key: key as Key, values } };
}

function tooLarge(counted: readonly Counted[], count: number): string {
  const largest = counted
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 3)
    .map((axis) => `${axis.key} (${words(axis.count)} values)`);
  const over = counted.find(({ axis }) => axis === null);
  const cap = over
    ? `an axis has at most ${MAX_VALUES} values`
    : `at most ${formatCount(MAX_CELLS)} are built`;
  return `This sweep has ${words(count)} cells; ${cap}, so nothing is swept. Take values out of ${largest.join(', ')}, or split it into several sweeps.`;
}

const words = (count: number): string => (count <= 1e15 ? formatCount(count) : 'more than 10¹⁵');

/** Axes in catalog order. */
const inOrder = (counted: readonly Counted[]): readonly Counted[] =>
  counted.toSorted((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));

/** An axis beside a rule that chooses the same setting. */
function isChosenElsewhere(key: Key, { equal, horizons }: Sweep, note: Note): boolean {
  if (equal && key === 'model.width') {
    note(`sweep.${key}`, true, `sweep.equal chooses model.width; sweep.${key} is left out.`);
    return true;
  }
  if (horizons.length > 0 && /^train\.(epochs|steps|seconds)$/.test(key)) {
    note(`sweep.${key}`, true, `sweep.horizon says how long trials train; sweep.${key} is left out.`);
    return true;
  }
  return false;
}

/**
 * The sweep of a link, by the part of its keys after `sweep.`; null where there is none, or it cannot be built.
 * `config` is the base config of the same link.
 */
export function readSweep(given: ReadonlyMap<string, string>, config: Config, note: Note): Sweep | null {
  if (given.size === 0) return null;
  const rules: Sweep = {
    ...noSweep,
    equal: readEqual(given, note),
    horizons: readHorizons(given.get('horizon'), note),
  };
  const isRule = new Set<string>(RULES);
  const counted = inOrder(
    [...given]
      .filter(([key]) => !isRule.has(key))
      .map(([key, text]) => readAxis(key, text, note))
      .filter((axis) => axis !== null)
      .filter(({ key }) => !isChosenElsewhere(key, rules, note)),
  );
  const seeds = readSeeds(
    given.get('seeds'),
    config,
    counted.some(({ key }) => key === 'seed'),
    note,
  );
  const sizes = [rules.equal?.budgets ?? [], rules.horizons].map(({ length }) => Math.max(1, length));
  const count = [...counted.map((axis) => axis.count), ...sizes, seeds].reduce((a, b) => a * b, 1);
  if (count > MAX_CELLS || counted.some(({ axis }) => axis === null)) {
    note('sweep', true, tooLarge(counted, count));
    return null;
  }
  const axes = counted.map(({ axis }) => axis).filter((axis) => axis !== null);
  const sweep: Sweep = { ...rules, axes, seeds };
  const tune = readTune(given.get('tune'), axes, note);
  const prune = readPrune(given.get('prune'), { tune, axes, config }, note);
  const isPlain = cellCount(axes) * seeds === 1 && axes.length === 0 && !sweep.equal && sizes[1] === 1;
  return isPlain && sweep.horizons.length === 0 ? null : { ...sweep, tune, prune };
}

/** A choice: other settings and their defaults depend on it. */
const isChoice = ({ key }: Axis): boolean =>
  (declarations.get(key) ?? []).some(({ options }) => options !== undefined);

/**
 * The settings that differ between cells although nobody varies them: a test whether some cell has a setting of the key
 * with another default than the value. Each swept choice is looked at on its own.
 */
export function conditional(base: Named, { axes }: Sweep): (key: Key, value: Value) => boolean {
  const seen = axes
    .filter(isChoice)
    .flatMap(({ key, values }) =>
      values.flatMap((value) => settingsOf(makeConfig({ ...base, [key]: value } as Named))),
    );
  return (key, value) => seen.some((active) => active.key === key && active.default !== value);
}

/** The keys of a sweep as the link writes them, values written out. */
export function sweepEntries(sweep: Sweep): readonly (readonly [key: string, text: string])[] {
  const { axes, equal, horizons, seeds, tune, prune } = sweep;
  const list = (values: readonly unknown[]): string => values.map(String).join(',');
  return [
    ...axes.map(({ key, values }) => [key, list(values)] as const),
    ...(equal ? [['equal', equal.what] as const] : []),
    ...(equal && equal.budgets.length > 0 ? [['budget', list(equal.budgets)] as const] : []),
    ...(horizons.length > 0 ? [['horizon', list(horizons.map(horizonText))] as const] : []),
    ...(seeds > 1 ? [['seeds', String(seeds)] as const] : []),
    ...(tune.length > 0 ? [['tune', list(tune)] as const] : []),
    ...(prune === null ? [] : [['prune', String(prune)] as const]),
  ].map(([key, text]) => [`sweep.${key}`, text] as const);
}
