// A finished run reduced to one row, and rows of a grid grouped over their seeds. Studies, tables and exports read these.
import type { Counting } from './fits/law.ts';
import type { ParameterCount } from './layers.ts';
import type { Value } from './setting.ts';

/** How a run ended; `stopped` and `failed` runs have what was measured until then. */
export type Ending = 'finished' | 'diverged' | 'stopped' | 'failed';

/** Values at steps, as plain arrays. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface Reading {
  readonly step: number;
  readonly value: number;
}

export interface Measurement {
  /** The run's key in the store, or its folder. */
  readonly key: string;
  /** The run's id: the identity of its config. */
  readonly id: string;
  readonly name: string;
  /** Every setting that has an effect, defaults filled in. */
  readonly config: Readonly<Record<string, Value>>;
  readonly parameters: ParameterCount;
  /** Multiply-adds of one forward pass of one example. */
  readonly macsPerExample: number;
  /** Unique images trained on: D of the scaling laws. */
  readonly images: number;
  readonly steps: number;
  /** Images seen, again and again: steps × batch size. */
  readonly examples: number;
  /** Of training, a multiply-add counted as two: 6 × MACs × examples; of a probe the body’s forward pass alone. */
  readonly flops: number;
  /** Of training, evaluation left out. */
  readonly seconds: number;
  readonly outcome: Ending;
  /** The last value under each metric's name; missing where it is not finite. */
  readonly final: Readonly<Record<string, number>>;
  /** The best finite value of each test and validation metric, and its step. */
  readonly best: Readonly<Record<string, Reading>>;
  /** All values of the test and validation metrics, since a target may be chosen afterwards; and at most 50 of the noise scale. */
  readonly evaluations: Readonly<Record<string, Curve>>;
}

/** FLOPs of its training, as they are counted: a multiply-add is two, or one as Scaling MLPs has it. */
export const computeOf = ({ flops }: Pick<Measurement, 'flops'>, counting: Counting): number =>
  (flops * counting) / 2;

/** Losses fall, scores rise. */
export const isLowerBetter = (metric: string): boolean => metric.endsWith('loss');

/**
 * The step of the first evaluation strictly beyond a target (below it for a loss), or null where it was not reached.
 * Source: Shallue et al. 2019, section 4.
 */
export function firstReached({ evaluations }: Measurement, metric: string, target: number): number | null {
  const { steps = [], values = [] } = evaluations[metric] ?? {};
  const index = values.findIndex((value) => (isLowerBetter(metric) ? value < target : value > target));
  return steps[index] ?? null;
}

/** A test metric where the validation metric of the same name was best: the number to report after tuning. */
export function testAtBestValidation({ best, evaluations }: Measurement, score: string): number | null {
  const step = best[`validation/${score}`]?.step;
  const curve = evaluations[`test/${score}`];
  if (step === undefined || !curve) return null;
  return curve.values[curve.steps.indexOf(step)] ?? null;
}

/** A row and where it stands in the grid of its sweep: its value on each axis. */
export interface Observed {
  readonly cell: Readonly<Record<string, Value>>;
  readonly measurement: Measurement;
}

/** The runs of one cell that differ in their seed alone. */
export interface Group {
  readonly cell: Readonly<Record<string, Value>>;
  /** In order of their seeds. */
  readonly measurements: readonly Measurement[];
}

/** Rows grouped by their cells, the axes of `over` left out (the seeds unless said otherwise), in order of appearance. */
export function groupsOf(rows: readonly Observed[], over: readonly string[] = ['seed']): readonly Group[] {
  const found = new Map<string, { cell: Record<string, Value>; measurements: Measurement[] }>();
  for (const { cell, measurement } of rows) {
    const kept = Object.fromEntries(Object.entries(cell).filter(([key]) => !over.includes(key)));
    const key = JSON.stringify(Object.entries(kept).sort());
    const group = found.get(key);
    if (group) group.measurements.push(measurement);
    else found.set(key, { cell: kept, measurements: [measurement] });
  }
  const seed = ({ config }: Measurement): number => Number(config['seed'] ?? 0);
  return [...found.values()].map(({ cell, measurements }) => ({
    cell,
    measurements: measurements.sort((a, b) => seed(a) - seed(b)),
  }));
}
