// Values on a scale of whole numbers, linear or logarithmic, between a least and a largest one: three letters a value in
// a link where its digits would take ten.

export const LEVELS = 4095;

export interface Scale {
  /** Least and largest value; both positive where the scale is logarithmic. */
  readonly range: readonly [low: number, high: number];
  readonly log: boolean;
}

/** 0 … LEVELS; 0 where the range is a point. */
export function levelOf({ range, log }: Scale, value: number): number {
  const place = (one: number): number => (log ? Math.log(one) : one);
  const [low, high] = [place(range[0]), place(range[1])];
  return high > low ? Math.round((LEVELS * (place(value) - low)) / (high - low)) : 0;
}

/** The value of a level, never outside the range. */
export function valueAt({ range, log }: Scale, level: number): number {
  const [low, high] = log ? [Math.log(range[0]), Math.log(range[1])] : range;
  const value = low + ((high - low) * level) / LEVELS;
  return Math.min(range[1], Math.max(range[0], log ? Math.exp(value) : value));
}
