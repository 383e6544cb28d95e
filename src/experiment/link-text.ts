// A link as keys and values: taken apart, with what stands for several settings (a study, a preset) written out.
import { parsePreset } from '../catalog/architectures/preset.ts';
import { studies } from '../catalog/studies/index.ts';
import type { Note } from './sweep/read-sweep.ts';
import { sweepEntries } from './sweep/read-sweep.ts';
import type { Sweep } from './sweep/sweep.ts';

/** The version of defaults that a link without `v` has, and that this build writes. */
export const VERSION = 1;
/** Longest link that is read. */
export const MAX_LENGTH = 8 * 1024;

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

export type Given = Map<string, string>;
export type StudyId = Extract<keyof typeof studies, string>;

const isStudy = (id: string): id is StudyId => Object.hasOwn(studies, id);

/** Keys and values as written; a key that is written twice has its last value. */
export function split(text: string, note: Note): Given {
  const given: Given = new Map();
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
  return given;
}

/** Takes a key out. */
export function take(given: Given, key: string): string | undefined {
  const value = given.get(key);
  given.delete(key);
  return value;
}

/** Takes `v`; true: the link is of a newer lab. */
export function takeVersion(given: Given, note: Note): boolean {
  const version = take(given, 'v');
  if (version === undefined || version === String(VERSION)) return false;
  const isNewer = /^\d+$/.test(version) && Number(version) > VERSION;
  const message = isNewer
    ? `This link was made by a newer lab (v=${version}); it is shown as far as it is understood, read-only.`
    : `v=${version} is not a version; v=${VERSION} is assumed.`;
  note('v', true, message);
  return isNewer;
}

/** Keys of which a link has one or the other. */
const RIVALS = [
  [/^sweep\.(equal|budget)$/, /^sweep\.model\.width$/],
  [/^sweep\.horizon$/, /^(sweep\.)?train\.(epochs|steps|seconds)$/],
  [/^sweep\.seeds$/, /^sweep\.seed$/],
] as const;

/** Takes `study` and puts its settings beside those that are named, which win. Gives the id of a study there is. */
export function takeStudy(given: Given, note: Note): StudyId | null {
  const id = take(given, 'study');
  if (id === undefined) return null;
  if (!isStudy(id)) {
    const known = Object.keys(studies).join(', ');
    note('study', true, `study=${id} is not a study of this lab; choose one of ${known}.`);
    return null;
  }
  const written = [...given.keys()];
  for (const [key, value] of split(studies[id].settings, note)) {
    const hasRival = RIVALS.some(
      ([one, other]) =>
        (one.test(key) && written.some((name) => other.test(name))) ||
        (other.test(key) && written.some((name) => one.test(name))),
    );
    if (!written.includes(key) && !hasRival) given.set(key, value);
  }
  return id;
}

/** Whether a sweep still asks what its study asks: all that the study varies is varied, though by other values. */
export function isStudys(id: StudyId, sweep: Sweep): boolean {
  const varied = new Set(sweepEntries(sweep).map(([key]) => key));
  return [...split(studies[id].settings, () => {}).keys()].every(
    (key) => !key.startsWith('sweep.') || key === 'sweep.seeds' || varied.has(key),
  );
}

export function takePreset(given: Given, note: Note): void {
  const name = take(given, 'model.preset');
  if (name === undefined) return;
  const preset = parsePreset(name);
  if (!preset) {
    const message = `model.preset=${name} is not a name such as B_6-Wi_512 or mixer-nano; it is ignored.`;
    note('model.preset', true, message);
    return;
  }
  for (const [key, value] of Object.entries(preset)) {
    const explicit = given.get(key);
    if (explicit === undefined) given.set(key, String(value));
    else if (explicit !== String(value))
      note(key, false, `${key}=${explicit} is named beside model.preset=${name} and wins.`);
  }
}

/** Takes the keys that begin so, without their beginning. */
export function takeGroup(given: Given, prefix: string): Given {
  const group: Given = new Map();
  for (const [key, value] of [...given]) {
    if (!key.startsWith(prefix)) continue;
    group.set(key.slice(prefix.length), value);
    given.delete(key);
  }
  return group;
}

/** Text as it stands in a link, with what needs no escape left readable. */
export const encodeText = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':');
