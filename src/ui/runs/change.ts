// What changed from one config to another, in a few words: "lr 1e-4 → 5e-5"; and short names that tell runs apart.
import { architectures } from '../../catalog/architectures/index.ts';
import { formatCount, formatNumber } from '../../core/format.ts';
import type { Setting, Value } from '../../core/setting.ts';
import {
  type ActiveSetting,
  type Config,
  declarations,
  defaults,
  type Key,
  keys,
  runId,
  settingsOf,
} from '../../experiment/config.ts';
import { isLinked, isUnderway, type Run } from '../../experiment/run.ts';

const SHORT: Partial<Record<Key, string>> = {
  data: 'data',
  model: 'model',
  augment: 'augment',
  optimizer: 'rule',
  schedule: 'schedule',
  'optimizer.learningRate': 'lr',
  'optimizer.weightDecay': 'decay',
  'train.batchSize': 'batch',
  'train.labelSmoothing': 'smoothing',
};

const words = (setting: Setting, value: Value): string => {
  if (typeof value === 'number') return formatNumber(value, 4);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return (setting.options?.find((option) => option.value === value)?.label ?? value).toLowerCase();
};

/** Short names of settings, as changes and searches write them: "lr", "width". */
export const settingNames: Readonly<Record<Key, string>> = Object.fromEntries(
  keys.map((key) => [key, SHORT[key] ?? labelOf(key)]),
) as Record<Key, string>;

function labelOf(key: Key): string {
  const [first] = declarations.get(key) ?? [];
  return first?.label.toLowerCase() ?? key;
}

/** A setting's value in words: "hourglass", "on", "5e-5"; "–" where it has no effect. */
export function valueWords(key: Key, config: Config): string {
  const active = settingsOf(config).find((one) => one.key === key);
  return active ? words(active.setting, config[key]) : '–';
}

/** Changes in catalog order; a setting that only one of the two has counts where it differs from its default. */
export function changes(from: Config, to: Config): readonly string[] {
  const before = new Map<Key, ActiveSetting>(settingsOf(from).map((active) => [active.key, active]));
  const list: string[] = [];
  for (const { key, setting, default: fallback } of settingsOf(to)) {
    const name = SHORT[key] ?? setting.label.toLowerCase();
    const old = before.get(key);
    if (!old) {
      if (to[key] !== fallback) list.push(`${name} ${words(setting, to[key])}`);
      continue;
    }
    if (from[key] === to[key]) continue;
    // A default that followed another choice is not a change of its own.
    if (from[key] === old.default && to[key] === fallback) continue;
    list.push(`${name} ${words(old.setting, from[key])} → ${words(setting, to[key])}`);
  }
  return list;
}

const kept = new WeakMap<Config, WeakMap<Config, string>>();

/** "lr 1e-4 → 5e-5, depth 4 → 6", at most three, then how many more. */
export function changeWords(from: Config, to: Config): string {
  const known = kept.get(from)?.get(to);
  if (known !== undefined) return known;
  const list = changes(from, to);
  const text = list.length <= 3 ? list.join(', ') : `${list.slice(0, 2).join(', ')}, ${list.length - 2} more`;
  const ofFrom = kept.get(from) ?? new WeakMap<Config, string>();
  kept.set(from, ofFrom.set(to, text));
  return text;
}

/**
 * Against the run before it in time, or against the defaults for the first; a fork against the run it came from.
 * `runs` are newest first.
 */
export function changeOfRun(runs: readonly Run[], run: Run): string {
  if (run.parent) {
    const parent = runs.find(({ key }) => key === run.parent?.key);
    const change = parent ? changeWords(parent.config, run.config) : '';
    return `fork at step ${formatCount(run.parent.step)}${change ? `: ${change}` : ''}`;
  }
  const previous = runs[runs.findIndex(({ key }) => key === run.key) + 1];
  if (!previous) return changeWords(defaults, run.config) || 'defaults';
  return changeWords(previous.config, run.config) || 'same settings';
}

