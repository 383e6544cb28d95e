// A step length by the strong Wolfe conditions: bracket, then zoom with cubic interpolation. Near the minimum, where
// values differ by less than their rounding, the slope alone decides (the approximate Wolfe condition).
// Sources: Nocedal and Wright, algorithms 3.5 and 3.6; Hager and Zhang 2005.
import type { Objective } from './lbfgs.ts';

export interface Line {
  readonly x: Float64Array;
  readonly value: number;
  /** Directional derivative at x; negative. */
  readonly slope: number;
  readonly direction: Float64Array;
}

export interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

interface Trial extends Point {
  readonly at: number;
  readonly slope: number;
}

const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;
const ROUNDING = 1e-14;
const MAX_TRIALS = 40;

/** A point further along that satisfies the conditions; else the best that goes down; null where none does. */
export function lineSearch(objective: Objective, line: Line): Point | null {
  const near = ROUNDING * Math.abs(line.value);
  let trials = 0;
  const evaluate = (at: number): Trial => {
    trials += 1;
    const x = Float64Array.from(line.x, (value, i) => value + at * (line.direction[i] as number));
    const gradient = new Float64Array(x.length);
    const value = objective(x, gradient);
    let slope = 0;
    for (let i = 0; i < x.length; i++) slope += (gradient[i] as number) * (line.direction[i] as number);
    if (!Number.isFinite(value) || !Number.isFinite(slope)) {
      return { at, x, gradient, value: Number.POSITIVE_INFINITY, slope: Number.NaN };
    }
    return { at, x, gradient, value, slope };
  };
  const isLow = (trial: Trial): boolean =>
    trial.value <= line.value + SUFFICIENT * trial.at * line.slope ||
    (trial.value <= line.value + near && trial.slope <= (2 * SUFFICIENT - 1) * line.slope);
  const isDone = (trial: Trial): boolean => isLow(trial) && Math.abs(trial.slope) <= -CURVATURE * line.slope;

  let low: Trial = {
    at: 0,
    x: Float64Array.from(line.x),
    gradient: new Float64Array(line.x.length),
    value: line.value,
    slope: line.slope,
  };
  let high: Trial | null = null;
  let at = 1;
  while (trials < MAX_TRIALS) {
    const trial = evaluate(at);
    if (isDone(trial)) return trial;
    if (!isLow(trial) || (low.at > 0 && trial.value > low.value + near)) high = trial;
    else {
      const toward = high && high.at < low.at ? -1 : 1;
      if (trial.slope * toward >= 0) high = low;
      low = trial;
    }
    if (high) at = between(low, high);
    else at *= 4;
    if (high && Math.abs(high.at - low.at) <= 1e-12 * Math.max(1, low.at)) break;
  }
  return low.at > 0 && low.value < line.value ? low : null;
}

/** The minimum of the cubic through both ends, held off the ends; the middle where there is no such cubic. */
function between(low: Trial, high: Trial): number {
  const width = high.at - low.at;
  if (!Number.isFinite(high.value)) return low.at + 0.1 * width;
  const d1 = low.slope + high.slope - (3 * (low.value - high.value)) / (low.at - high.at);
  const square = d1 * d1 - low.slope * high.slope;
  let share = 0.5;
  if (square >= 0) {
    const d2 = Math.sign(width) * Math.sqrt(square);
    const minimum = high.at - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
    const at = (minimum - low.at) / width;
    if (Number.isFinite(at)) share = Math.min(0.9, Math.max(0.1, at));
  }
  return low.at + share * width;
}
