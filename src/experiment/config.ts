// The config: one flat object of all settings by their keys in the link. Everything that depends on the set of
// settings (types, defaults, what applies, the run's id) is derived here from the catalog.
import { architectures } from '../catalog/architectures/index.ts';
import { augmentationFields } from '../catalog/augmentations/augmentation.ts';
import { augmentations } from '../catalog/augmentations/index.ts';
import { datasetFields } from '../catalog/datasets/dataset.ts';
import { datasets } from '../catalog/datasets/index.ts';
import { optimizers } from '../catalog/optimizers/index.ts';
import { schedules } from '../catalog/schedules/index.ts';
import { tasks } from '../catalog/tasks/index.ts';
import { seedField, trainingFields } from '../catalog/training.ts';
import { evaluationFields, transferFields } from '../catalog/transfer.ts';
import { choice } from '../core/fields.ts';
import { sha256Hex } from '../core/hash.ts';
import type { Fields, Known, Setting, Value, ValuesOf } from '../core/setting.ts';

interface Entry {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly short?: string;
  readonly fields?: Fields;
}

interface Kind {
  readonly key: string;
  readonly setting: Setting<string>;
  readonly entries: Readonly<Record<string, Entry>>;
  /** Settings of every entry of the kind. */
  readonly fields: Fields;
}

function kind<const K extends string, E extends Readonly<Record<string, Entry>>, F extends Fields>(
  key: K,
  entries: E,
  meta: { label: string; help: string; default: Extract<keyof E, string> },
  fields: F,
) {
  const options = Object.entries(entries).map(([value, entry]) => ({
    value: value as Extract<keyof E, string>,
    label: entry.short ?? entry.label,
    help: entry.help,
    source: entry.source,
  }));
  return {
    key,
    entries,
    fields,
    setting: choice<Extract<keyof E, string>>(options, { ...meta, source: 'as each choice names' }),
  };
}

const data = kind(
  'data',
  datasets,
  { label: 'Dataset', help: 'The images to learn from.', default: 'fashion-mnist' },
  datasetFields,
);
const augment = kind(
  'augment',
  augmentations,
  { label: 'Augmentation', help: 'How training images are varied.', default: 'none' },
  augmentationFields,
);
const task = kind(
  'task',
  tasks,
  { label: 'Task', help: 'What the network has to do.', default: 'classify' },
  {},
);
const model = kind(
  'model',
  architectures,
  { label: 'Shape', help: 'The family of network.', default: 'inverted-bottleneck' },
  {},
);
const optimizer = kind(
  'optimizer',
  optimizers,
  { label: 'Rule', help: 'How a gradient becomes a step.', default: 'adamw' },
  {},
);
const schedule = kind(
  'schedule',
  schedules,
  { label: 'Schedule', help: 'How the learning rate changes over the run.', default: 'constant' },
  {},
);
const training = { fields: { ...trainingFields, ...transferFields, ...evaluationFields, seed: seedField } };

type Merge<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;
type FieldsOf<E> = E extends { readonly fields: infer F extends Fields } ? ValuesOf<F> : unknown;
type EntryFields<E> = Merge<FieldsOf<E[keyof E]>>;

/** Every setting, by its key. Settings that do not apply hold the default of the first entry that declares them. */
export type Config = {
  readonly data: Extract<keyof typeof datasets, string>;
  readonly augment: Extract<keyof typeof augmentations, string>;
  readonly task: Extract<keyof typeof tasks, string>;
  readonly model: Extract<keyof typeof architectures, string>;
  readonly optimizer: Extract<keyof typeof optimizers, string>;
  readonly schedule: Extract<keyof typeof schedules, string>;
} & ValuesOf<typeof datasetFields> &
  ValuesOf<typeof augmentationFields> &
  EntryFields<typeof augmentations> &
  ValuesOf<(typeof training)['fields']> &
  EntryFields<typeof tasks> &
  EntryFields<typeof architectures> &
  EntryFields<typeof optimizers> & { readonly 'schedule.warmupSteps': number };

export type Key = keyof Config;

const kinds: readonly Kind[] = [
  data,
  augment,
  task,
  model,
  optimizer,
  schedule,
] as unknown as readonly Kind[];

/** A setting as it stands in one config. */
export interface ActiveSetting {
  readonly key: Key;
  readonly setting: Setting;
  /** The value it has when nobody names it, in this config. */
  readonly default: Value;
}

const evaluate = (setting: Setting, known: Known): Value =>
  typeof setting.default === 'function' ? setting.default(known) : setting.default;

