// From metric columns to what a chart draws: smoothed first, then thinned to few points of the visible part. Buckets
// lie on the axis, not on the data, so that a growing run keeps the points it had.
import { type Cut, largestTriangleIndices, minMaxIndices } from '../../core/downsample.ts';
import type { MetricLog, MetricName } from '../../core/metrics.ts';
import { type Smoothing, smoothOn, startSmoothing } from '../../core/smooth.ts';
import { type MeanInterval, meanInterval } from '../../core/stats/mean-interval.ts';
import { isLinked } from '../../experiment/run.ts';
import type { XAxis } from '../../session/state.ts';
import { type AxisMap, axisMap, lastAtOrBelow } from './axis-map.ts';
import { type Axis, unproject } from './scale.ts';
import type { ShownRun } from './shown-runs.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Spread {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface Wish {
  readonly metric: MetricName;
  readonly axis: XAxis;
  /** Weight of the past; 0: as measured. */
  readonly smoothing: number;
  /** The visible part. */
  readonly x: Axis;
  readonly logY: boolean;
  /** The measured values behind the smoothed ones too. */
  readonly raw: boolean;
  /** Most points of each line. */
  readonly points: number;
}

/** What is drawn of one run, or of the mean over several. */
export interface Curve {
  readonly line: readonly Point[];
  readonly raw: readonly Point[];
  /** 95 % interval of the mean over seeds; empty for one run. */
  readonly spread: readonly Spread[];
  /** The last point of all, visible or not. */
  readonly end: Point | null;
}

interface Values {
  readonly steps: Float64Array;
  readonly ys: Float64Array;
}

interface Kept {
  readonly state: Smoothing;
  buffer: Float64Array;
  length: number;
  lastStep: number;
  lastValue: number;
}

const smoothings = new WeakMap<MetricLog, Map<string, Kept>>();

/** A column smoothed; goes on where the log has grown. */
export function smoothed(log: MetricLog, metric: MetricName, weight: number): Values {
  const { steps, values } = log.column(metric);
  if (weight === 0) return { steps, ys: values };
  const ofLog = smoothings.get(log) ?? new Map<string, Kept>();
  smoothings.set(log, ofLog);
  let kept = ofLog.get(metric);
  const at = (kept?.length ?? 0) - 1;
  const goesOn =
    kept &&
    kept.state.weight === weight &&
    kept.length <= values.length &&
    (at < 0 || (steps[at] === kept.lastStep && Object.is(values[at], kept.lastValue)));
  if (!kept || !goesOn) {
    kept = {
      state: startSmoothing(weight),
      buffer: new Float64Array(0),
      length: 0,
      lastStep: 0,
      lastValue: 0,
    };
    ofLog.set(metric, kept);
  }
  if (values.length > kept.buffer.length) {
    const larger = new Float64Array(Math.max(values.length, 2 * kept.buffer.length));
    larger.set(kept.buffer.subarray(0, kept.length));
    kept.buffer = larger;
  }
  smoothOn(kept.state, values, kept.buffer, kept.length);
  kept.length = values.length;
  kept.lastStep = steps[values.length - 1] ?? 0;
  kept.lastValue = values[values.length - 1] ?? 0;
  return { steps, ys: kept.buffer.subarray(0, values.length) };
}

/** The visible part of a series and a neighbour at each side, in slices of equal width on the screen. */
function cutFor(steps: Float64Array, map: AxisMap, axis: Axis): Cut {
  const [low, high] = axis.domain;
  const from = Math.max(0, lastAtOrBelow(steps, map.step(low)));
  const to = Math.min(steps.length, lastAtOrBelow(steps, map.step(high)) + 2);
  const at = unproject(axis, 0, 1);
  return {
    from,
    to,
    edges: (count) =>
      Array.from({ length: count + 1 }, (_, slice) => {
        if (slice === 0) return from;
        if (slice === count) return to;
        const edge = lastAtOrBelow(steps, map.step(at(slice / count))) + 1;
        return Math.min(to, Math.max(from, edge));
      }),
  };
}

function pointsAt(indices: readonly number[], { steps, ys }: Values, map: AxisMap, wish: Wish): Point[] {
  const points: Point[] = [];
  for (const index of indices) {
    const point = { x: map.x(steps[index] as number), y: ys[index] as number };
    if ((wish.x.log && point.x <= 0) || (wish.logY && point.y <= 0)) continue;
    points.push(point);
  }
  return points;
}

function endOf({ steps, ys }: Values, map: AxisMap): Point | null {
  let index = ys.length - 1;
  while (index >= 0 && !Number.isFinite(ys[index])) index--;
  return index < 0 ? null : { x: map.x(steps[index] as number), y: ys[index] as number };
}

/** Smoothing goes by the step: each point of a curve from a link stands for several. */
function weightFor({ run, log }: ShownRun, metric: MetricName, weight: number): number {
  const { steps } = log.column(metric);
  const spacing = isLinked(run) && steps.length > 0 ? (steps[steps.length - 1] as number) / steps.length : 1;
  return weight ** Math.max(1, spacing);
}

function curveOfOne(shown: ShownRun, wish: Wish): Curve {
  const { metric, smoothing, raw, points, axis, x } = wish;
  const values = smoothed(shown.log, metric, weightFor(shown, metric, smoothing));
  const map = axisMap(shown, axis);
  const cut = cutFor(values.steps, map, x);
  const line = largestTriangleIndices(values.steps, values.ys, points, cut);
  const measured = smoothed(shown.log, metric, 0);
  const noisy = raw && smoothing > 0 ? minMaxIndices(measured.ys, points, cut) : [];
  return {
    line: pointsAt(line, values, map, wish),
    raw: pointsAt(noisy, measured, map, wish),
    spread: [],
    end: endOf(values, map),
  };
}

