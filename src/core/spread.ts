// Many numbers in a few: what the inside view says of a tensor.

export interface Spread {
  /** Finite values; others are counted by `odd` and left out of everything else. */
  readonly count: number;
  readonly odd: number;
  readonly mean: number;
  /** Of the values as they are, without Bessel's correction. */
  readonly std: number;
  /** Euclidean length. */
  readonly norm: number;
  /** Share of values that are exactly zero. */
  readonly zeros: number;
  readonly low: number;
  readonly high: number;
  /** Counts in equal bins from `low` to `high`; one bin where those are the same. */
  readonly bins: readonly number[];
}

/** Bins of a histogram. */
export const BINS = 24;

/** In float64, in the order given; all zero where no value is finite. */
export function spreadOf(values: ArrayLike<number>): Spread {
  let [count, sum, squares, zeros] = [0, 0, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
    squares += value * value;
    if (value === 0) zeros++;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const odd = values.length - count;
  if (count === 0) return { count, odd, mean: 0, std: 0, norm: 0, zeros: 0, low: 0, high: 0, bins: [] };
  const mean = sum / count;
  const isFlat = low === high;
  const bins = new Array<number>(isFlat ? 1 : BINS).fill(0);
  let off = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    off += (value - mean) ** 2;
    const bin = isFlat ? 0 : Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS));
    bins[bin] = (bins[bin] as number) + 1;
  }
  const std = isFlat ? 0 : Math.sqrt(off / count);
  return { count, odd, mean, std, norm: Math.sqrt(squares), zeros: zeros / count, low, high, bins };
}
