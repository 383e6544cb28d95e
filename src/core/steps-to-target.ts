// Steps to a target loss, batch size by batch size: the hardest target that all can be asked for, and the fewest steps
// to it over everything that is searched. The measurement of Shallue et al. 2019, section 4; here seed by seed.
import { type BySeed, summaryOf } from './arms.ts';
import { criticalBatchSize } from './fits/critical-batch-size.ts';
import { fitLaw } from './fits/fitting.ts';
import { firstReached, type Measurement, type Observed } from './measurement.ts';
import { valuesOf } from './observations.ts';
import type { Value } from './setting.ts';

const BATCH = 'train.batchSize';
const RATE = 'optimizer.learningRate';
const LOSS = 'validation/loss';
/** A target lies so much above the hardest one that all reach. */
const SLACK = 1.02;

const seedOf = ({ config }: Measurement): number => Number(config['seed'] ?? 0);

/** The smallest loss that every batch size and seed reaches, and a little more; null with fewer than two batch sizes. */
export function commonTarget(rows: readonly Observed[], slack = SLACK): number | null {
  const lowest = new Map<string, number>();
  for (const { cell, measurement } of rows) {
    const loss = measurement.best[LOSS]?.value;
    if (measurement.outcome !== 'finished' || loss === undefined) continue;
    const key = `${cell[BATCH]} ${seedOf(measurement)}`;
    lowest.set(key, Math.min(loss, lowest.get(key) ?? Number.POSITIVE_INFINITY));
  }
  const batches = new Set([...lowest.keys()].map((key) => key.split(' ')[0]));
  return batches.size < 2 ? null : Math.max(...lowest.values()) * slack;
}

export interface Fastest {
  readonly batch: number;
  /** Fewest steps over rates and budgets, by seed; seeds that never reach the target are missing. */
  readonly steps: BySeed;
  /** For at least one seed the fastest rate is the first or the last that was tried. */
  readonly isEdge: boolean;
}

/** The fewest steps to a validation loss at each batch size that reaches it, batch sizes rising. */
export function fastestBy(rows: readonly Observed[], target: number): readonly Fastest[] {
  return valuesOf(rows, BATCH).flatMap((batch) => {
    const own = rows.filter(({ cell }) => cell[BATCH] === batch);
    const rates = own.map(({ cell }) => Number(cell[RATE]));
    const edges = [Math.min(...rates), Math.max(...rates)];
    const best = new Map<number, { steps: number; rate: Value | undefined }>();
    for (const { cell, measurement } of own) {
      const steps = firstReached(measurement, LOSS, target);
      if (steps === null || measurement.outcome !== 'finished') continue;
      const before = best.get(seedOf(measurement));
      if (!before || steps < before.steps) best.set(seedOf(measurement), { steps, rate: cell[RATE] });
    }
    if (best.size === 0) return [];
    return [
      {
        batch: Number(batch),
        steps: new Map([...best].map(([seed, { steps }]) => [seed, steps])),
        isEdge: [...best.values()].some(({ rate }) => edges.includes(Number(rate))),
      },
    ];
  });
}

/** Batch sizes that a hyperbola needs to be more than drawn through its points. */
const LEAST = 4;

export interface Hyperbolas {
  /** log B_crit of each seed. */
  readonly critical: BySeed;
  /** Root mean square of log residuals of the hyperbola, and of a straight line on the same axes. */
  readonly misfit: BySeed;
  readonly straight: BySeed;
}

/** The hyperbola S = S_min (1 + B_crit/B) through the steps of each seed that has enough batch sizes. */
export function hyperbolasOf(fastest: readonly Fastest[]): Hyperbolas {
  const [critical, misfit, straight] = [new Map(), new Map(), new Map()] as Map<number, number>[] as [
    Map<number, number>,
    Map<number, number>,
    Map<number, number>,
  ];
  for (const seed of new Set(fastest.flatMap(({ steps }) => [...steps.keys()]))) {
    const own = fastest.flatMap(({ batch, steps }) => {
      const count = steps.get(seed);
      return count === undefined ? [] : [{ batch, steps: count }];
    });
    if (own.length < LEAST) continue;
    const sample = { inputs: [own.map(({ batch }) => batch)], y: own.map(({ steps }) => steps) };
    const { parameters } = fitLaw(criticalBatchSize, sample, { bootstrap: 0 });
    const [b, s] = [parameters['B_crit'] as number, parameters['S_min'] as number];
    critical.set(seed, Math.log(b));
    misfit.set(seed, rootMeanSquare(own.map(({ batch, steps }) => Math.log(steps / (s * (1 + b / batch))))));
    straight.set(
      seed,
      rootMeanSquare(offLine(own.map(({ batch, steps }) => [Math.log(batch), Math.log(steps)]))),
    );
  }
  return { critical, misfit, straight };
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

/** An amount that was averaged as its logarithm, back on its own scale. */
export function fromLog(amount: BySeed): ReturnType<typeof summaryOf> {
  const summary = summaryOf(amount);
  if (!summary) return null;
  const { mean, interval } = summary;
  return {
    ...summary,
    mean: Math.exp(mean),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
  };
}
