// Fits a law to a sample and then its intervals, in steps: a generator, so that a page can show them sharpen and a
// worker can stop between steps. Everything is a function of sample, law and options, the seed among them.
// Source of the protocol: Besiroglu et al. 2024; whole configurations are resampled where seeds repeat.
import { LabError } from '../failure.ts';
import {
  type Interval,
  LEVEL,
  percentileInterval,
  RESAMPLES,
  resampleCounts,
  resampleWeights,
  widen,
  widening,
} from '../stats/bootstrap.ts';
import { holdOut, scoreHoldout } from './holdout.ts';
import type { Counting, Fit, Law, Parameter, Points, Solution } from './law.ts';
import { hashOf, pointsOf, type Sample } from './points.ts';
import { intervalWarnings, sampleWarnings } from './warnings.ts';

export interface FitOptions {
  /** Resamples for the intervals; 0 for none. */
  readonly bootstrap?: number;
  readonly seed?: number;
  /** Largest configurations to hold out and score; 0 for none. */
  readonly holdout?: number;
  /** How the compute of the rows was counted. */
  readonly counting?: Counting;
}

/** Another number where the same sample may give other digits. */
const VERSION = 1;
const CHUNK = 50;

/** All that a law reports, in order: its parameters, then what follows from them. */
const reported = (law: Law): readonly Parameter[] => [...law.parameters, ...(law.derived ?? [])];

const named = (parameters: readonly Parameter[], values: readonly number[]): Record<string, number> =>
  Object.fromEntries(parameters.map(({ name }, index) => [name, values[index] as number]));

function refuseTooFew(law: Law, points: Points): void {
  const rows = new Set(
    [...points.y.keys()].map((row) => points.inputs.map((column) => column[row]).join(' ')),
  );
  const carried = Math.min(points.configurations, rows.size);
  if (carried < law.freedom) {
    throw new LabError(
      'dataset-invalid',
      `${law.label} has ${law.freedom} parameters, and ${carried} configuration${carried === 1 ? '' : 's'} with different inputs cannot determine them. Add at least ${law.freedom - carried}, or choose a law with fewer parameters.`,
    );
  }
}

function intervalsOf(
  law: Law,
  estimates: readonly number[],
  draws: readonly (readonly number[])[],
  factor: number,
): Readonly<Record<string, Interval>> | null {
  const intervals: Record<string, Interval> = {};
  for (const [index, { name, kind }] of reported(law).entries()) {
    const plain = percentileInterval(draws.map((draw) => draw[index] as number));
    if (!plain) return null;
    const scale = kind === 'amount' ? 'ratio' : 'difference';
    const [low, high] = widen(estimates[index] as number, plain, factor, scale);
    intervals[name] = [kind === 'offset' ? Math.max(0, low) : low, high];
  }
  return intervals;
}

/**
 * Yields a fit without intervals as soon as there is one, then with the intervals of ever more resamples; returns the
 * last.
 * @throws LabError `dataset-invalid` where the sample cannot carry the law
 */
export function* fitting(law: Law, sample: Sample, options: FitOptions = {}): Generator<Fit, Fit> {
  const { bootstrap = RESAMPLES, seed = 0, holdout = 0, counting } = options;
  const solveOptions = counting === undefined ? {} : { counting };
  const { points: all, warnings: checked } = pointsOf(law, sample);
  refuseTooFew(law, all);
  const split = holdout > 0 ? holdOut(law, all, holdout) : null;
  const points = split?.kept ?? all;
  refuseTooFew(law, points);
  const solution = law.solve(points, solveOptions);
  const withDerived = (parameters: readonly number[]): readonly number[] => [
    ...parameters,
    ...(law.derive?.(parameters) ?? []),
  ];
  const estimates = withDerived(solution.parameters);
  const taken = law.taken?.(points) ?? law.freedom;
  const factor = widening(points.configurations, taken, {
    squareness: solution.squareness ?? 1,
    rows: points.y.length,
  });
  const warnings = [...checked, ...solution.warnings, ...sampleWarnings(law, points, factor)];
  const fit: Fit = {
    law: law.id,
    version: VERSION,
    method: solution.method,
    parameters: named(law.parameters, solution.parameters),
    derived: named(law.derived ?? [], estimates.slice(law.parameters.length)),
    intervals: null,
    level: LEVEL,
    intervalMethod: null,
    widening: factor,
    objective: solution.objective,
    rows: points.y.length,
    configurations: points.configurations,
    data: hashOf(points),
    seed,
    resamples: 0,
    holdout: split && scoreHoldout(law, solution.parameters, split, counting),
    warnings,
    draws: {},
  };
  if (bootstrap === 0 || factor === null) return fit;
  yield fit;

  const strata = law.strata?.(points) ?? [Array.from({ length: points.configurations }, (_, index) => index)];
  const draws: (readonly number[])[] = [];
  let failed = 0;
  const withIntervals = (): Fit => {
    const intervals = intervalsOf(law, estimates, draws, factor);
    return {
      ...fit,
      intervals,
      intervalMethod: `${100 * LEVEL} % percentile bootstrap, ${draws.length} resamples over ${points.configurations} whole configurations, widened ${factor.toPrecision(3)} × for their number`,
      resamples: draws.length,
      warnings: [
        ...warnings,
        ...intervalWarnings(law, estimates, intervals),
        ...(failed > 0.05 * (draws.length + failed)
          ? [`${failed} of ${draws.length + failed} resamples could not be fitted and are left out.`]
          : []),
      ],
      draws: Object.fromEntries(
        reported(law).map(({ name }, index) => [name, draws.map((draw) => draw[index] as number)]),
      ),
    };
  };
  for (let index = 0; index < bootstrap; index++) {
    const weights =
      law.draws === undefined
        ? resampleWeights(seed, index, strata)
        : resampleCounts(seed, index, strata, law.draws);
    const draw = refit(law, points, solution, weights, counting);
    if (draw) draws.push(withDerived(draw));
    else failed += 1;
    if ((index + 1) % CHUNK === 0 && index + 1 < bootstrap) yield withIntervals();
  }
  return withIntervals();
}

/** The parameters of one resample, started from the best fit; null where it cannot be fitted. */
function refit(
  law: Law,
  points: Points,
  { parameters, delta }: Solution,
  byConfiguration: Float64Array,
  counting: Counting | undefined,
): readonly number[] | null {
  const weights = Float64Array.from(points.configuration, (one) => byConfiguration[one] as number);
  try {
    return law.solve(points, {
      weights,
      from: parameters,
      ...(delta === undefined ? {} : { delta }),
      ...(counting === undefined ? {} : { counting }),
    }).parameters;
  } catch (error) {
    if (error instanceof LabError) return null;
    throw error;
  }
}

/** The whole of `fitting` at once. */
export function fitLaw(law: Law, sample: Sample, options: FitOptions = {}): Fit {
  const steps = fitting(law, sample, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