/** "inverted 512 × 6". */
export function shortName(config: Config): string {
  const entry = architectures[config.model];
  return `${entry.short.toLowerCase()} ${(entry.shape as (config: Config) => string)(config)}`;
}

/** What a person called it, else the short name. */
export function nameOf(run: Run): string {
  return run.remarks.title || shortName(run.config);
}

const LONGEST = 32;

/** The one setting that has another value in each of these configs: what is compared where runs stand side by side. */
function comparedKey(configs: readonly Config[]): Key | null {
  const [first] = configs;
  if (!first || configs.length < 2) return null;
  const isApart = (key: Key): boolean =>
    new Set(configs.map((config) => config[key])).size === configs.length;
  return settingsOf(first).find(({ key }) => key !== 'seed' && isApart(key))?.key ?? null;
}

/**
 * The shortest label of each run that is its own among those given: what a person called it, else the family, then the
 * shape, then the setting that is compared, then the change.
 */
export function labels(shown: readonly Run[], runs: readonly Run[]): ReadonlyMap<string, string> {
  const family = (run: Run): string => architectures[run.config.model].short.toLowerCase();
  const result = new Map<string, string>();
  const compared = comparedKey(shown.filter((run) => !isLinked(run)).map(({ config }) => config));
  for (const run of shown) {
    if (isLinked(run)) {
      result.set(run.key, `${family(run)}, from a link`);
      continue;
    }
    const others = shown.filter((other) => other.key !== run.key && !isLinked(other));
    const isOwn = (name: (one: Run) => string): boolean => others.every((other) => name(other) !== name(run));
    const { title } = run.remarks;
    if (title !== '' && isOwn((one) => one.remarks.title))
      result.set(run.key, title.length > LONGEST ? `${title.slice(0, LONGEST - 1)}…` : title);
    else if (isOwn(family) && !run.parent) result.set(run.key, family(run));
    else if (isOwn((one) => shortName(one.config)) && !run.parent) result.set(run.key, shortName(run.config));
    else if (compared && !run.parent)
      result.set(run.key, `${family(run)}, ${settingNames[compared]} ${valueWords(compared, run.config)}`);
    else {
      const [first] = changeOfRun(runs, run).split(',');
      const own = `${family(run)}, ${first}`;
      result.set(run.key, [...result.values()].includes(own) ? `${own} (${run.key.slice(0, 4)})` : own);
    }
  }
  return result;
}

/** Status in words, with the glyph that goes with it. */
export function statusWords(run: Run): { readonly text: string; readonly tone: 'acc' | 'err' | 'ink2' } {
  const percent = run.totalSteps ? `, ${Math.floor((100 * run.step) / run.totalSteps)} %` : '';
  const step = run.step.toLocaleString('en-US');
  if (isLinked(run)) return { text: 'from a link', tone: 'ink2' };
  switch (run.state) {
    case 'queued':
      return { text: 'queued', tone: 'ink2' };
    case 'running':
      return { text: `training${percent}`, tone: 'acc' };
    case 'finished':
      return run.totalSteps !== null && run.step < run.totalSteps
        ? { text: `target reached, step ${step}`, tone: 'ink2' }
        : { text: 'finished', tone: 'ink2' };
    case 'stopped':
      return { text: `stopped, step ${step}`, tone: 'ink2' };
    case 'diverged':
      return { text: `× diverged, step ${step}`, tone: 'err' };
    case 'failed':
      return { text: `! interrupted, step ${step}`, tone: 'err' };
    default:
      throw run.state satisfies never;
  }
}

/** The newest run of exactly this config that was trained here and is not underway; a fork of it counts too. */
export function newestRun(runs: readonly Run[], config: Config): Run | null {
  const id = runId(config);
  const isFork = (run: Run): boolean => run.parent !== null && runId(run.config) === id;
  return runs.find((run) => !isUnderway(run) && !isLinked(run) && (run.id === id || isFork(run))) ?? null;
}
