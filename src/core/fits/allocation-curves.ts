// How a compute is best spent, along compute: the parameters and the examples of a fit that has a and G, as curves with
// their intervals, named by their exponents.
import type { Interval } from '../stats/bootstrap.ts';
import { type Amount, allocationOf, amountOf } from './amount.ts';
import type { Counting, Fit } from './law.ts';

export interface AllocationCurve {
  /** "N* ∝ C^0.51 [0.45, 0.57]" */
  readonly label: string;
  readonly curve: readonly { readonly x: number; readonly y: number; readonly interval: Interval | null }[];
}

const PLACES = 24;

const words = ({ estimate, interval }: Amount): string =>
  `${estimate.toFixed(2)}${interval ? ` [${interval.map((end) => end.toFixed(2)).join(', ')}]` : ''}`;

/** N*(C) and D*(C) between two computes. */
export function allocationCurves(
  fit: Fit,
  [low, high]: Interval,
  counting: Counting = 2,
): readonly AllocationCurve[] {
  const computes = Array.from({ length: PLACES }, (_, i) => low * (high / low) ** (i / (PLACES - 1)));
  const spent = computes.map((compute) => allocationOf(fit, compute, counting));
  const exponent = (name: 'a' | 'b'): string =>
    words(amountOf(fit, (values) => values[name] ?? Number.NaN, 'difference'));
  const curve = (which: 'parameters' | 'examples'): AllocationCurve['curve'] =>
    computes.map((x, index) => {
      const { estimate, interval } = (spent[index] as (typeof spent)[number])[which];
      return { x, y: estimate, interval };
    });
  return [
    { label: `N* ∝ C^${exponent('a')}`, curve: curve('parameters') },
    { label: `D* ∝ C^${exponent('b')}`, curve: curve('examples') },
  ];
}