/** The value that holds at a step: the last one measured; null before the first and past the end. */
function heldAt({ steps, ys }: Values, step: number, until: number): number | null {
  if (step > until || steps.length === 0) return null;
  const value = ys[lastAtOrBelow(steps, step)];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

interface Member {
  readonly values: Values;
  readonly map: AxisMap;
  readonly until: number;
}

const memberOf = (
  shown: ShownRun,
  { metric, smoothing, axis }: Pick<Wish, 'metric' | 'smoothing' | 'axis'>,
): Member => {
  const values = smoothed(shown.log, metric, weightFor(shown, metric, smoothing));
  const until = values.steps[values.steps.length - 1] ?? -1;
  return { values, map: axisMap(shown, axis), until };
};

/** An interval takes a thousand draws: a band has this many points, the line as many as it may. */
const SPREAD_POINTS = 48;

/** The mean over runs that differ in their seed alone, at steps that the longest of them measured. */
function curveOfMean(group: readonly ShownRun[], wish: Wish): Curve {
  const members = group.map((shown) => memberOf(shown, wish)).filter(({ values }) => values.steps.length > 0);
  const [longest] = [...members].sort((a, b) => b.until - a.until);
  if (!longest) return { line: [], raw: [], spread: [], end: null };
  const { steps } = longest.values;
  const cut = cutFor(steps, longest.map, wish.x);
  const line: Point[] = [];
  const spread: Spread[] = [];
  const grid = gridOf(cut, wish.points);
  const every = Math.ceil(grid.length / SPREAD_POINTS);
  for (const [at, index] of grid.entries()) {
    const step = steps[index] as number;
    const values = valuesAt(members, step);
    if (values.length === 0) continue;
    const x = mean(members.filter(({ until }) => until >= step).map(({ map }) => map.x(step)));
    const y = mean(values);
    if ((wish.x.log && x <= 0) || (wish.logY && y <= 0)) continue;
    line.push({ x, y });
    const isSpread = at % every === 0 || at === grid.length - 1;
    const found = isSpread && values.length > 1 ? meanInterval(values) : null;
    if (found) spread.push({ x, low: found.low, high: found.high });
  }
  const last = meanAt(members, longest.until);
  return {
    line,
    raw: [],
    spread,
    end: last ? { x: longest.map.x(longest.until), y: last.mean } : null,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const valuesAt = (members: readonly Member[], step: number): readonly number[] =>
  members.map(({ values, until }) => heldAt(values, step, until)).filter((value) => value !== null);

const meanAt = (members: readonly Member[], step: number): MeanInterval | null =>
  meanInterval(valuesAt(members, step));

/** One measured step of each slice, the last one; all of them where they are few. */
function gridOf(cut: Cut, points: number): number[] {
  const all = cut.to - cut.from;
  if (all <= points) return Array.from({ length: Math.max(0, all) }, (_, index) => cut.from + index);
  const edges = cut.edges(points - 1);
  const grid = [cut.from];
  for (let slice = 1; slice < points; slice++) {
    const index = Math.min(cut.to, edges[slice] as number) - 1;
    if (index > (grid[grid.length - 1] as number)) grid.push(index);
  }
  return grid;
}

const curves = new WeakMap<MetricLog, Map<string, { readonly wish: string; readonly curve: Curve }>>();

/**
 * The curve of a run, or the mean curve of several, the same object while nothing it is made from has changed: what has
 * ended costs nothing while something else trains.
 */
export function curveOf(group: readonly ShownRun[], wish: Wish): Curve {
  const [first] = group;
  if (!first) return { line: [], raw: [], spread: [], end: null };
  const lengths = group.map(({ run, log }) => `${run.key} ${log.column(wish.metric).steps.length}`);
  const { x, ...plain } = wish;
  const whole = JSON.stringify([
    plain,
    x.domain,
    x.log,
    lengths,
    group.map(({ cost }) => cost?.flopsPerStep),
  ]);
  const ofLog = curves.get(first.log) ?? new Map<string, { readonly wish: string; readonly curve: Curve }>();
  curves.set(first.log, ofLog);
  const place = `${wish.metric} ${wish.points} ${group.length}`;
  const known = ofLog.get(place);
  if (known?.wish === whole) return known.curve;
  const curve = group.length === 1 ? curveOfOne(first, wish) : curveOfMean(group, wish);
  ofLog.set(place, { wish: whole, curve });
  return curve;
}

/** What a run, or a mean over several, reads at a place of the axis; null before its first value and past its end. */
export function readAt(
  group: readonly ShownRun[],
  wish: Pick<Wish, 'metric' | 'smoothing' | 'axis'>,
  x: number,
): MeanInterval | null {
  const found = group.map((shown) => {
    const member = memberOf(shown, wish);
    const { steps } = member.values;
    const step = member.map.step(x);
    // Between two scorings the last one holds, up to where the run has come.
    const came = Math.max(shown.run.step, member.until);
    return steps.length > 0 && step >= (steps[0] as number)
      ? heldAt(member.values, step, came * (1 + 1e-9))
      : null;
  });
  return meanInterval(found.filter((value) => value !== null));
}

/** What it reads at its end; of several, those that came as far as the longest. */
export function readEnd(
  group: readonly ShownRun[],
  wish: Pick<Wish, 'metric' | 'smoothing' | 'axis'>,
): MeanInterval | null {
  const members = group.map((shown) => memberOf(shown, wish));
  return meanAt(members, Math.max(...members.map(({ until }) => until)));
}

/** Points of each line when a chart draws so many of them: at most 400 a line and 1,500 a chart. */
export function pointsEach(lines: number): number {
  return Math.max(8, Math.min(400, Math.floor(1500 / Math.max(1, lines))));
}
