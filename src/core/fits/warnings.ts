// What a reader of a fit has to be told: that the rows span too little, or the intervals too much.
import type { Interval } from '../stats/bootstrap.ts';
import type { Law, Points } from './law.ts';
import { decades } from './points.ts';

const LEAST_DECADES = 1.5;
const WIDEST = 0.3;

/** Of the rows a law is fitted to. `factor`: what their number widens intervals by, null for no intervals. */
export function sampleWarnings(law: Law, points: Points, factor: number | null): readonly string[] {
  const warnings: string[] = [];
  const floor = law.parameters.find(({ kind }) => kind === 'offset');
  for (const [index, { name, meaning }] of law.inputs.entries()) {
    const span = decades(points.inputs[index] as Float64Array);
    if (span >= LEAST_DECADES) continue;
    warnings.push(
      `${name} (${meaning}) spans ${span.toPrecision(2)} decades, under ${LEAST_DECADES}: ${floor ? `no claim about ${floor.name}, and the` : 'the'} exponent is uncertain beyond its interval.`,
    );
  }
  if (factor === null) {
    warnings.push(
      `As many fitted values as configurations (${points.configurations}): the curve passes through its rows, and there are no intervals. Add configurations.`,
    );
  }
  return warnings;
}

/** Of intervals: exponents that are not determined to within 30 %. */
export function intervalWarnings(
  law: Law,
  estimates: readonly number[],
  intervals: Readonly<Record<string, Interval>> | null,
): readonly string[] {
  if (!intervals) return [];
  return law.parameters.flatMap(({ name, kind }, index) => {
    const estimate = estimates[index] as number;
    const [low, high] = intervals[name] as Interval;
    const share = Math.max(high - estimate, estimate - low) / Math.abs(estimate);
    if (kind !== 'exponent' || share <= WIDEST) return [];
    return [
      `${name} is known only to within ${(100 * share).toFixed(0)} %: its interval is wider than ± ${100 * WIDEST} %.`,
    ];
  });
}
