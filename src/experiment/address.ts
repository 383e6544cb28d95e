// The link: `#key=value&…&v=1`. Decoding never throws: what it does not understand it lists as problems, to be shown.
import { parsePreset } from '../catalog/architectures/preset.ts';
import type { Setting, Value } from '../core/setting.ts';
import { type Config, type Key, keys, makeConfig, type Named, named, settingsOf } from './config.ts';

/** The version of defaults that a link without `v` has, and that this build writes. */
export const VERSION = 1;
/** Longest link that is read. */
const MAX_LENGTH = 8 * 1024;

export interface Problem {
  /** The part of the link it is about. */
  readonly key: string;
  /** What is wrong and what was done instead. */
  readonly message: string;
  /** True when that part of the link was not used: what trains is not what was written. */
  readonly ignored: boolean;
}

export interface Decoded {
  readonly config: Config;
  /** `view.*`: how things are shown; never part of the run. */
  readonly view: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  /** True when the link was made by a newer lab: show it, do not train it. */
  readonly readOnly: boolean;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The part of a link that carries settings: after `#` or `?`, or the whole text. */
function fragment(text: string): string {
  const hash = text.indexOf('#');
  if (hash >= 0) return text.slice(hash + 1);
  const query = text.indexOf('?');
  return query >= 0 ? text.slice(query + 1) : text;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function describeLegal({ options, range, schema }: Setting): string {
  if (options) return `one of ${options.map((option) => option.value).join(', ')}`;
  if (range) {
    const whole = !schema.safeParse((range[0] + range[1]) / 2 + 0.1234).success;
    return `${whole ? 'a whole number' : 'a number'} from ${range[0]} to ${range[1]}`;
  }
  return 'true or false';
}

/** Text to a value of the setting's type; null when it is not one. */
export function parseValue(setting: Setting, text: string): Value | null {
  const candidates: Value[] = [text];
  if (DECIMAL.test(text)) candidates.push(Number(text) + 0); // −0 is 0
  if (text === 'true' || text === 'false') candidates.push(text === 'true');
  for (const candidate of candidates) if (setting.schema.safeParse(candidate).success) return candidate;
  return null;
}

/** Every setting by key, wherever it is declared first; used to read a value before it is known whether it applies. */
function settingFor(config: Config, key: Key): Setting | undefined {
  return settingsOf(config).find((active) => active.key === key)?.setting;
}

/**
 * Reads a link, a fragment or a `key=value&…` text. Values are read in catalog order, since what is legal depends on
 * the choices before (a hourglass has no expansion).
 */
export function decode(text: string): Decoded {
  const problems: Problem[] = [];
  const note = (key: string, ignored: boolean, message: string) => problems.push({ key, message, ignored });
  const view: Record<string, string> = {};
  const given = new Map<string, string>();
  let readOnly = false;
  let source = fragment(text.trim());
  if (source.length > MAX_LENGTH) {
    note(
      'link',
      true,
      `The link has ${source.length} characters; at most ${MAX_LENGTH} are read. Defaults are shown instead.`,
    );
    source = '';
  }
  for (const part of source.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const key = decodeText(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : decodeText(part.slice(at + 1));
    if (given.has(key)) note(key, true, `${key} is named twice; the last value is used.`);
    given.set(key, value);
  }
  const version = given.get('v');
  given.delete('v');
  if (version !== undefined && version !== String(VERSION)) {
    if (/^\d+$/.test(version) && Number(version) > VERSION) {
      readOnly = true;
      note(
        'v',
        true,
        `This link was made by a newer lab (v=${version}); it is shown as far as it is understood, read-only.`,
      );
    } else note('v', true, `v=${version} is not a version; v=${VERSION} is assumed.`);
  }
  const values: Record<string, Value> = {};
  const presetName = given.get('model.preset');
  given.delete('model.preset');
  if (presetName !== undefined) {
    const preset = parsePreset(presetName);
    if (!preset) {
      note(
        'model.preset',
        true,
        `model.preset=${presetName} is not a name such as B_6-Wi_512 (blocks and width); it is ignored.`,
      );
    } else {
      for (const [key, value] of Object.entries(preset)) {
        const explicit = given.get(key);
        if (explicit === undefined) given.set(key, String(value));
        else if (explicit !== String(value)) {
          note(key, false, `${key}=${explicit} is named beside model.preset=${presetName} and wins.`);
        }
      }
    }
  }
  const known = new Set<string>(keys);
  for (const [key, value] of given) {
    if (key.startsWith('view.')) {
      view[key.slice(5)] = value;
      given.delete(key);
    } else if (!known.has(key)) {
      note(key, true, `${key} is not a setting of this lab; it is ignored.`);
      given.delete(key);
    }
  }
  for (const key of keys) {
    const value = given.get(key);
    if (value === undefined) continue;
    const setting = settingFor(makeConfig(values as Named), key);
    if (!setting) {
      note(key, true, `${key} has no effect beside the other settings; it is ignored.`);
      continue;
    }
    const parsed = parseValue(setting, value);
    if (parsed === null) {
      note(key, true, `${key}=${value} is not ${describeLegal(setting)}; the default is used.`);
    } else values[key] = parsed;
  }
  return { config: makeConfig(values as Named), view, problems, readOnly };
}

const encodeText = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%2C', ',');

/** `key=value&…&v=1`, keys sorted, only settings that differ from the defaults; view keys when given. */
export function encode(config: Config, view: Readonly<Record<string, string>> = {}): string {
  const entries: [string, Value][] = [
    ...Object.entries(named(config)),
    ...Object.entries(view).map(([key, value]): [string, string] => [`view.${key}`, value]),
  ];
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return [...entries, ['v', VERSION] as const]
    .map(([key, value]) => `${encodeText(key)}=${encodeText(String(value))}`)
    .join('&');
}
