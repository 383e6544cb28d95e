// Any amount that follows from a fit, with its interval: a prediction, an allocation, a ratio. It is computed once from
// the estimate and once from every resample, and widened as the fit's own intervals are.
import { type Interval, percentileInterval, widen } from '../stats/bootstrap.ts';
import type { Counting, Fit, Law } from './law.ts';
import { allocate } from './loss-surface.ts';

export interface Amount {
  readonly estimate: number;
  /** Null where the fit has no resamples. */
  readonly interval: Interval | null;
}

/** Parameters and derived amounts by name. */
export type Values = Readonly<Record<string, number>>;

/** `of` the fit's values. `ratio` where the amount is positive and compared by ratio. */
export function amountOf(fit: Fit, of: (values: Values) => number, scale: 'ratio' | 'difference'): Amount {
  const estimate = of({ ...fit.parameters, ...fit.derived });
  if (fit.resamples === 0 || fit.widening === null) return { estimate, interval: null };
  const columns = Object.entries(fit.draws);
  const draws = Array.from({ length: fit.resamples }, (_, index) =>
    of(Object.fromEntries(columns.map(([name, column]) => [name, column[index] as number]))),
  );
  const plain = percentileInterval(draws);
  return { estimate, interval: plain && widen(estimate, plain, fit.widening, scale) };
}

/** y at a row of inputs, with the uncertainty of the curve (not of one more run). */
export function predictionOf(law: Law, fit: Fit, inputs: readonly number[], counting?: Counting): Amount {
  const predict = (values: Values): number =>
    law.predict(
      law.parameters.map(({ name }) => values[name] as number),
      inputs,
      counting,
    );
  return amountOf(fit, predict, 'ratio');
}

/** How to spend a compute, by a fit that has a and G: loss surface, iso-FLOP profiles, envelope. */
export function allocationOf(
  fit: Fit,
  compute: number,
  counting?: Counting,
): { readonly parameters: Amount; readonly examples: Amount } {
  const spend = ({ a = Number.NaN, G = Number.NaN }: Values) => allocate(compute, { a, G }, counting);
  return {
    parameters: amountOf(fit, (values) => spend(values).parameters, 'ratio'),
    examples: amountOf(fit, (values) => spend(values).examples, 'ratio'),
  };
}
