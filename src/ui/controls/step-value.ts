// One arrow press of a number field: × 2, × √10 rounded to 1, 3, 10, …, or + 1 (+ 0.05 for shares), inside the range.
import type { Setting } from '../../core/setting.ts';

const isWhole = (setting: Setting): boolean =>
  !setting.schema.safeParse((setting.range?.[0] ?? 0) + 0.5).success;

const tidy = (value: number): number => Number(value.toPrecision(6));

/** The next of …, 0.3, 1, 3, 10, 30, … above or below. */
function halfDecade(value: number, up: boolean): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const rungs = [0.1, 0.3, 1, 3, 10, 30, 100].map((factor) => tidy(factor * decade));
  const next = up
    ? rungs.find((rung) => rung > value * 1.000001)
    : rungs.findLast((rung) => rung < value * 0.999999);
  return next ?? value;
}

function moved(setting: Setting, value: number, up: boolean): number {
  const whole = isWhole(setting);
  const [low, high] = setting.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const scale = setting.scale ?? 'linear';
  switch (scale) {
    case 'log2':
      if (value <= 0) return up ? Math.max(1, low) : value;
      if (!up && whole && value <= 1) return low;
      return up ? value * 2 : value / 2;
    case 'log10':
      if (value <= 0) return up ? (whole ? 1 : Math.max(low, 1e-5)) : value;
      if (!up && low <= 0 && value <= (whole ? 1 : 1e-6)) return 0;
      return halfDecade(value, up);
    case 'linear': {
      const fine = !whole && high <= 1 ? (high > 0.99 ? 0.01 : 0.05) : 1;
      return tidy(value + (up ? fine : -fine));
    }
    default:
      throw scale satisfies never;
  }
}

/** The value one step up or down, legal for the setting. */
export function stepValue(setting: Setting, value: number, up: boolean): number {
  return nearestLegal(setting, moved(setting, value, up));
}

/** The legal value that is nearest to what was typed. */
export function nearestLegal(setting: Setting, value: number): number {
  const [low, high] = setting.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const inside = Math.min(high, Math.max(low, value));
  if (setting.schema.safeParse(inside).success) return inside;
  return Math.min(high, Math.max(low, Math.round(inside)));
}

/** What may be typed, in words: "1 to 65,536", "whole". */
export function rangeWords(setting: Setting, format: (value: number) => string): string {
  if (!setting.range) return '';
  const words = `${format(setting.range[0])} to ${format(setting.range[1])}`;
  return isWhole(setting) ? `${words}, whole` : words;
}