/** Walks all settings in order; `visit` gives each that applies its value, which later defaults may depend on. */
function resolve(visit: (active: ActiveSetting) => Value): Config {
  const known: Record<string, Value> = Object.create(null);
  const place = (key: string, setting: Setting, applies: boolean): void => {
    const fallback = evaluate(setting, known);
    known[key] = applies ? visit({ key: key as Key, setting, default: fallback }) : fallback;
  };
  const placeFields = (fields: Fields, isActive: boolean): void => {
    for (const [key, setting] of Object.entries(fields)) {
      if (key in known) continue;
      place(key, setting, isActive && (setting.applies?.(known) ?? true));
    }
  };
  for (const { key, setting, entries, fields } of kinds) {
    place(key, setting, true);
    placeFields(fields, true);
    placeFields(entries[known[key] as string]?.fields ?? {}, true);
    for (const entry of Object.values(entries)) placeFields(entry.fields ?? {}, false);
  }
  placeFields(training.fields, true);
  return { ...known } as unknown as Config;
}

/** Values as named by somebody, not yet checked. */
export type Named = { readonly [K in Key]?: Config[K] };

/** A complete config: named values where they apply and are legal, defaults elsewhere. */
export function makeConfig(named: Named = {}): Config {
  return resolve(({ key, setting, default: fallback }) => {
    const value = Object.hasOwn(named, key) ? named[key] : undefined;
    return value !== undefined && setting.schema.safeParse(value).success ? value : fallback;
  });
}

export const defaults: Config = makeConfig();

/** All settings of a config in catalog order, with their defaults there. */
export function settingsOf(config: Config): readonly ActiveSetting[] {
  const active: ActiveSetting[] = [];
  resolve((setting) => {
    active.push(setting);
    return config[setting.key] ?? setting.default;
  });
  return active;
}

/**
 * Every setting that some choice declares under a key, in menu order: shapes may share a key and differ in its default.
 */
export const declarations: ReadonlyMap<string, readonly Setting[]> = (() => {
  const found = new Map<string, Setting[]>();
  const declare = (key: string, setting: Setting): void => {
    found.set(key, [...(found.get(key) ?? []), setting]);
  };
  const declareAll = (fields: Fields = {}): void => {
    for (const [key, setting] of Object.entries(fields)) declare(key, setting);
  };
  for (const { key, setting, entries, fields } of kinds) {
    declare(key, setting);
    declareAll(fields);
    for (const entry of Object.values(entries)) declareAll(entry.fields);
  }
  declareAll(training.fields);
  return found;
})();

/** Every key that any config can have. */
export const keys: readonly Key[] = Object.keys(defaults) as Key[];

/**
 * A config with one setting changed. Settings that still stand at their default follow it where the default depends
 * on what changed (another optimizer, another learning rate); values that the user set stay where they still apply.
 */
export function withSetting(config: Config, changes: Named): Config {
  return makeConfig({ ...named(config), ...changes } as Named);
}

/** The settings that differ from their defaults in this config. */
export function named(config: Config): Named {
  const result: Record<string, Value> = {};
  for (const { key, default: fallback } of settingsOf(config))
    if (config[key] !== fallback) result[key] = config[key];
  return result as Named;
}

/** Budgets of which a config has exactly one: the others are 0, which means that they are not used. */
const budgets: readonly string[] = ['train.steps', 'train.seconds', 'train.epochs'];

/** All settings that have an effect, defaults filled in: what `run.json` records. */
export function effective(config: Config): Readonly<Record<string, Value>> {
  const used = settingsOf(config).filter(({ key }) => !(budgets.includes(key) && config[key] === 0));
  return Object.fromEntries(used.map(({ key }) => [key, config[key]]));
}

/** The canonical text of a config: settings that differ from the defaults of v=1, sorted, `key=value` joined by &. */
export function canonical(config: Config): string {
  return Object.entries(named(config))
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join('&');
}

/** Where a forked run began: a run's identity and the step of its checkpoint; its key says which attempt it was. */
export interface Parent {
  readonly key: string;
  readonly id: string;
  readonly step: number;
  /** What lay behind it at that step: its batches may have had another size. */
  readonly before: { readonly epochs: number; readonly examples: number; readonly flops: number };
}

/** What a run is, as text: its config and, for a fork, where it forked. A fork is never the plain run of its config. */
export function identityText(config: Config, parent: Pick<Parent, 'id' | 'step'> | null = null): string {
  return parent ? `${canonical(config)}&fork=${parent.id}@${parent.step}` : canonical(config);
}

/** The id of an identity: SHA-256, hex. */
export function idOf(identity: string): string {
  return sha256Hex(new TextEncoder().encode(identity));
}

const plainIds = new WeakMap<Config, string>();

/** The identity of a run: SHA-256 of the canonical config (and of where it forked), hex. */
export function runId(config: Config, parent: Pick<Parent, 'id' | 'step'> | null = null): string {
  if (parent) return idOf(identityText(config, parent));
  const id = plainIds.get(config) ?? idOf(identityText(config));
  plainIds.set(config, id);
  return id;
}

const recipes = new WeakMap<Config, string>();

/** A config without its seed, as text for comparing: quick, and good only within one page view. */
export function recipe(config: Config): string {
  const known = recipes.get(config);
  if (known !== undefined) return known;
  // What does not apply holds its default, so equal configs hold equal values throughout.
  const text = keys.map((key) => (key === 'seed' ? '' : (config[key] ?? defaults[key]))).join('|');
  recipes.set(config, text);
  return text;
}
