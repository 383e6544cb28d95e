// What was held out, row by row: what the law said of it, in which band one more run was to land, and whether it did.
import { type Interval, percentileInterval, widen } from '../stats/bootstrap.ts';
import { type FitOptions, fitLaw } from './fitting.ts';
import { holdOut } from './holdout.ts';
import type { Counting, Fit, Law } from './law.ts';
import { pointsOf, rowOf, type Sample } from './points.ts';

export interface HeldRow {
  readonly inputs: readonly number[];
  readonly y: number;
  readonly predicted: number;
  /** Of one more run: the curve's uncertainty and the scatter about it. Null where the fit has no resamples. */
  readonly interval: Interval | null;
  /** Whether y lies in the interval; null without one. */
  readonly isHit: boolean | null;
}

export interface HeldFit {
  readonly fit: Fit;
  /** By size, smallest first. */
  readonly held: readonly HeldRow[];
}

/**
 * `fitLaw`, with what was held out.
 * @throws LabError `dataset-invalid` as `fitLaw` does
 */
export function fitHeld(law: Law, sample: Sample, options: FitOptions): HeldFit {
  const fit = fitLaw(law, sample, options);
  return { fit, held: heldRows(law, fit, sample, options) };
}

/** The rows that a fit of this sample with these options held out. */
export function heldRows(
  law: Law,
  fit: Fit,
  sample: Sample,
  { holdout = 0, counting }: Pick<FitOptions, 'holdout' | 'counting'>,
): readonly HeldRow[] {
  if (holdout === 0) return [];
  const { kept, held } = holdOut(law, pointsOf(law, sample).points, holdout);
  const seen = law.reduce?.(kept, counting === undefined ? {} : { counting }) ?? kept;
  const estimates = law.parameters.map(({ name }) => fit.parameters[name] as number);
  const residuals = Array.from(seen.y, (y, row) =>
    Math.log(y / law.predict(estimates, rowOf(seen.inputs, row), counting)),
  );
  // A fit takes as many residuals as it has parameters.
  const scale = Math.sqrt(residuals.length / Math.max(1, residuals.length - law.freedom));
  const rows = Array.from(held.y, (y, row) => {
    const inputs = rowOf(held.inputs, row);
    const predicted = law.predict(estimates, inputs, counting);
    const interval = intervalOf(law, fit, { inputs, predicted, counting }, (index) =>
      Math.exp(scale * (residuals[index % residuals.length] as number)),
    );
    return { inputs, y, predicted, interval, isHit: interval && interval[0] <= y && y <= interval[1] };
  });
  return rows.sort((a, b) => law.size(a.inputs) - law.size(b.inputs));
}

function intervalOf(
  law: Law,
  fit: Fit,
  at: { inputs: readonly number[]; predicted: number; counting: Counting | undefined },
  scatter: (index: number) => number,
): Interval | null {
  if (fit.resamples === 0 || fit.widening === null) return null;
  const columns = law.parameters.map(({ name }) => fit.draws[name] ?? []);
  const draws = Array.from(
    { length: fit.resamples },
    (_, index) =>
      law.predict(
        columns.map((column) => column[index] as number),
        at.inputs,
        at.counting,
      ) * scatter(index),
  );
  const plain = percentileInterval(draws);
  return plain && widen(at.predicted, plain, fit.widening, 'ratio');
}
