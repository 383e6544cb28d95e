// A lesson in a link: which controls the form hides, a note above it, and what should be seen. Plain text, never
// markup; nothing of it changes the run.
import { plainText } from '../core/plain-text.ts';
import { type Key, keys } from './config.ts';
import { encodeText, type Given } from './link-text.ts';
import type { Note } from './sweep/read-sweep.ts';

export interface Lesson {
  /** Keys of settings that the form hides; `optimizer.*` is a setting and all whose key begins with it. */
  readonly hide: readonly string[];
  readonly note: string;
  /** What the reader should observe, to be looked at after the run. */
  readonly expect: string;
}

/** Most characters of the texts, as they stand in the link: together with a result they leave room for settings. */
export const MOST_LETTERS = { note: 3600, expect: 900 } as const;

/** The text, cut so that it takes at most so many characters in a link. */
export function fitted(text: string, most: number): string {
  let fit = plainText(text, most);
  while (encodeText(fit).length > most) {
    const over = encodeText(fit).length - most;
    fit = plainText(fit, fit.length - Math.max(1, Math.floor(over / 9)));
  }
  return fit;
}

const isGroup = (pattern: string): boolean => pattern.endsWith('.*');

/** Does `model.width`, or `model.*`, name this setting? */
export function matches(pattern: string, key: string): boolean {
  if (!isGroup(pattern)) return pattern === key;
  const name = pattern.slice(0, -2);
  return key === name || key.startsWith(`${name}.`);
}

/** Is the setting's control hidden? */
export const isHidden = (lesson: Lesson | null, key: Key): boolean =>
  lesson?.hide.some((pattern) => matches(pattern, key)) ?? false;

function readHide(text: string, note: Note): readonly string[] {
  const patterns = text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  const known = patterns.filter((pattern) => keys.some((key) => matches(pattern, key)));
  for (const pattern of patterns)
    if (!known.includes(pattern))
      note(
        'hide',
        true,
        `hide names ${plainText(pattern, 60)}, which is not a setting of this lab; it hides nothing.`,
      );
  return [...new Set(known)];
}

/** Takes `hide`, `note` and `expect`; null: the link is no lesson. */
export function takeLesson(given: Given, note: Note): Lesson | null {
  const text = (key: keyof typeof MOST_LETTERS): string => {
    const written = given.get(key) ?? '';
    given.delete(key);
    const read = fitted(written, MOST_LETTERS[key]);
    if (read.length < plainText(written, Number.POSITIVE_INFINITY).length)
      note(key, false, `The ${key} is too long for a link; its end is cut off.`);
    return read;
  };
  const hide = readHide(given.get('hide') ?? '', note);
  given.delete('hide');
  const lesson = { hide, note: text('note'), expect: text('expect') };
  return hide.length > 0 || lesson.note !== '' || lesson.expect !== '' ? lesson : null;
}

/** Keys and values of a link. */
export function lessonEntries({ hide, note, expect }: Lesson): readonly (readonly [string, string])[] {
  const entries: (readonly [string, string])[] = [
    ['hide', hide.join(',')],
    ['note', note],
    ['expect', expect],
  ];
  return entries.filter(([, value]) => value !== '');
}
