// A measurement as one row of named cells: what fits, tables and exports name their columns by.
import { computeOf, firstReached, type Measurement } from '../core/measurement.ts';
import type { Value } from '../core/setting.ts';

export type Row = Readonly<Record<string, Value>>;

const errorOf = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics)
      .filter(([name]) => name.endsWith('/accuracy'))
      .map(([name, accuracy]) => [name.replace(/accuracy$/, 'error'), 1 - accuracy]),
  );

/**
 * Every setting under its key, every metric's last value under its name (and `…/error`, 1 − accuracy), and the letters
 * of the scaling laws: N parameters, D unique and T seen examples, C training FLOPs, B batch size.
 * @param counting FLOPs of a multiply-add
 */
export function rowOf(measurement: Measurement, counting: 1 | 2 = 2): Row {
  const { config, name, outcome, parameters, images, examples, steps, seconds, final } = measurement;
  return {
    ...config,
    ...final,
    ...errorOf(final),
    run: name,
    outcome,
    steps,
    seconds,
    N: parameters.total,
    D: images,
    T: examples,
    C: computeOf(measurement, counting),
    B: Number(config['train.batchSize']),
  };
}

/** One row for each evaluation of a metric, with T and C as they were then: a training curve. */
export function curveRowsOf(measurement: Measurement, metric: string, counting: 1 | 2 = 2): readonly Row[] {
  const { steps = [], values = [] } = measurement.evaluations[metric] ?? {};
  const last = rowOf(measurement, counting);
  return steps.flatMap((step, index) => {
    const value = values[index];
    if (step === 0 || value === undefined || !Number.isFinite(value)) return [];
    const share = step / measurement.steps;
    return [
      { ...last, steps: step, T: Number(last['T']) * share, C: Number(last['C']) * share, [metric]: value },
    ];
  });
}

const TARGET = /^steps-to:(.+)=([^=]+)$/;

/** The metric and value that a column `steps-to:<metric>=<value>` speaks of; null for another column. */
export function targetOf(column: string): { readonly metric: string; readonly value: number } | null {
  const match = TARGET.exec(column);
  const value = Number(match?.[2]);
  return match && Number.isFinite(value) ? { metric: match[1] as string, value } : null;
}

/** The row with a column of steps to a target added; null where the run did not reach it. */
export function rowToTarget(measurement: Measurement, column: string, counting: 1 | 2 = 2): Row | null {
  const target = targetOf(column);
  const step = target && firstReached(measurement, target.metric, target.value);
  return step === null ? null : { ...rowOf(measurement, counting), [column]: step };
}
