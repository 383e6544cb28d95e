// Numbers with the digits that their intervals carry: never more than two of what is uncertain.
import { formatNumber, formatSi } from '../../core/format.ts';
import type { Interval } from '../../core/stats/bootstrap.ts';

export interface AmountWords {
  readonly value: string;
  /** "[610, 1,350]"; empty without an interval. */
  readonly interval: string;
}

const LARGE = 1e5;

/** From this ratio on, an interval's width says nothing about its lower end. */
const WIDE = 10;

/**
 * A value and its interval in the same digits: two of the interval's width, two of each where it spans more than a
 * factor of ten, three of a value without one.
 */
export function amountWords(value: number, interval: Interval | null): AmountWords {
  const usable = interval?.every(Number.isFinite) && interval[1] > interval[0] ? interval : null;
  const isWide = usable !== null && usable[0] > 0 && usable[1] > WIDE * usable[0];
  const step = usable && !isWide ? 10 ** (Math.floor(Math.log10(usable[1] - usable[0])) - 1) : null;
  const words = (one: number): string => {
    const size = Math.abs(one);
    if (step !== null && size < step / 2) return '0';
    const known = isWide ? 2 : step === null || size === 0 ? 3 : Math.floor(Math.log10(size / step)) + 1;
    const digits = Math.min(6, Math.max(step === null && !isWide ? 3 : 1, known));
    if (size >= LARGE) return `${one < 0 ? '−' : ''}${formatSi(size, '', Math.min(digits, 4))}`;
    return formatNumber(one, digits);
  };
  return {
    value: words(value),
    interval: usable ? `[${words(usable[0])}, ${words(usable[1])}]` : '',
  };
}

/** "900 [610, 1,350]" */
export function amountText(value: number, interval: Interval | null): string {
  const words = amountWords(value, interval);
  return words.interval === '' ? words.value : `${words.value} ${words.interval}`;
}

const LETTERS: Readonly<Record<string, string>> = { alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ' };

/** Words in which parameters of laws are named, with their Greek letters. */
export const inLetters = (words: string): string =>
  words.replaceAll(/\b(alpha|beta|gamma|delta)\b/g, (word) => LETTERS[word] ?? word).replaceAll('_inf', '_∞');
