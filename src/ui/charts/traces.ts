// From metric columns to what a chart draws: x in the chosen unit, smoothed first, then thinned to few points.
import { largestTriangleIndices, minMaxIndices } from '../../core/downsample.ts';
import type { Column, MetricLog, MetricName } from '../../core/metrics.ts';
import { smooth } from '../../core/smooth.ts';
import type { Plan } from '../../experiment/plan.ts';
import type { Run } from '../../experiment/run.ts';
import type { XAxis } from '../../session/state.ts';
import type { Look } from '../runs/run-style.tsx';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A run on the charts. */
export interface ShownRun {
  readonly run: Run;
  readonly slot: Look;
  readonly label: string;
  readonly plan: Plan | null;
  readonly log: MetricLog;
}

export interface Trace {
  readonly key: string;
  readonly slot: Look;
  readonly label: string;
  /** As measured, thinned; empty where it is not asked for. */
  readonly raw: readonly Point[];
  /** Smoothed, thinned. */
  readonly line: readonly Point[];
  /** Everything, smoothed: what the crosshair reads. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly end: Point | null;
  readonly state: Run['state'];
  readonly step: number;
}

/** Steps to the chosen unit. Seconds are read off the run's own clock, straight lines between its readings. */
export function positions({ run, plan, log }: ShownRun, axis: XAxis, steps: Float64Array): Float64Array {
  switch (axis) {
    case 'step':
      return steps;
    case 'epoch':
      return steps.map((step) => step / (plan?.stepsPerEpoch ?? 1));
    case 'examples':
      return steps.map((step) => step * run.config['train.batchSize']);
    case 'flops':
      return steps.map((step) => step * (plan?.flopsPerStep ?? 1));
    case 'seconds':
      return secondsAt(log.column('time/seconds'), steps, run);
    default:
      throw axis satisfies never;
  }
}

function secondsAt(clock: Column, steps: Float64Array, run: Run): Float64Array {
  const { steps: known, values } = clock;
  if (known.length === 0) return steps.map((step) => (run.step > 0 ? (step / run.step) * run.seconds : 0));
  let at = 0;
  return steps.map((step) => {
    while (at < known.length - 1 && (known[at] as number) < step) at++;
    const right = known[at] as number;
    const left = at === 0 ? 0 : (known[at - 1] as number);
    const before = at === 0 ? 0 : (values[at - 1] as number);
    const share = right > left ? (step - left) / (right - left) : 1;
    return before + share * ((values[at] as number) - before);
  });
}

/** Where the run will end on the axis, as far as is known; else where it is. */
export function extent(shown: ShownRun, axis: XAxis): number {
  const { run } = shown;
  const goes = run.state === 'running' || run.state === 'queued' || run.state === 'stopped';
  const { steps } = shown.log.column('train/loss');
  const step = Math.max(1, goes ? (steps[steps.length - 1] ?? run.step) : run.step);
  const end = goes && run.totalSteps ? run.totalSteps : step;
  const [x] = positions(shown, axis, Float64Array.of(axis === 'seconds' ? step : end)) as unknown as [number];
  return axis === 'seconds' && end > step ? (x * end) / step : x;
}

interface Wish {
  readonly metric: MetricName;
  readonly axis: XAxis;
  readonly smoothing: number;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Draw the measured values behind the smoothed ones. */
  readonly raw: boolean;
  /** Points of each line. */
  readonly points: number;
}

const kept = new WeakMap<MetricLog, Map<string, { readonly wish: string; readonly trace: Trace }>>();

/**
 * The trace of one run, the same object while nothing it is made from has changed: a finished run beside one that
 * trains costs nothing at a redraw.
 */
export function trace(shown: ShownRun, wish: Wish): Trace {
  const { run, log, label, slot } = shown;
  const { length } = log.column(wish.metric).steps;
  const whole = JSON.stringify([
    wish,
    run.key,
    run.state,
    run.step,
    label,
    slot,
    length,
    shown.plan?.flopsPerStep,
  ]);
  const ofLog = kept.get(log) ?? new Map<string, { readonly wish: string; readonly trace: Trace }>();
  const place = `${wish.metric} ${wish.raw}`;
  const known = ofLog.get(place);
  if (known?.wish === whole) return known.trace;
  const made = makeTrace(shown, wish);
  ofLog.set(place, { wish: whole, trace: made });
  kept.set(log, ofLog);
  return made;
}

/** Indices by `thin`; on a log axis the first third is kept whole, since each early step has room of its own there. */
function thinned(
  ys: Float64Array,
  { logX, points }: Wish,
  thin: (from: number, limit: number) => number[],
): number[] {
  if (!logX || ys.length <= points) return thin(0, points);
  const whole = Math.floor(points / 3);
  const head = Array.from({ length: whole }, (_, index) => index).filter((index) =>
    Number.isFinite(ys[index]),
  );
  return [...head, ...thin(whole, points - whole).map((index) => index + whole)];
}

function makeTrace(shown: ShownRun, wish: Wish): Trace {
  const { steps, values } = shown.log.column(wish.metric);
  const xs = positions(shown, wish.axis, steps);
  const smoothed = wish.smoothing > 0 ? smooth(values, wish.smoothing) : values;
  const pick = (ys: Float64Array, indices: readonly number[]): Point[] => {
    const points: Point[] = [];
    for (const index of indices) {
      const point = { x: xs[index] as number, y: ys[index] as number };
      if ((wish.logX && point.x <= 0) || (wish.logY && point.y <= 0)) continue;
      points.push(point);
    }
    return points;
  };
  const line = pick(
    smoothed,
    thinned(smoothed, wish, (from, limit) =>
      largestTriangleIndices(xs.subarray(from), smoothed.subarray(from), limit),
    ),
  );
  return {
    key: shown.run.key,
    slot: shown.slot,
    label: shown.label,
    raw:
      wish.raw && wish.smoothing > 0
        ? pick(
            values,
            thinned(values, wish, (from, limit) => minMaxIndices(values.subarray(from), limit)),
          )
        : [],
    line,
    xs,
    ys: smoothed,
    end: line[line.length - 1] ?? null,
    state: shown.run.state,
    step: shown.run.step,
  };
}

/** At most 400 points a series and 1,500 a chart; fewer while it is drawn again and again. */
export function pointsEach(series: number, live: boolean): number {
  return Math.max(24, Math.min(live ? 250 : 400, Math.floor((live ? 1000 : 1500) / Math.max(1, series))));
}

/** The last value at or before `x`; null before the first and past the end, or past `until` where that is later. */
export function valueAt({ xs, ys }: Pick<Trace, 'xs' | 'ys'>, x: number, until = 0): number | null {
  if (xs.length === 0 || x < (xs[0] as number)) return null;
  const end = xs[xs.length - 1] as number;
  const gap = xs.length > 1 ? (end - (xs[0] as number)) / (xs.length - 1) : 0;
  if (x > Math.max(until, end + Math.max(gap, end * 0.02))) return null;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((xs[middle] as number) <= x) low = middle;
    else high = middle - 1;
  }
  const value = ys[low] as number;
  return Number.isFinite(value) ? value : null;
}
