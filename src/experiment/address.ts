// The link: `#key=value&…&v=1`. Decoding never throws: what it does not understand it lists as problems, to be shown.
import { toFailure } from '../core/failure.ts';
import type { Setting, Value } from '../core/setting.ts';
import { describeLegal, parseValue } from '../core/setting-text.ts';
import {
  type Config,
  canonical,
  declarations,
  type Key,
  keys,
  makeConfig,
  type Named,
  named,
  settingsOf,
} from './config.ts';
import { type Lesson, lessonEntries, takeLesson } from './lesson.ts';
import {
  encodeText,
  type Given,
  isStudys,
  split,
  take,
  takeGroup,
  takePreset,
  takeStudy,
  takeVersion,
  VERSION,
} from './link-text.ts';
import { decodeResult, type LinkedResult } from './result-link.ts';
import { conditional, type Note, readSweep, sweepEntries } from './sweep/read-sweep.ts';
import type { Sweep } from './sweep/sweep.ts';

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
  /** What `sweep.*` or `study` vary around the config; null: one run. */
  readonly sweep: Sweep | null;
  /** `view.*`: how things are shown; never part of the run. */
  readonly view: Readonly<Record<string, string>>;
  /** `hide`, `note`, `expect`; null: the link is no lesson. */
  readonly lesson: Lesson | null;
  /** `r`: what the link says that its run gave; null: nothing. */
  readonly result: LinkedResult | null;
  /** `r` beside a sweep: what its runs gave, as it was packed; `decodeFinding` reads it. */
  readonly finding: string | null;
  readonly problems: readonly Problem[];
  /** True when the link was made by a newer lab: show it, do not train it. */
  readonly readOnly: boolean;
}

interface Read {
  readonly config: Config;
  /** Settings that have no effect in the config. */
  readonly unused: readonly (readonly [Key, string])[];
}

/** Values are read in catalog order, since what is legal depends on the choices before (a hourglass has no expansion). */
function readSettings(given: Given, note: Note): Read {
  const known = new Set<string>(keys);
  for (const key of given.keys())
    if (!known.has(key)) note(key, true, `${key} is not a setting of this lab; it is ignored.`);
  const values: Record<string, Value> = {};
  const unused: (readonly [Key, string])[] = [];
  const settingFor = (key: Key): Setting | undefined =>
    settingsOf(makeConfig(values as Named)).find((active) => active.key === key)?.setting;
  for (const key of keys) {
    const value = given.get(key);
    if (value === undefined) continue;
    const setting = settingFor(key);
    if (!setting) {
      unused.push([key, value]);
      continue;
    }
    const parsed = parseValue(setting, value);
    if (parsed === null)
      note(key, true, `${key}=${value} is not ${describeLegal(setting)}; the default is used.`);
    else values[key] = parsed;
  }
  return { config: makeConfig(values as Named), unused };
}

/**
 * Settings named beside a sweep over choices which the base config alone does not keep: those without effect in it, and
 * those that are its defaults, but not the defaults of every cell.
 */
function readHeld(given: Given, { config }: Read, sweep: Sweep): Named {
  const kept = named(config);
  const differs = conditional(kept, sweep);
  const held: Record<string, Value> = {};
  for (const key of keys) {
    const text = given.get(key);
    if (text === undefined || Object.hasOwn(kept, key) || sweep.axes.some((axis) => axis.key === key))
      continue;
    const setting = declarations.get(key)?.find((declared) => parseValue(declared, text) !== null);
    const value = setting && parseValue(setting, text);
    if (value !== undefined && value !== null && differs(key, value)) held[key] = value;
  }
  return held as Named;
}

function readResult(text: string | undefined, config: Config, note: Note): LinkedResult | null {
  if (text === undefined) return null;
  try {
    return decodeResult(text, config);
  } catch (error) {
    note('r', true, `The result in the link is not shown: ${toFailure(error).message}.`);
    return null;
  }
}

/** Reads a link, a fragment or a `key=value&…` text. */
export function decode(text: string): Decoded {
  const problems: Problem[] = [];
  const note: Note = (key, ignored, message) => void problems.push({ key, message, ignored });
  const given = split(text, note);
  const readOnly = takeVersion(given, note);
  const written = new Set(given.keys());
  const study = takeStudy(given, note);
  takePreset(given, note);
  const view = Object.fromEntries(takeGroup(given, 'view.'));
  const lesson = takeLesson(given, note);
  const packed = take(given, 'r');
  const swept = takeGroup(given, 'sweep.');
  const read = readSettings(given, note);
  const found = readSweep(swept, read.config, note);
  const sweep = found && {
    ...found,
    held: readHeld(given, read, found),
    study: study && isStudys(study, found) ? study : null,
  };
  for (const [key] of read.unused) {
    // What a study brings along and another choice rules out is nobody's mistake.
    const isMeant = written.has(key) && !(sweep && Object.hasOwn(sweep.held, key));
    if (isMeant) note(key, true, `${key} has no effect beside the other settings; it is ignored.`);
  }
  const result = sweep ? null : readResult(packed, read.config, note);
  const finding = sweep ? (packed ?? null) : null;
  return { config: read.config, sweep, view, lesson, result, finding, problems, readOnly };
}

type Entries = ReadonlyMap<string, string>;

function entriesOf(config: Config, sweep: Sweep | null): Entries {
  const settings = Object.entries({ ...named(config), ...sweep?.held });
  return new Map([
    ...settings.map(([key, value]): [string, string] => [key, String(value)]),
    ...(sweep ? sweepEntries(sweep) : []),
  ]);
}

/** What a link has to say beside `study=…`; null where the sweep is no longer the study's. */
function besideStudy(config: Config, sweep: Sweep, entries: Entries): Entries | null {
  const study = `study=${sweep.study}`;
  const own = decode(study);
  const template = entriesOf(own.config, own.sweep);
  const short = new Map([...entries].filter(([key, text]) => template.get(key) !== text));
  const active = new Set<string>(settingsOf(config).map(({ key }) => key));
  for (const key of template.keys()) {
    if (entries.has(key)) continue;
    if (key === 'sweep.seeds' && !entries.has('sweep.seed')) short.set(key, '1');
    else if (active.has(key)) short.set(key, String(config[key as Key]));
  }
  short.set('study', sweep.study as string);
  const read = decode(toText(short));
  const isSame =
    read.problems.length === 0 &&
    canonical(read.config) === canonical(config) &&
    JSON.stringify(read.sweep) === JSON.stringify(sweep);
  return isSame ? short : null;
}

const toText = (entries: Entries): string =>
  [...entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${encodeText(key)}=${encodeText(value)}`)
    .join('&');

/** What a link may carry beside the settings: a lesson, and a packed result of their run or of the sweep. */
export interface Beside {
  readonly lesson?: Lesson | null;
  readonly result?: string | null;
}

/** `key=value&…&v=1`, keys sorted, only settings that differ from the defaults; the rest when it is given. */
export function encode(
  config: Config,
  view: Readonly<Record<string, string>> = {},
  sweep: Sweep | null = null,
  { lesson = null, result = null }: Beside = {},
): string {
  const whole = entriesOf(config, sweep);
  const entries = (sweep?.study && besideStudy(config, sweep, whole)) || whole;
  const shown = Object.entries(view).map(([key, value]): [string, string] => [`view.${key}`, value]);
  const told = lesson ? lessonEntries(lesson) : [];
  const packed: (readonly [string, string])[] = result === null ? [] : [['r', result]];
  const text = toText(new Map([...entries, ...shown, ...told, ...packed]));
  return text === '' ? `v=${VERSION}` : `${text}&v=${VERSION}`;
}
