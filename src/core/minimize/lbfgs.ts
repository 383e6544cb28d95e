// Limited-memory BFGS. The one thing to know: it stops on what a further step could still gain, as a share of the
// objective, so that scaling the objective (a mean in place of a sum) changes nothing about where it stops.
// Source: Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.5.
import { lineSearch } from './line-search.ts';

/** Returns the value at `x` and writes the gradient. A value that is not finite counts as infinitely bad. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Multiplies a vector, in place, by a guess of the inverse Hessian at the start. */
  readonly precondition?: (vector: Float64Array) => void;
  /** Stop when the predicted gain of a step stays below this share of the objective. */
  readonly tolerance?: number;
  /** Stop when it stays below this, whatever the objective: for objectives whose minimum is 0. */
  readonly floor?: number;
  readonly maxIterations?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False: stopped by the number of iterations. */
  readonly converged: boolean;
}

const MEMORY = 12;
/** So many small predicted gains in a row end the search: one alone may come from a poor curvature estimate. */
const PATIENCE = 3;

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

const addScaled = (to: Float64Array, by: number, from: Float64Array): void => {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + by * (from[i] as number);
};

/** −H g by the two-loop recursion. */
function direction(
  gradient: Float64Array,
  pairs: readonly Pair[],
  precondition: ((vector: Float64Array) => void) | undefined,
): Float64Array {
  const d = Float64Array.from(gradient, (value) => -value);
  const alphas = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i] as Pair;
    alphas[i] = rho * dot(s, d);
    addScaled(d, -(alphas[i] as number), y);
  }
  const last = pairs.at(-1);
  if (precondition) {
    precondition(d);
    if (last) {
      const py = last.y.slice();
      precondition(py);
      const scale = 1 / (last.rho * dot(last.y, py));
      if (scale > 0 && Number.isFinite(scale))
        for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) * scale;
    }
  } else {
    const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1 / Math.max(1, Math.sqrt(dot(d, d)));
    for (let i = 0; i < d.length; i++) d[i] = (d[i] as number) * scale;
  }
  for (const [i, { s, y, rho }] of pairs.entries()) {
    addScaled(d, (alphas[i] as number) - rho * dot(y, d), s);
  }
  return d;
}

/** The minimum near `start`. Never throws: the best point seen is the answer. */
export function lbfgs(objective: Objective, start: ArrayLike<number>, options: LbfgsOptions = {}): Minimum {
  const { precondition, tolerance = 1e-14, floor = 1e-30, maxIterations = 2000 } = options;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  let pairs: Pair[] = [];
  let small = 0;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let d = direction(gradient, pairs, precondition);
    let slope = dot(gradient, d);
    if (!(slope < 0)) {
      pairs = [];
      d = direction(gradient, pairs, precondition);
      slope = dot(gradient, d);
    }
    if (!(slope < 0) || !Number.isFinite(value)) return { x, value, iterations: iteration, converged: true };
    small = -slope <= Math.max(tolerance * Math.abs(value), floor) ? small + 1 : 0;
    if (small >= PATIENCE) return { x, value, iterations: iteration, converged: true };
    const step = lineSearch(objective, { x, value, slope, direction: d });
    if (!step) {
      if (pairs.length === 0) return { x, value, iterations: iteration, converged: true };
      pairs = [];
      continue;
    }
    const s = Float64Array.from(step.x, (one, i) => one - (x[i] as number));
    const y = Float64Array.from(step.gradient, (one, i) => one - (gradient[i] as number));
    const curvature = dot(s, y);
    if (curvature > 1e-16 * dot(y, y)) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > MEMORY) pairs.shift();
    }
    ({ x, value, gradient } = step);
  }
  return { x, value, iterations: maxIterations, converged: false };
}
