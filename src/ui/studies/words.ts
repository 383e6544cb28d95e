// Axis values, counts and times of a sweep in words.
import { formatDuration, formatNumber, formatSi } from '../../core/format.ts';
import type { Value } from '../../core/setting.ts';
import { declarations } from '../../experiment/config.ts';
import type { Tally, TrialState } from '../../experiment/queue.ts';
import { axisLabel } from '../../experiment/sweep/grid.ts';
import type { Cell, Sweep } from '../../experiment/sweep/sweep.ts';
import type { TotalCost, Trial } from '../../experiment/sweep/trials.ts';

const HORIZON_WORDS: Readonly<Record<string, (amount: number) => string>> = {
  epochs: (amount) => `${formatNumber(amount)} epochs`,
  steps: (amount) => `${formatNumber(amount)} steps`,
  examples: (amount) => `${formatSi(amount)} examples`,
  seconds: (amount) => formatDuration(amount),
  flops: (amount) => formatSi(amount, 'FLOP'),
};

/** A value of an axis: "256", "Hourglass", "10 epochs", "100 k". */
export function valueWords(key: string, value: Value): string {
  if (key === 'horizon') {
    const [unit = '', amount = ''] = String(value).split(':');
    return HORIZON_WORDS[unit]?.(Number(amount)) ?? String(value);
  }
  if (key === 'budget') return formatSi(Number(value));
  if (typeof value === 'number') return formatNumber(value, 4);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const options = (declarations.get(key) ?? []).flatMap((setting) => setting.options ?? []);
  return options.find((option) => option.value === value)?.label ?? value;
}

/** "batch size 64, learning rate 0.001". */
export function cellWords(cell: Cell): string {
  const parts = Object.entries(cell).map(
    ([key, value]) => `${axisLabel(key).toLowerCase()} ${valueWords(key, value)}`,
  );
  return parts.join(', ');
}

export const STATE_WORDS: Readonly<Record<TrialState, string>> = {
  running: 'running',
  queued: 'queued',
  done: 'done',
  diverged: 'diverged',
  pruned: 'given up',
  failed: 'failed',
  skipped: 'taken out',
};

/** "57 done, 1 running, 11 queued"; states of which there are none are left out. */
export function tallyWords(tally: Tally): string {
  const order: readonly TrialState[] = [
    'done',
    'running',
    'queued',
    'diverged',
    'pruned',
    'failed',
    'skipped',
  ];
  const parts = order
    .filter((state) => tally[state] > 0)
    .map((state) => `${tally[state]} ${STATE_WORDS[state]}`);
  return parts.join(', ');
}

export const runsWords = (count: number): string => (count === 1 ? '1 run' : `${count} runs`);

/** "112 runs, about 11 min"; without the time where the device is not measured. */
export function costWords({ trials, seconds }: TotalCost): string {
  return seconds === null ? runsWords(trials) : `${runsWords(trials)}, about ${formatDuration(seconds)}`;
}

/** How far trials are from what they should equal: "parameters within 1.2 %", or nothing. */
export function mismatchWords(trials: readonly Trial[]): string {
  const worst = new Map<string, number>();
  for (const { mismatches } of trials)
    for (const { what, relative } of mismatches)
      worst.set(what, Math.max(worst.get(what) ?? 0, Math.abs(relative)));
  const names: Readonly<Record<string, string>> = { macs: 'MACs', flops: 'FLOPs' };
  return [...worst]
    .map(([what, relative]) => `${names[what] ?? what} within ${(100 * relative).toPrecision(2)} %`)
    .join(', ');
}

/** "9 × 6 × 3": values of each axis. */
export function sizeWords({ axes, equal, horizons, seeds }: Sweep): string {
  const sizes = [
    horizons.length,
    equal?.budgets.length ?? 0,
    ...axes.map(({ values }) => values.length),
    seeds,
  ];
  return sizes.filter((size) => size > 1).join(' × ');
}
