// Fits a curve in log space: the sum over rows of Huber's loss of log y − log ŷ, by L-BFGS from many starts. The laws
// give the curve, its gradient and where to start; the rest is the same for all of them.
// Source: Hoffmann et al. 2022, approach 3; Besiroglu et al. 2024 on why the loss is summed and the stop is tight.
import { LabError } from '../failure.ts';
import { cholesky, solveCholesky } from '../minimize/cholesky.ts';
import { huber, huberSlope, huberWeight, robustDelta } from '../minimize/huber.ts';
import { lbfgs, type Minimum, type Objective } from '../minimize/lbfgs.ts';
import type { Points, Solution, SolveOptions } from './law.ts';

/** A curve over coordinates θ in which every real number is allowed. */
export interface Curve {
  /** Coordinates; an offset of 0 starts a little above it, since its logarithm has no slope back. */
  encode(parameters: readonly number[], points: Points): readonly number[];
  decode(theta: ArrayLike<number>): readonly number[];
  /** log ŷ for the row of log inputs that begins at `logs[at]`; writes d log ŷ/dθ. */
  logValue(theta: Float64Array, logs: Float64Array, at: number, gradient: Float64Array): number;
  /** Parameters to start from, the most promising first. */
  starts(points: Points, weights: Float64Array): readonly (readonly number[])[];
  /** Fixed; or `robust`: 1.345 robust standard deviations of the residuals, at least 1e-3. */
  readonly delta: number | 'robust';
}

export const HUBER_DELTA = 1e-3;
const POLISHED = 5;
/** More rows than this do not tell starts apart any better: every n-th is taken until the last descent. */
const ROUGH_ROWS = 2000;
/** Share of the smallest y at which an offset of 0 starts. */
const NUDGE = 1e-3;
const DISAGREE = 1e-4;
/** Half squares of a row below which a fit is exact but for rounding. */
const EXACT = 1e-16;

/** log of an offset, held a little above 0. */
export const logOffset = (value: number, scale: number): number => Math.log(Math.max(value, NUDGE * scale));

export const smallest = (column: Float64Array): number =>
  column.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);

export const largest = (column: Float64Array): number =>
  column.reduce((high, value) => Math.max(high, value), 0);

interface Problem {
  readonly curve: Curve;
  readonly logs: Float64Array;
  readonly logY: Float64Array;
  readonly weights: Float64Array;
  readonly inputs: number;
}

function objectiveOf(
  { curve, logs, logY, weights, inputs }: Problem,
  size: number,
  delta: number,
): Objective {
  const row = new Float64Array(size);
  return (theta, gradient) => {
    gradient.fill(0);
    let sum = 0;
    for (let i = 0; i < logY.length; i++) {
      const weight = weights[i] as number;
      if (weight === 0) continue;
      const residual = curve.logValue(theta, logs, i * inputs, row) - (logY[i] as number);
      sum += weight * huber(residual, delta);
      const slope = weight * huberSlope(residual, delta);
      for (let k = 0; k < size; k++) gradient[k] = (gradient[k] as number) + slope * (row[k] as number);
    }
    return sum;
  };
}

function residuals({ curve, logs, logY, inputs }: Problem, theta: Float64Array): number[] {
  const row = new Float64Array(theta.length);
  return Array.from(logY, (log, i) => curve.logValue(theta, logs, i * inputs, row) - log);
}

/** Multiplies by the inverse of the Gauss–Newton matrix at θ, with the weights of IRLS; a ridge keeps it definite. */
function preconditionerAt(problem: Problem, theta: Float64Array, delta: number) {
  const { curve, logs, logY, weights, inputs } = problem;
  const size = theta.length;
  const matrix = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < logY.length; i++) {
    if (weights[i] === 0) continue;
    const residual = curve.logValue(theta, logs, i * inputs, row) - (logY[i] as number);
    const weight = (weights[i] as number) * huberWeight(residual, delta);
    for (let j = 0; j < size; j++) {
      const scaled = weight * (row[j] as number);
      for (let k = 0; k <= j; k++) {
        matrix[j * size + k] = (matrix[j * size + k] as number) + scaled * (row[k] as number);
      }
    }
  }
  let largestDiagonal = 0;
  for (let j = 0; j < size; j++) largestDiagonal = Math.max(largestDiagonal, matrix[j * size + j] as number);
  for (let ridge = 1e-10; ridge < 1; ridge *= 100) {
    const factor = matrix.slice();
    for (let j = 0; j < size; j++) {
      factor[j * size + j] = (factor[j * size + j] as number) * (1 + ridge) + ridge * 1e-3 * largestDiagonal;
    }
    if (cholesky(factor, size)) return (vector: Float64Array) => solveCholesky(factor, size, vector);
  }
  return undefined;
}

