// Curves to lay beside measured steps to a target: the hyperbola of steps against examples that a critical batch size
// stands for, and the noisy quadratic model moved to where the measurements are.
// Sources: McCandlish et al. 2018; Zhang et al. 2019.
import type { Interval } from '../stats/bootstrap.ts';
import { predictionOf } from './amount.ts';
import { criticalBatchSize } from './critical-batch-size.ts';
import type { Fit } from './law.ts';
import { type Method, tunedSteps } from './noisy-quadratic.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly interval: Interval | null;
}

const PLACES = 40;

const between = (low: number, high: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));

/** Steps (y) against examples (x) of a fitted critical batch size, from one batch size to another. */
export function stepsAgainstExamples(fit: Fit, [low, high]: Interval): readonly Place[] {
  return between(low, high, PLACES)
    .map((batch) => {
      const { estimate } = predictionOf(criticalBatchSize, { ...fit, resamples: 0 }, [batch]);
      return { x: batch * estimate, y: estimate, interval: null };
    })
    .sort((a, b) => a.x - b.x);
}

/** Loss of the model at its target: a hundredth of where it starts, as its authors look at. */
const TARGET = 0.05;
const SHIFTS = 61;
const WIDEST = 1e3;

/**
 * Steps by batch size of the noisy quadratic model, rate tuned at each batch, moved along both log axes to lie nearest to
 * the measured ones: only its shape is a prediction. Null with fewer than three measured points.
 */
export function noisyQuadraticThrough(
  measured: readonly { readonly x: number; readonly y: number }[],
  method: Method = {},
): readonly Place[] | null {
  if (measured.length < 3) return null;
  const batches = between(1, 1e6, PLACES);
  const model = tunedSteps(TARGET, batches, method).flatMap(({ batch, steps }) =>
    steps === null ? [] : [{ x: Math.log(batch), y: Math.log(steps) }],
  );
  const [first, last] = [model[0], model.at(-1)];
  if (!first || !last) return null;
  const at = (x: number): number => {
    const right = model.findIndex((place) => place.x >= x);
    if (right < 0) return last.y;
    const [a, b] = [model[right - 1], model[right] as { x: number; y: number }];
    // Below its smallest batch the model scales perfectly.
    return a ? a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y) : b.y + (b.x - x);
  };
  const logs = measured.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  let best = { cost: Number.POSITIVE_INFINITY, x: 0, y: 0 };
  for (const shift of between(1 / WIDEST, WIDEST, SHIFTS).map(Math.log)) {
    const gaps = logs.map(({ x, y }) => y - at(x - shift));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const cost = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
    if (cost < best.cost) best = { cost, x: shift, y: mean };
  }
  const xs = measured.map(({ x }) => x);
  return between(Math.min(...xs), Math.max(...xs), PLACES).map((x) => ({
    x,
    y: Math.exp(at(Math.log(x) - best.x) + best.y),
    interval: null,
  }));
}
