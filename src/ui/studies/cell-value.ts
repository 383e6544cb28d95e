// What a cell of the grid shows of its finished runs: one metric, the mean over their seeds, and how good that is among
// all cells.
import { tasks } from '../../catalog/tasks/index.ts';
import { isLowerBetter } from '../../core/measurement.ts';
import type { MetricName } from '../../core/metrics.ts';
import { type ScoreName, scoreWords } from '../../core/scores.ts';
import type { GridCell } from '../../experiment/sweep/grid.ts';
import type { SweepView } from './use-sweep.ts';

export interface Shown {
  readonly metric: MetricName;
  readonly label: string;
}

/** The metrics to choose from, the one to begin with first: what is tuned by validation, else the task's own score. */
export function metricsOf({ config, sweep }: Pick<SweepView, 'config' | 'sweep'>): readonly Shown[] {
  const scores: readonly ScoreName[] = [...tasks[config.task].scores, 'loss'];
  const validates = config['data.validationSize'] > 0;
  const of = (split: 'test' | 'validation') =>
    scores.map(
      (score): Shown => ({
        metric: `${split}/${score}` as MetricName,
        label: `${split} ${scoreWords[score].label}`,
      }),
    );
  const test = of('test');
  if (!validates) return test;
  const validation = of('validation').toReversed();
  return sweep.tune.length > 0 ? [...validation, ...test] : [...test, ...validation];
}

/** Mean over the finished runs of a cell; null where none has the metric. */
export function meanOf({ trials }: GridCell, metric: MetricName, { statuses }: SweepView): number | null {
  const values = trials.flatMap(({ id }) => {
    const status = statuses.get(id);
    const value = status?.state === 'done' ? status.run?.digest?.[metric]?.last : undefined;
    return value !== undefined && Number.isFinite(value) ? [value] : [];
  });
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Short enough for a cell: "93.1", "0.2134". */
export function shortValue(metric: MetricName, value: number): string {
  const score = metric.split('/')[1] as ScoreName;
  return scoreWords[score].format(value).replace(/[\s\u2009](%|dB)$/, '');
}

export function unitOf(metric: MetricName): string {
  const score = metric.split('/')[1] as ScoreName;
  return /(%|dB)$/.exec(scoreWords[score].format(1))?.[1] ?? '';
}

export interface Scale {
  /** 0 for the worst value of all cells, 1 for the best. */
  readonly share: (value: number) => number;
  readonly isBetter: (one: number, other: number) => boolean;
}

export function scaleOf(values: readonly number[], metric: MetricName): Scale {
  const lower = isLowerBetter(metric);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    share(value) {
      const risen = most > least ? (value - least) / (most - least) : 1;
      return lower && most > least ? 1 - risen : risen;
    },
    isBetter: (one, other) => (lower ? one < other : one > other),
  };
}
