// The form that several laws share: y = E + Σ A_k / x_k^(α_k), all coefficients and exponents non-negative.
import type { Curve } from './curve.ts';
import { logOffset, smallest } from './curve.ts';
import { exponentGrid, powerSumStarts } from './exponent-grid.ts';
import { type Points, UNDETERMINED } from './law.ts';

/** Exponents are searched from 0.01; a fit that ends at an end of the grid is told so. */
export const GRID_LOW = 0.01;
export const GRID_HIGH = 2;

interface Spec {
  readonly terms: number;
  readonly delta: number | 'robust';
  /** Of the exponent grid. */
  readonly step: number;
}

const geometricMean = (column: Float64Array): number =>
  Math.exp(column.reduce((sum, value) => sum + Math.log(value), 0) / column.length);

/** Parameters in the order E, A_1 …, α_1 …; coordinates are their logarithms. */
export function powerSum({ terms, delta, step }: Spec): Curve {
  const grid = exponentGrid(GRID_LOW, GRID_HIGH, step);
  return {
    delta,
    encode([offset = 0, ...rest], { inputs, y }: Points) {
      const least = smallest(y);
      return [
        logOffset(offset, least),
        ...inputs.map((column, k) => {
          const reference = geometricMean(column) ** (rest[terms + k] as number);
          return logOffset(rest[k] as number, least * reference);
        }),
        ...inputs.map((_, k) => Math.log(rest[terms + k] as number)),
      ];
    },
    decode: (theta) => Array.from(theta, Math.exp),
    logValue(theta, logs, at, gradient) {
      let top = theta[0] as number;
      gradient[0] = top;
      for (let k = 0; k < terms; k++) {
        const exponent = Math.exp(theta[1 + terms + k] as number);
        const term = (theta[1 + k] as number) - exponent * (logs[at + k] as number);
        gradient[1 + k] = term;
        gradient[1 + terms + k] = -exponent * (logs[at + k] as number);
        if (term > top) top = term;
      }
      let sum = 0;
      for (let k = 0; k <= terms; k++) {
        const share = Math.exp((gradient[k] as number) - top);
        gradient[k] = share;
        sum += share;
      }
      for (let k = 0; k <= terms; k++) gradient[k] = (gradient[k] as number) / sum;
      for (let k = 0; k < terms; k++) {
        gradient[1 + terms + k] = (gradient[1 + terms + k] as number) * (gradient[1 + k] as number);
      }
      return top + Math.log(sum);
    },
    starts: ({ inputs, y }, weights) =>
      powerSumStarts(inputs, y, weights, {
        grid,
        delta: delta === 'robust' ? Number.POSITIVE_INFINITY : delta,
      }).map(({ offset, amounts, exponents }) => [offset, ...amounts, ...exponents]),
  };
}

/** y of the form at one row. */
export function predictPowerSum(parameters: readonly number[], inputs: readonly number[]): number {
  return inputs.reduce(
    (sum, x, k) => sum + (parameters[1 + k] as number) * x ** -(parameters[1 + inputs.length + k] as number),
    parameters[0] as number,
  );
}

/** What a fitted sum of powers says of itself: exponents at an end of the grid, terms that are not there. */
export function powerSumWarnings(
  parameters: readonly number[],
  { inputs, y }: Points,
  names: readonly string[],
): readonly string[] {
  const terms = inputs.length;
  const least = smallest(y);
  const warnings: string[] = [];
  const absent = (name: string): string => `${name} went to 0: the rows show no such term.`;
  for (const [k, name] of names.entries()) {
    const value = parameters[k] as number;
    if (k === 0 && value < 1e-3 * least) warnings.push(absent(name));
    if (k > 0 && k <= terms) {
      const column = inputs[k - 1] as Float64Array;
      if (value * smallest(column) ** -(parameters[terms + k] as number) < 1e-4 * least)
        warnings.push(absent(name));
    }
    if (k > terms && (value <= GRID_LOW * 1.5 || value >= GRID_HIGH * 0.975)) {
      warnings.push(
        `${name} = ${value.toPrecision(3)} is at the edge of the grid (${GRID_LOW} to ${GRID_HIGH}): ${UNDETERMINED}`,
      );
    }
  }
  return warnings;
}
