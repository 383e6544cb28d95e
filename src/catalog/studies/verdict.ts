// The rule that all verdicts on claims follow: a claim says between what an amount lies, the runs say it with an
// interval. All of the interval inside: supported; none of it: not supported; else undecided. One seed has no interval.
import type { Arm } from '../../core/arms.ts';
import { groupsOf, type Observed } from '../../core/measurement.ts';
import type { Interval } from '../../core/stats/bootstrap.ts';
import type { Answer, Verdict } from './study.ts';

/** An amount as the runs give it. */
export interface Measured {
  readonly mean: number;
  /** Null: one seed, about which nothing can be said. */
  readonly interval: Interval | null;
  readonly n: number;
}

/** One part of a claim: an amount, and between what the claim puts it. */
export interface Part {
  /** What stands before and after the amount in a sentence. */
  readonly words: readonly [before: string, after: string];
  /** Null: its runs are missing. */
  readonly amount: Measured | null;
  /** Ends may be infinite. */
  readonly claimed: Interval;
  readonly decimals?: number;
  /** What `n` counts; seeds where absent. */
  readonly of?: string;
}

/** Whether the interval of an amount lies where it is claimed to. */
export function answerOf({ amount, claimed: [low, high] }: Pick<Part, 'amount' | 'claimed'>): Answer {
  if (!amount?.interval) return 'undecided';
  const [from, to] = amount.interval;
  if (from > low && to < high) return 'supported';
  return to < low || from > high ? 'not supported' : 'undecided';
}

/** All parts hold: supported. One is contradicted: not supported. */
export function answerTo(parts: readonly Pick<Part, 'amount' | 'claimed'>[]): Answer {
  const answers = parts.map(answerOf);
  if (answers.includes('not supported')) return 'not supported';
  return parts.length > 0 && answers.every((answer) => answer === 'supported') ? 'supported' : 'undecided';
}

const number = (value: number, decimals: number): string =>
  value
    .toFixed(decimals)
    .replace('-', '−')
    .replace(/^−(0(\.0*)?)$/, '$1');

/** 1.25 [1.10, 1.40]. */
export function amountWords({ mean, interval }: Measured, decimals = 2): string {
  const ends = interval ? ` [${interval.map((end) => number(end, decimals)).join(', ')}]` : '';
  return `${number(mean, decimals)}${ends}`;
}

/** Two digits are enough for a batch size that was fitted. */
export const round = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');

function claimedWords([low, high]: Interval): string {
  const plain = (value: number): string => String(value).replace('-', '−');
  if (low === Number.NEGATIVE_INFINITY) return `below ${plain(high)}`;
  return high === Number.POSITIVE_INFINITY
    ? `above ${plain(low)}`
    : `between ${plain(low)} and ${plain(high)}`;
}

const OUTCOMES: Readonly<Record<Answer, string>> = {
  supported: 'holds',
  'not supported': 'does not hold',
  undecided: 'cannot be told',
};

function partWords(part: Part): string {
  const { words, amount, claimed, decimals, of = 'seeds' } = part;
  const [before, after] = words;
  if (!amount) return `${before} …: its runs are missing.`;
  const behind = amount.interval ? `${amount.n} ${of}` : `one of ${of} alone, so no interval`;
  return `${before} ${amountWords(amount, decimals)}${after ? ` ${after}` : ''} (${behind}). Claimed is ${claimedWords(claimed)}: ${OUTCOMES[answerOf(part)]}.`;
}

/** Cells that are named before the rest is counted. */
const NAMED = 3;

/** How many runs diverged and where; nothing where none did. */
export function divergedWords(rows: readonly Observed[]): readonly string[] {
  const diverged = rows.filter(({ measurement }) => measurement.outcome === 'diverged');
  if (diverged.length === 0) return [];
  const cells = groupsOf(diverged).map(({ cell, measurements }) => {
    const at = Object.entries(cell).map(([key, value]) => `${key.split('.').at(-1)} ${value}`);
    return `${at.join(', ')} (${measurements.length})`;
  });
  const rest = cells.length > NAMED ? `; and ${cells.length - NAMED} cells more` : '';
  const runs = diverged.length === 1 ? '1 run' : `${diverged.length} runs`;
  return [`${runs} diverged and are left out: ${cells.slice(0, NAMED).join('; ')}${rest}.`];
}

/** The verdict on a claim of these parts, with what else is to be known. */
export function verdictOn(
  parts: readonly Part[],
  rows: readonly Observed[],
  notes: readonly string[] = [],
): Verdict {
  return {
    answer: answerTo(parts),
    evidence: [...parts.map(partWords), ...notes, ...divergedWords(rows)],
  };
}

/** Where the search may have been too narrow; nothing where it was not. */
export function edgeWords(arms: readonly Arm[]): readonly string[] {
  const keys = new Set(arms.flatMap(({ edges }) => edges));
  return [...keys].map((key) => {
    const count = arms.filter(({ edges }) => edges.includes(key)).length;
    return `The best ${key} is the first or the last that was tried in ${count} of ${arms.length} cases: a better one may lie beyond.`;
  });
}
