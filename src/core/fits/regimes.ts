// The three regimes of steps to a target by batch size: perfect scaling (twice the batch, half the steps), diminishing
// returns, maximal data parallelism (a larger batch saves nothing).
// Source: Shallue et al. 2019, section 4.

export type Regime = 'perfect scaling' | 'diminishing returns' | 'maximal data parallelism';

/** The slope that stands for a regime, on log axes. A stretch goes to the nearest, in this order along the batch size. */
const SLOPES: readonly (readonly [Regime, number])[] = [
  ['perfect scaling', -1],
  ['diminishing returns', -0.5],
  ['maximal data parallelism', 0],
];

export interface StepsToTarget {
  readonly batch: number;
  /** Of the best trial; null where no trial reached the target. */
  readonly steps: number | null;
}

export interface Stretch {
  /** Batch sizes at its ends. */
  readonly from: number;
  readonly to: number;
  /** Of log steps over log batch. */
  readonly slope: number;
  readonly regime: Regime;
}

export interface Regimes {
  readonly stretches: readonly Stretch[];
  /** The largest batch up to which scaling is perfect; null where it never is. */
  readonly perfectUpTo: number | null;
  /** The batch beyond which nothing is saved; null where no row is that far. */
  readonly flatFrom: number | null;
  /** Batch sizes at which no trial reached the target. */
  readonly notReached: readonly number[];
}

/** Classifies the stretches between neighbouring batch sizes, with least squared misfit of slopes along the log axis. */
export function regimesOf(rows: readonly StepsToTarget[]): Regimes {
  const sorted = [...rows].sort((a, b) => a.batch - b.batch);
  const reached = sorted.flatMap(({ batch, steps }) => (steps === null ? [] : [{ batch, steps }]));
  const plain = reached.slice(1).map(({ batch, steps }, index) => {
    const before = reached[index] as { batch: number; steps: number };
    const width = Math.log(batch / before.batch);
    return { from: before.batch, to: batch, width, slope: Math.log(steps / before.steps) / width };
  });
  const order = bestOrder(plain);
  const stretches = plain.map(({ from, to, slope }, index) => ({
    from,
    to,
    slope,
    regime: (SLOPES[order[index] as number] as (typeof SLOPES)[number])[0],
  }));
  const perfect = stretches.filter(({ regime }) => regime === 'perfect scaling');
  const flat = stretches.find(({ regime }) => regime === 'maximal data parallelism');
  return {
    stretches,
    perfectUpTo: perfect.at(-1)?.to ?? null,
    flatFrom: flat?.from ?? null,
    notReached: sorted.filter(({ steps }) => steps === null).map(({ batch }) => batch),
  };
}

/** The regime of each stretch, never falling along the batch size, with the least misfit. */
function bestOrder(
  stretches: readonly { readonly width: number; readonly slope: number }[],
): readonly number[] {
  let best = { cost: Number.POSITIVE_INFINITY, order: [] as readonly number[] };
  for (let first = 0; first <= stretches.length; first++) {
    for (let second = first; second <= stretches.length; second++) {
      const order = stretches.map((_, index) => (index < first ? 0 : index < second ? 1 : 2));
      const cost = stretches.reduce((sum, { width, slope }, index) => {
        const target = (SLOPES[order[index] as number] as (typeof SLOPES)[number])[1];
        return sum + width * (slope - target) ** 2;
      }, 0);
      if (cost < best.cost) best = { cost, order };
    }
  }
  return best.order;
}
