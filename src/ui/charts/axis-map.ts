// Steps to the unit of the x axis and back. A fork goes on counting where its parent stood.
import type { Column } from '../../core/metrics.ts';
import type { XAxis } from '../../session/state.ts';
import type { ShownRun } from './shown-runs.ts';

/** Both rise with their argument. */
export interface AxisMap {
  readonly x: (step: number) => number;
  readonly step: (x: number) => number;
}

/** Index of the last element at or below `value`; −1 where there is none. */
export function lastAtOrBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** `each` units a step, beginning where a fork began. */
function linear({ run }: ShownRun, each: number, before: number | undefined): AxisMap {
  const begin = run.parent?.step ?? 0;
  const base = before ?? begin * each;
  return { x: (step) => base + (step - begin) * each, step: (x) => begin + (x - base) / each };
}

/** Straight lines between the readings of the run's own clock; past the last one it goes on as fast. */
function clocked({ run }: ShownRun, { steps, values }: Column): AxisMap {
  const count = steps.length;
  if (count === 0) {
    const each = run.step > 0 && run.seconds > 0 ? run.seconds / run.step : 1;
    return { x: (step) => step * each, step: (x) => x / each };
  }
  const between = (from: Float64Array, to: Float64Array, value: number): number => {
    const right = Math.min(count - 1, lastAtOrBelow(from, value) + 1);
    const [a, b] = [right === 0 ? 0 : (from[right - 1] as number), from[right] as number];
    const [c, d] = [right === 0 ? 0 : (to[right - 1] as number), to[right] as number];
    return b > a ? c + ((value - a) / (b - a)) * (d - c) : d;
  };
  return { x: (step) => between(steps, values, step), step: (x) => between(values, steps, x) };
}

export function axisMap(shown: ShownRun, axis: XAxis): AxisMap {
  const { run, cost } = shown;
  const before = run.parent?.before;
  switch (axis) {
    case 'step':
      return { x: (step) => step, step: (x) => x };
    case 'epoch':
      return linear(shown, 1 / (cost?.stepsPerEpoch ?? 1), before?.epochs);
    case 'examples':
      return linear(shown, run.config['train.batchSize'], before?.examples);
    case 'flops':
      return linear(shown, cost?.flopsPerStep ?? 1, before?.flops);
    case 'seconds':
      return clocked(shown, shown.log.column('time/seconds'));
    default:
      throw axis satisfies never;
  }
}

/** Where the run will end on the axis, as far as is known; else where it is. */
export function extent(shown: ShownRun, axis: XAxis): number {
  const { run } = shown;
  const goes = run.state === 'running' || run.state === 'queued' || run.state === 'stopped';
  const { steps } = shown.log.column('train/loss');
  const step = Math.max(1, goes ? (steps[steps.length - 1] ?? run.step) : run.step);
  const end = goes && run.totalSteps ? run.totalSteps : step;
  const { x } = axisMap(shown, axis);
  return axis === 'seconds' && end > step ? (x(step) * end) / step : x(end);
}

/** Where its first measured step lies: where a log axis may begin. */
export function beginning(shown: ShownRun, axis: XAxis): number {
  const [first = 1] = shown.log.column('train/loss').steps;
  return axisMap(shown, axis).x(Math.max(1, first));
}
