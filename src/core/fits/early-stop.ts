// The loss surface L = E + A/N^α + B/D^β as it was first fitted: Huber's loss of log residuals by L-BFGS from a grid of
// starts, stopped by an absolute slope. Here the tolerance and the scale of the objective can be chosen, to see what they do.
// Source: Hoffmann et al. 2022, approach 3; Besiroglu et al. 2024 on where it stopped. `loss-surface.ts` is the fit to use.
import { huber, huberSlope } from '../minimize/huber.ts';
import { lbfgs } from '../minimize/lbfgs.ts';
import { HUBER_DELTA } from './curve.ts';

export interface SurfaceRow {
  readonly parameters: number;
  readonly examples: number;
  readonly loss: number;
}

export interface Stopping {
  /** The search ends where no coordinate's slope is steeper than this, whatever the objective's size. SciPy's is 1e-5. */
  readonly slope: number;
  /** Of the residuals' losses: `mean` makes the objective smaller by the number of rows. */
  readonly scale: 'sum' | 'mean';
}

export interface Stopped {
  readonly E: number;
  readonly alpha: number;
  readonly beta: number;
  /** Summed, whatever was minimised. */
  readonly objective: number;
}

/** Starts of a, b, e, α, β; the coordinates are log A, log B, log E and the exponents. A few of the source’s 4,500. */
const AMOUNTS = [0, 10];
const OFFSETS = [-1];
const EXPONENTS = [0, 0.5, 1];

function* starts(): Generator<readonly number[]> {
  for (const a of AMOUNTS)
    for (const b of AMOUNTS)
      for (const e of OFFSETS)
        for (const alpha of EXPONENTS) for (const beta of EXPONENTS) yield [a, b, e, alpha, beta];
}

/** The best of all starts; N and D enter as they are. Null without rows. */
export function stoppedSurface(
  rows: readonly SurfaceRow[],
  { slope: least, scale }: Stopping,
): Stopped | null {
  if (rows.length === 0) return null;
  const logs = rows.map(({ parameters, examples, loss }) => [
    Math.log(parameters),
    Math.log(examples),
    Math.log(loss),
  ]) as unknown as readonly (readonly [number, number, number])[];
  const share = scale === 'mean' ? 1 / rows.length : 1;
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    const [a, b, e, alpha, beta] = x as unknown as readonly [number, number, number, number, number];
    gradient.fill(0);
    let sum = 0;
    for (const [n, d, loss] of logs) {
      const terms = [a - alpha * n, b - beta * d, e] as const;
      const top = Math.max(...terms);
      const weights = terms.map((term) => Math.exp(term - top)) as unknown as [number, number, number];
      const total = weights[0] + weights[1] + weights[2];
      const residual = top + Math.log(total) - loss;
      sum += share * huber(residual, HUBER_DELTA);
      const slope = (share * huberSlope(residual, HUBER_DELTA)) / total;
      const [first, second, third] = weights;
      add(gradient, 0, slope * first);
      add(gradient, 1, slope * second);
      add(gradient, 2, slope * third);
      add(gradient, 3, -slope * first * n);
      add(gradient, 4, -slope * second * d);
    }
    // No slope at all ends the search.
    if (gradient.every((slope) => Math.abs(slope) <= least)) gradient.fill(0);
    return sum;
  };
  let best: { value: number; x: Float64Array } | null = null;
  for (const start of starts()) {
    const found = lbfgs(objective, start, { tolerance: 0, floor: 0, maxIterations: 400 });
    if (Number.isFinite(found.value) && (!best || found.value < best.value)) best = found;
  }
  if (!best) return null;
  const [, , e, alpha, beta] = best.x as unknown as readonly [number, number, number, number, number];
  return { E: Math.exp(e), alpha, beta, objective: best.value / share };
}

function add(to: Float64Array, at: number, value: number): void {
  to[at] = (to[at] as number) + value;
}
