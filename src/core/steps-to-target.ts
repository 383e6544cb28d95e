// The way to a target loss, batch size by batch size: the hardest target that all can be asked for, and the least it costs
// over everything that is searched. The measurement of Shallue et al. 2019, section 4; here seed by seed, so that figures,
// laws and verdicts rest on the same counts.
import type { BySeed } from './arms.ts';
import { firstReached, type Measurement, type Observed } from './measurement.ts';
import { valuesOf } from './observations.ts';

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

/** What the target cost a run that was there after so many steps. */
export type CostOf = (step: number, run: Measurement) => number;

const inSteps: CostOf = (step) => step;

export interface Fastest {
  readonly batch: number;
  /** The least over rates and budgets, by seed; seeds that never reach the target are missing. */
  readonly cost: BySeed;
  /** For at least one seed the fastest rate is the first or the last that was tried: a faster one may lie beyond. */
  readonly isEdge: boolean;
  /** The fastest run of each seed. */
  readonly keys: readonly string[];
}

/**
 * The least that a validation loss costs at each batch size that reaches it, batch sizes rising: in steps, or as `costOf`
 * counts. A budget only says how long a run went on. Rates whose runs all diverged count as tried.
 */
export function fastestBy(
  rows: readonly Observed[],
  target: number,
  costOf: CostOf = inSteps,
): readonly Fastest[] {
  return valuesOf(rows, BATCH).flatMap((batch) => {
    const own = rows.filter(({ cell }) => cell[BATCH] === batch);
    const rates = own.map(({ cell }) => Number(cell[RATE]));
    const edges = [Math.min(...rates), Math.max(...rates)];
    const best = new Map<number, { cost: number; rate: number; key: string }>();
    for (const { cell, measurement } of own) {
      const step = measurement.outcome === 'finished' ? firstReached(measurement, LOSS, target) : null;
      if (step === null) continue;
      const [seed, cost] = [seedOf(measurement), costOf(step, measurement)];
      const before = best.get(seed);
      if (!before || cost < before.cost)
        best.set(seed, { cost, rate: Number(cell[RATE]), key: measurement.key });
    }
    if (best.size === 0) return [];
    const seeds = [...best].toSorted(([a], [b]) => a - b);
    return [
      {
        batch: Number(batch),
        cost: new Map(seeds.map(([seed, { cost }]) => [seed, cost])),
        isEdge: seeds.some(([, { rate }]) => edges.includes(rate)),
        keys: seeds.map(([, { key }]) => key),
      },
    ];
  });
}
