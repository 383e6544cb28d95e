// The hyperbola S = S_min (1 + B_crit/B) through the steps to a target: one law through all seeds, for a figure, and one a
// seed, for a verdict. Batch sizes whose fastest rate lies at the edge of the search are left out of both.
// Source: McCandlish et al. 2018, appendix A.
import type { BySeed } from '../arms.ts';
import type { Fastest } from '../steps-to-target.ts';
import { criticalBatchSize } from './critical-batch-size.ts';
import { fitLaw } from './fitting.ts';
import type { Fit } from './law.ts';

/** Batch sizes that a hyperbola needs to be more than drawn through its points. */
const LEAST = 4;

interface Steps {
  readonly batch: number;
  readonly steps: number;
}

const sampleOf = (points: readonly Steps[]) => ({
  inputs: [points.map(({ batch }) => batch)],
  y: points.map(({ steps }) => steps),
});

/** The law through the steps of every seed, a batch size a configuration; null with fewer than four of them. */
export function hyperbolaThrough(fastest: readonly Fastest[], resamples: number): Fit | null {
  const trusted = fastest.filter(({ isEdge }) => !isEdge);
  if (trusted.length < LEAST) return null;
  const points = trusted.flatMap(({ batch, cost }) => [...cost.values()].map((steps) => ({ batch, steps })));
  return fitLaw(criticalBatchSize, sampleOf(points), { bootstrap: resamples });
}

export interface Hyperbolas {
  /** log B_crit of each seed. */
  readonly critical: BySeed;
  /** Root mean square of log residuals of the hyperbola, and of a straight line on the same axes. */
  readonly misfit: BySeed;
  readonly straight: BySeed;
}

/** The hyperbola through the steps of each seed that has enough batch sizes. */
export function hyperbolasOf(fastest: readonly Fastest[]): Hyperbolas {
  const trusted = fastest.filter(({ isEdge }) => !isEdge);
  const seeds = [...new Set(trusted.flatMap(({ cost }) => [...cost.keys()]))];
  const found = seeds.flatMap((seed) => {
    const own = trusted.flatMap(({ batch, cost }) => {
      const steps = cost.get(seed);
      return steps === undefined ? [] : [{ batch, steps }];
    });
    return own.length < LEAST ? [] : [{ seed, ...through(own) }];
  });
  return {
    critical: new Map(found.map(({ seed, critical }) => [seed, critical])),
    misfit: new Map(found.map(({ seed, misfit }) => [seed, misfit])),
    straight: new Map(found.map(({ seed, straight }) => [seed, straight])),
  };
}

function through(points: readonly Steps[]): Readonly<Record<keyof Hyperbolas, number>> {
  const { parameters } = fitLaw(criticalBatchSize, sampleOf(points), { bootstrap: 0 });
  const [b, s] = [parameters['B_crit'] as number, parameters['S_min'] as number];
  return {
    critical: Math.log(b),
    misfit: rootMeanSquare(points.map(({ batch, steps }) => Math.log(steps / (s * (1 + b / batch))))),
    straight: rootMeanSquare(offLine(points.map(({ batch, steps }) => [Math.log(batch), Math.log(steps)]))),
  };
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** Residuals of the least-squares line. */
function offLine(points: readonly (readonly [x: number, y: number])[]): readonly number[] {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [middle, level] = [mean(0), mean(1)];
  const below = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - middle) * (y - level), 0) / below;
  return points.map(([x, y]) => y - level - slope * (x - middle));
}
