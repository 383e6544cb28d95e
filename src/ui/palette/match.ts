// Which entries a query finds, best first; and the number at its end, which sets a numeric setting.
import { parseNumber } from '../../core/format.ts';

export interface Entry {
  readonly id: string;
  /** Heading under which it stands. */
  readonly group: 'Do' | 'Go to' | 'Set' | 'Load' | 'Words';
  readonly words: string;
  /** Beside it, in a lighter ink: what it is now, a key, where it comes from. */
  readonly detail: string;
  /** Further words by which it is found. */
  readonly also?: string;
  /** Why it is off. */
  readonly off?: string;
  readonly run: () => void;
  /** With the number that was typed behind the words; null: the number is not legal here. */
  readonly withNumber?: (value: number) => (() => void) | null;
}

const plain = (text: string): string => text.toLowerCase();

/** How well words fit: all begin a word of the entry (3), stand somewhere in it (2), or in its further words (1); 0: not. */
function likeness(entry: Entry, terms: readonly string[]): number {
  const words = plain(entry.words);
  const all = `${words} ${plain(entry.detail)} ${plain(entry.also ?? '')}`;
  if (!terms.every((term) => all.includes(term))) return 0;
  const starts = terms.every((term) => words.startsWith(term) || words.includes(` ${term}`));
  if (starts) return words.startsWith(terms[0] ?? '') ? 4 : 3;
  return terms.every((term) => words.includes(term)) ? 2 : 1;
}

/** "width 256": the words before a number at the end, and the number; null: there is none. */
export function numberBehind(query: string): { readonly words: string; readonly value: number } | null {
  const match = /^(.*\S)\s+(\S+)$/.exec(query.trim());
  const value = match ? parseNumber(match[2] as string) : null;
  return match && value !== null ? { words: match[1] as string, value } : null;
}

const termsOf = (text: string): readonly string[] =>
  plain(text)
    .split(/\s+/)
    .filter((term) => term !== '');

function ranked(entries: readonly Entry[], text: string): readonly Entry[] {
  const terms = termsOf(text);
  return entries
    .map((entry, index) => ({ entry, index, like: terms.length === 0 ? 1 : likeness(entry, terms) }))
    .filter((one) => one.like > 0)
    .toSorted((a, b) => b.like - a.like || a.index - b.index)
    .map(({ entry }) => entry);
}

/** Entries that fit, best first. With a number at the end, settings that can take it come first and set it. */
export function matching(entries: readonly Entry[], query: string, most = 60): readonly Entry[] {
  const typed = numberBehind(query);
  const setting = typed
    ? ranked(entries, typed.words).flatMap((entry): readonly Entry[] => {
        if (!entry.withNumber) return [];
        const run = entry.withNumber(typed.value);
        return [
          {
            ...entry,
            words: `${entry.words}: ${typed.value}`,
            ...(run ? { run } : { off: 'not a legal value' }),
          },
        ];
      })
    : [];
  const found = ranked(entries, query).filter(({ id }) => setting.every((one) => one.id !== id));
  return [...setting, ...found].slice(0, most);
}
