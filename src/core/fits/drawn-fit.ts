// A fit as it is drawn and told, without its thousands of draws: the curve with its band, how the draws of its exponents
// are spread, and how far its rows lie from it. Made where fits are made, since a band asks the law a hundred thousand times.
import { type Interval, percentileInterval, widen } from '../stats/bootstrap.ts';
import type { Counting, Fit, Law } from './law.ts';

export interface Bin {
  readonly from: number;
  readonly to: number;
  /** Of all draws. */
  readonly share: number;
}

export interface DrawnFit {
  readonly fit: Omit<Fit, 'draws'>;
  /** y by x with the uncertainty of the curve; empty for a law of several inputs. */
  readonly curve: readonly { readonly x: number; readonly y: number; readonly interval: Interval | null }[];
  /** x of the first and the last row that was fitted. */
  readonly inside: Interval;
  /** Draws of each exponent, by its name; empty without resamples. */
  readonly spreads: Readonly<Record<string, readonly Bin[]>>;
}

export interface Drawing {
  /** From where to where the curve goes. */
  readonly over: Interval;
  readonly inside: Interval;
  /** What y is multiplied by. */
  readonly factor?: number;
  readonly counting?: Counting;
}

const PLACES = 72;
const BINS = 28;

/** Even on a log axis. */
function placesOf([low, high]: Interval): readonly number[] {
  return Array.from({ length: PLACES }, (_, i) => low * (high / low) ** (i / (PLACES - 1)));
}

function binsOf(draws: readonly number[]): readonly Bin[] {
  const middle = percentileInterval(draws, 0.99);
  if (!middle || !(middle[1] > middle[0])) return [];
  const [low, high] = middle;
  const width = (high - low) / BINS;
  const counts = new Float64Array(BINS);
  for (const draw of draws) {
    const bin = Math.floor((draw - low) / width);
    if (bin >= 0 && bin < BINS) counts[bin] = (counts[bin] as number) + 1;
  }
  return Array.from(counts, (count, bin) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    share: count / draws.length,
  }));
}

export function drawnFit(law: Law, fit: Fit, { over, inside, factor = 1, counting }: Drawing): DrawnFit {
  const { draws, ...rest } = fit;
  const columns = law.parameters.map(({ name }) => draws[name] ?? []);
  const each = Array.from({ length: fit.resamples }, (_, index) =>
    columns.map((column) => column[index] as number),
  );
  const estimates = law.parameters.map(({ name }) => fit.parameters[name] as number);
  // A law that is reduced asks for compute alone.
  const isOneInput = law.inputs.length === 1 || law.reduce !== undefined;
  const curve = (isOneInput ? placesOf(over) : []).flatMap((x) => {
    const y = law.predict(estimates, [x], counting);
    if (!Number.isFinite(y) || y <= 0) return [];
    const plain =
      fit.widening === null ? null : percentileInterval(each.map((one) => law.predict(one, [x], counting)));
    const interval = plain && widen(y, plain, fit.widening ?? 1, 'ratio');
    return [
      {
        x,
        y: factor * y,
        interval: interval && ([factor * interval[0], factor * interval[1]] as const),
      },
    ];
  });
  const exponents = [...law.parameters, ...(law.derived ?? [])].filter(({ kind }) => kind === 'exponent');
  const spreads = Object.fromEntries(
    exponents.flatMap(({ name }) => {
      const bins = binsOf(draws[name] ?? []);
      return bins.length > 0 ? [[name, bins] as const] : [];
    }),
  );
  return { fit: rest, curve, inside, spreads };
}
