// Searching the runs: words, tags (#ablation), and settings (width=512, lr<1e-3, model=hourglass), all of which must hold.
import { parseNumber } from '../../core/format.ts';
import { type Key, keys } from '../../experiment/config.ts';
import { type Run, titleOf } from '../../experiment/run.ts';
import { settingNames, shortName } from './change.ts';

type Comparison = '=' | '<' | '>' | '<=' | '>=' | '!=';

export type Term =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | {
      readonly kind: 'setting';
      readonly keys: readonly Key[];
      readonly how: Comparison;
      readonly value: string;
    };

const SETTING = /^([a-z][\w.]*)(<=|>=|!=|=|<|>)(.*)$/i;

/** Settings that a person may mean: the key, its last part, or the short name that changes are written with. */
function keysOf(name: string): readonly Key[] {
  const wanted = name.toLowerCase();
  return keys.filter((key) => {
    const whole = key.toLowerCase();
    return whole === wanted || whole.endsWith(`.${wanted}`) || settingNames[key] === wanted;
  });
}

/** Words in quotes stay together. */
export function parseSearch(text: string): readonly Term[] {
  return [...text.matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]): Term => {
    if (quoted !== undefined) return { kind: 'word', word: quoted.toLowerCase() };
    if (whole.startsWith('#') && whole.length > 1) return { kind: 'tag', tag: whole.slice(1).toLowerCase() };
    const [, name, how, value] = SETTING.exec(whole) ?? [];
    const found = name ? keysOf(name) : [];
    return found.length > 0 && value
      ? { kind: 'setting', keys: found, how: how as Comparison, value: value.toLowerCase() }
      : { kind: 'word', word: whole.toLowerCase() };
  });
}

function compares(left: number, how: Comparison, right: number): boolean {
  switch (how) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      throw how satisfies never;
  }
}

function settingHolds(run: Run, key: Key, how: Comparison, text: string): boolean {
  const value = run.config[key];
  if (typeof value === 'number') {
    const number = parseNumber(text);
    return number !== null && compares(value, how, number);
  }
  const own = typeof value === 'boolean' ? (value ? 'on true' : 'off false') : String(value).toLowerCase();
  const holds = own.split(' ').some((word) => word.startsWith(text));
  return how === '!=' ? !holds : how === '=' && holds;
}

const words = new WeakMap<Run, string>();

/** Everything about a run that words are looked for in. */
function wordsOf(run: Run): string {
  const known = words.get(run);
  if (known !== undefined) return known;
  const { remarks, config, state, key } = run;
  const text = [titleOf(run), run.name, shortName(config), remarks.note, remarks.tags.join(' '), state, key];
  const settings = keys.map((name) => `${name}=${config[name]}`);
  const all = [...text, ...settings].join('\n').toLowerCase();
  words.set(run, all);
  return all;
}

export function matches(run: Run, terms: readonly Term[]): boolean {
  return terms.every((term) => {
    switch (term.kind) {
      case 'word':
        return wordsOf(run).includes(term.word);
      case 'tag':
        return run.remarks.tags.some((tag) => tag.toLowerCase().startsWith(term.tag));
      case 'setting':
        return term.keys.some((key) => settingHolds(run, key, term.how, term.value));
      default:
        throw term satisfies never;
    }
  });
}
