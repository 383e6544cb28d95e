// The kind: what every scaling law has, and what a fit of it is. A fit is plain data, so that it can be stored, sent
// and compared; `src/core/fits/fitting.ts` makes one.
import type { Interval } from '../stats/bootstrap.ts';

/** Rows as columns: what a law is fitted to. */
export interface Points {
  /** One column for each input of the law. Finite and positive. */
  readonly inputs: readonly Float64Array[];
  /** Finite and positive. */
  readonly y: Float64Array;
  /** The configuration of each row, 0 … configurations − 1: rows of one configuration (its seeds) stay together. */
  readonly configuration: Int32Array;
  readonly configurations: number;
}

export interface Parameter {
  readonly name: string;
  /** In a few words, for a table. */
  readonly meaning: string;
  /**
   * `amount`: positive, compared by ratio. `offset`: 0 or more, and 0 means that the term is not there. `exponent`: of
   * any size; its interval is judged.
   */
  readonly kind: 'amount' | 'offset' | 'exponent';
}

export interface SolveOptions {
  /** How often each row counts; 1 each where absent. */
  readonly weights?: Float64Array;
  /** Start here alone: parameters of a fit to nearly the same rows. */
  readonly from?: readonly number[];
  /** The δ of Huber's loss, as an earlier solution chose it. */
  readonly delta?: number;
  readonly counting?: Counting;
}

/** How the compute of the rows was counted: FLOPs of a multiply-add, 2 or the 1 of Scaling MLPs. */
export type Counting = 1 | 2;

export interface Solution {
  /** In the order of the law's parameters. */
  readonly parameters: readonly number[];
  /** What was minimised, summed over rows. */
  readonly objective: number;
  readonly delta?: number;
  /** 1 where the loss is all but squares over the noise, 0 where it is all but absolute; 1 where absent. */
  readonly squareness?: number;
  /** How the minimum was found, for people. */
  readonly method: string;
  readonly warnings: readonly string[];
}

export interface Input {
  /** The letter of the glossary: C, N, D, T, B, or x. */
  readonly name: string;
  readonly meaning: string;
}

export interface Law {
  readonly id: string;
  readonly label: string;
  /** The formula as text. */
  readonly form: string;
  readonly source: string;
  readonly inputs: readonly Input[];
  readonly parameters: readonly Parameter[];
  /** Parameters that are free; fewer than there are where some follow from others. */
  readonly freedom: number;
  /** The best parameters. Deterministic. Throws LabError where the rows cannot carry the fit. */
  solve(points: Points, options: SolveOptions): Solution;
  /** y at one row of inputs; for a law that is reduced, at one of the reduced rows. */
  predict(parameters: readonly number[], inputs: readonly number[], counting?: Counting): number;
  /** What rows are ordered by when the largest are held out: x, or compute. */
  size(inputs: readonly number[]): number;
  /** Further amounts that follow from the parameters. */
  readonly derived?: readonly Parameter[];
  derive?(parameters: readonly number[]): readonly number[];
  /** What the law's curve goes through, where that is not the rows themselves (the minimum of each iso-FLOP profile). */
  reduce?(points: Points, options: SolveOptions): Points;
  /** Which inputs make rows one configuration when nothing else says so; all of them where absent. */
  readonly identity?: readonly number[];
  /** Configurations that are resampled within; all together where absent. */
  strata?(points: Points): readonly (readonly number[])[];
  /** Weights mean nothing to this law: resamples draw configurations, at least so many different ones. */
  readonly draws?: number;
  /** Values that were fitted on the way and took freedom from the rows; `freedom` where absent. */
  taken?(points: Points): number;
}

/** The score of a law on rows it did not see, and of three baselines on the same rows. All RMSLE. */
export interface Holdout {
  readonly rows: number;
  readonly configurations: number;
  readonly rmsle: number;
  readonly baselines: {
    /** The mean y of the largest size that was seen. */
    readonly lastValue: number;
    /** A power law in size alone. */
    readonly powerLaw: number;
    /** The form in size alone that describes the seen rows best (AICc). */
    readonly bestForm: { readonly law: string; readonly rmsle: number };
  };
}

export interface Fit {
  readonly law: string;
  /** Of the method: another number may give other digits. */
  readonly version: number;
  readonly method: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly derived: Readonly<Record<string, number>>;
  /** Of parameters and derived amounts; null where there are none (yet). */
  readonly intervals: Readonly<Record<string, Interval>> | null;
  readonly level: number;
  /** How the intervals were made, for people. */
  readonly intervalMethod: string | null;
  /** What the percentile intervals were stretched by, for the small number of configurations. */
  readonly widening: number | null;
  readonly objective: number;
  /** Rows and configurations that were fitted. */
  readonly rows: number;
  readonly configurations: number;
  /** SHA-256 of the rows that were fitted. */
  readonly data: string;
  readonly seed: number;
  /** Resamples behind the intervals. */
  readonly resamples: number;
  readonly holdout: Holdout | null;
  readonly warnings: readonly string[];
  /** Parameters and derived amounts of every resample: for distributions, bands and comparisons. */
  readonly draws: Readonly<Record<string, readonly number[]>>;
}

/** How a warning ends whose parameter stopped at an end of what was searched. */
export const UNDETERMINED = 'not determined by these rows.';

/** Whether all parameters of a fit are its rows' own, none the end of what was searched. */
export const isDetermined = ({ warnings }: Pick<Fit, 'warnings'>): boolean =>
  warnings.every((words) => !words.endsWith(UNDETERMINED));

/** FLOPs of training one parameter on one example: 6, or 3 where a multiply-add counts as one. */
export const flopsPerParameterExample = (counting: Counting = 2): number => 3 * counting;
