// Do two families scale differently? The exponents of two fits side by side: whether their intervals overlap, and,
// which decides, whether the interval of their difference holds 0.
import { formatNumber } from '../format.ts';
import { type Interval, percentileInterval, widen } from '../stats/bootstrap.ts';
import type { Amount } from './amount.ts';
import type { Fit } from './law.ts';

export interface Family {
  readonly name: string;
  readonly fit: Fit;
}

export interface Comparison {
  readonly first: Amount;
  readonly second: Amount;
  /** Null where a fit has no intervals. */
  readonly overlap: boolean | null;
  /** First minus second. */
  readonly difference: Amount;
  /** For people. */
  readonly words: string;
}

const DIGITS = 3;

const amountFrom = ({ parameters, derived, intervals }: Fit, name: string): Amount => {
  const estimate = parameters[name] ?? derived[name];
  if (estimate === undefined) throw new RangeError(`a fit without ${name}`);
  return { estimate, interval: intervals?.[name] ?? null };
};

const shown = ({ estimate, interval }: Amount): string => {
  const text = formatNumber(estimate, DIGITS);
  return interval ? `${text} [${interval.map((end) => formatNumber(end, DIGITS)).join(', ')}]` : text;
};

/**
 * Compares one exponent of two families.
 * @param exponent a parameter or derived amount that both fits have
 * @throws RangeError where one has not
 */
export function compareExponents(one: Family, other: Family, exponent: string): Comparison {
  const first = amountFrom(one.fit, exponent);
  const second = amountFrom(other.fit, exponent);
  const difference: Amount = {
    estimate: first.estimate - second.estimate,
    interval: differenceInterval(one.fit, other.fit, exponent, first.estimate - second.estimate),
  };
  const overlap =
    first.interval && second.interval
      ? first.interval[0] <= second.interval[1] && second.interval[0] <= first.interval[1]
      : null;
  return {
    first,
    second,
    overlap,
    difference,
    words: wordsFor(one, other, exponent, { first, second, overlap, difference }),
  };
}

/** Draws of one fit against the next draws of the other: those of equal number may share their weights. */
function differenceInterval(a: Fit, b: Fit, exponent: string, estimate: number): Interval | null {
  const [ofA = [], ofB = []] = [a.draws[exponent], b.draws[exponent]];
  const count = Math.min(ofA.length, ofB.length);
  if (count === 0 || a.widening === null || b.widening === null) return null;
  const draws = Array.from(
    { length: count },
    (_, i) => (ofA[i] as number) - (ofB[(i + 1) % count] as number),
  );
  const plain = percentileInterval(draws);
  return plain && widen(estimate, plain, Math.max(a.widening, b.widening), 'difference');
}

function wordsFor(
  one: Family,
  other: Family,
  exponent: string,
  { first, second, overlap, difference }: Omit<Comparison, 'words'>,
): string {
  const both = `${exponent} is ${shown(first)} for ${one.name} and ${shown(second)} for ${other.name}.`;
  if (!difference.interval) return `${both} Without intervals nothing can be said of their difference.`;
  const [low, high] = difference.interval;
  const verdict =
    low > 0 || high < 0
      ? 'does not hold 0: the two scale differently'
      : 'holds 0: these runs do not tell the two apart';
  return `${both} The intervals ${overlap ? 'overlap' : 'do not overlap'}; that of the difference, ${shown(difference)}, ${verdict}.`;
}