interface Effort {
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Runs, each preconditioned anew where the last one ended. */
  readonly rounds: number;
}

const quick: Effort = { tolerance: 1e-7, maxIterations: 60, rounds: 1 };
const warm: Effort = { tolerance: 1e-9, maxIterations: 200, rounds: 1 };
const tight: Effort = { tolerance: 1e-15, maxIterations: 1000, rounds: 4 };

function descend(problem: Problem, start: ArrayLike<number>, delta: number, effort: Effort): Minimum {
  const objective = objectiveOf(problem, start.length, delta);
  let found: Minimum = {
    x: Float64Array.from(start),
    value: Number.POSITIVE_INFINITY,
    iterations: 0,
    converged: false,
  };
  for (let round = 0; round < effort.rounds; round++) {
    const before = found.value;
    const precondition = preconditionerAt(problem, found.x, delta);
    found = lbfgs(objective, found.x, { ...effort, ...(precondition ? { precondition } : {}) });
    if (before - found.value <= 1e-13 * before) break;
  }
  return found;
}

const byValue = (a: Minimum, b: Minimum): number => a.value - b.value;

/** Descends from every start, then all the way from the best few. */
function descendFromAll(
  problem: Problem,
  starts: readonly ArrayLike<number>[],
  delta: number,
): readonly Minimum[] {
  const stride = Math.ceil(problem.logY.length / ROUGH_ROWS);
  const weights = problem.weights.map((weight, i) => (i % stride === 0 ? weight : 0));
  const rough = starts
    .map((start) => descend({ ...problem, weights }, start, delta, quick))
    .filter(({ value }) => Number.isFinite(value))
    .sort(byValue);
  return rough
    .slice(0, POLISHED)
    .map(({ x }) => descend(problem, x, delta, tight))
    .sort(byValue);
}

/** The best parameters of a curve. Warnings speak of the search; what the values mean is for the law to judge. */
export function solveCurve(curve: Curve, points: Points, options: SolveOptions): Solution {
  const n = points.y.length;
  const inputs = points.inputs.length;
  const logs = new Float64Array(n * inputs);
  for (const [k, column] of points.inputs.entries()) {
    for (let i = 0; i < n; i++) logs[i * inputs + k] = Math.log(column[i] as number);
  }
  const weights = options.weights ?? new Float64Array(n).fill(1);
  const problem: Problem = { curve, logs, logY: points.y.map(Math.log), weights, inputs };
  if (options.from) {
    const delta = options.delta ?? (curve.delta === 'robust' ? Number.POSITIVE_INFINITY : curve.delta);
    const found = descend(problem, curve.encode(options.from, points), delta, warm);
    return {
      parameters: curve.decode(found.x),
      objective: found.value,
      delta,
      method: 'warm start',
      warnings: [],
    };
  }
  const starts = curve.starts(points, weights).map((start) => curve.encode(start, points));
  let delta = options.delta ?? (curve.delta === 'robust' ? Number.POSITIVE_INFINITY : curve.delta);
  let found = descendFromAll(problem, starts, delta);
  if (found.length === 0) {
    throw new LabError(
      'dataset-invalid',
      'This law has no finite value near these rows: choose another law.',
    );
  }
  if (curve.delta === 'robust' && options.delta === undefined) {
    for (const again of [[], starts]) {
      const { x } = found[0] as Minimum;
      delta = Math.max(HUBER_DELTA, robustDelta(residuals(problem, x)));
      found = descendFromAll(problem, [x, ...again], delta);
    }
  }
  const best = found[0] as Minimum;
  const spread = ((found.at(-1) as Minimum).value - best.value) / Math.max(best.value, EXACT * n);
  const loss =
    delta === Number.POSITIVE_INFINITY ? 'half squares' : `Huber's loss, δ = ${delta.toPrecision(4)},`;
  return {
    parameters: curve.decode(best.x),
    objective: best.value,
    delta,
    squareness: Math.min(1, delta / robustDelta(residuals(problem, best.x))),
    method: `${loss} of log residuals, summed; L-BFGS from ${starts.length} starts; the best ${found.length} end within ${(100 * spread).toPrecision(2)} % of each other`,
    warnings:
      spread > DISAGREE
        ? [
            `The best starts end ${(100 * spread).toPrecision(2)} % apart in the objective: there may be a better minimum.`,
          ]
        : [],
  };
}
