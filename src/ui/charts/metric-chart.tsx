// A chart of one metric over the runs that are shown: traces from columns, axes from traces, drawn again when they grow.
import { memo, type ReactNode, useMemo } from 'react';
import type { MetricName } from '../../core/metrics.ts';
import type { View } from '../../session/state.ts';
import { useSession } from '../hooks/use-lab.ts';
import { useWidth } from '../hooks/use-width.ts';
import { ChartFrame } from './chart-frame.tsx';
import { type Band, Plot } from './plot.tsx';
import type { Reference } from './plot-marks.tsx';
import { useRedraw } from './redraw.ts';
import { type Axis, yAxis } from './scale.ts';
import { pointsEach, type ShownRun, type Trace, trace } from './traces.ts';

export interface MetricChartProps {
  readonly title: string;
  readonly about: string;
  readonly metric: MetricName;
  readonly shown: readonly ShownRun[];
  readonly view: View;
  readonly x: Axis;
  readonly xWords: string;
  readonly smoothing: number;
  readonly height: number;
  readonly logY: boolean;
  /** Without curves: the y axis, so that the frame is there. */
  readonly emptyY: readonly [number, number];
  readonly references: readonly Reference[];
  readonly bandOf?: ((trace: Trace) => Band['points']) | undefined;
  readonly formatY: (value: number) => string;
  readonly formatTick?: (value: number) => string;
  readonly wordsOfX: (x: number) => string;
  /** The y axis shows at least this much, inside `emptyY`: few points of an accuracy must not fill it. */
  readonly minSpan?: number;
  /** The y axis begins at zero. */
  readonly fromZero?: boolean;
  /** Small multiples have no head of their own and draw less often. */
  readonly small?: boolean;
  readonly children?: ReactNode;
}

/** The quantile of the measured values that the frame must hold: single spikes may leave it. */
const RAW_SHARE = 0.97;

/** What the y axis must hold. A run that blew up counts only as far as it was sane. */
function range(traces: readonly Trace[], log: boolean, fromZero: boolean): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (value: number): void => {
    if (log && value <= 0) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { line, raw, state } of traces) {
    const limit =
      state === 'diverged' && !fromZero ? Math.abs(line[0]?.y ?? 1) * 1.25 : Number.POSITIVE_INFINITY;
    for (const { y } of line) if (y <= limit) take(y);
    const measured = raw.map(({ y }) => y).sort((a, b) => a - b);
    const top = measured[Math.floor((measured.length - 1) * RAW_SHARE)];
    const bottom = measured[Math.ceil((measured.length - 1) * (1 - RAW_SHARE))];
    if (top !== undefined && top <= limit) take(top);
    if (bottom !== undefined) take(bottom);
  }
  return low <= high ? [fromZero ? 0 : low, high] : null;
}

/** Opens the range to references that are near: a floor far below would press the curves together. */
function withReferences(
  [low, high]: readonly [number, number],
  references: readonly Reference[],
): readonly [number, number] {
  const span = high - low || high;
  let [from, to] = [low, high];
  for (const { y } of references) {
    if (y < low && low - y < 0.7 * span) from = Math.min(from, y - 0.03 * span);
    if (y > high && y - high < 0.25 * span) to = Math.max(to, y);
  }
  return [from, to];
}

/** At least `span` wide around its middle, inside the bounds. */
function widened(
  [low, high]: readonly [number, number],
  span: number,
  [least, most]: readonly [number, number],
): readonly [number, number] {
  const missing = (span - (high - low)) / 2;
  if (missing <= 0) return [low, high];
  return [Math.max(least, low - missing), Math.min(most, high + missing)];
}

export const MetricChart = memo(function MetricChart(props: MetricChartProps) {
  const {
    shown,
    view,
    metric,
    smoothing,
    references,
    small = false,
    fromZero = false,
    minSpan = 0,
    formatY,
    bandOf,
  } = props;
  const session = useSession();
  const [ref, width] = useWidth<HTMLDivElement>();
  const version = useRedraw(
    session,
    useMemo(() => shown.map(({ run }) => run.key), [shown]),
    small ? 500 : 120,
  );
  const logY = props.logY;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the columns, which are no state, grew
  const traces = useMemo(() => {
    const raw = !small && smoothing > 0;
    const live = shown.some(({ run }) => run.state === 'running');
    const points = small ? 120 : pointsEach(shown.length * (raw ? 2 : 1), live);
    return shown
      .map((one) => trace(one, { metric, axis: view.x, smoothing, logX: props.x.log, logY, raw, points }))
      .filter(({ line }) => line.length > 0);
  }, [version, shown, metric, view.x, smoothing, props.x.log, logY, small]);
  const y = useMemo(() => {
    const found = range(traces, logY, fromZero);
    const [low, high] = found
      ? widened(withReferences(found, references), minSpan, props.emptyY)
      : props.emptyY;
    const axis = yAxis(low, high, logY && found !== null, small ? 2 : 6, small ? 3 : 8);
    if (small && found === null) return { ...axis, format: () => '' };
    return props.formatTick ? { ...axis, format: props.formatTick } : axis;
  }, [traces, references, logY, small, fromZero, minSpan, props.emptyY, props.formatTick]);
  const bands = useMemo(
    () =>
      bandOf
        ? traces.filter(({ line }) => line.length > 1).map((one) => ({ slot: one.slot, points: bandOf(one) }))
        : [],
    [traces, bandOf],
  );
  const summary =
    traces.length === 0
      ? `${props.title}: no run is shown yet.`
      : `${props.title} of ${traces.length === 1 ? 'one run' : `${traces.length} runs`}. ${traces
          .map(
            (one) =>
              `${one.label}: ${one.end ? formatY(one.end.y) : 'no value'} at ${one.end ? props.wordsOfX(one.end.x) : 'the start'}`,
          )
          .join('; ')}.`;
  const plot = (
    <div ref={ref} className="plot" style={{ height: props.height }}>
      {width > 60 && (
        <Plot
          width={width}
          height={props.height}
          left={small ? 34 : 40}
          x={props.x}
          y={y}
          xWords={small ? '' : props.xWords}
          traces={traces}
          bands={bands}
          references={references}
          named={!small && width >= 450}
          marked={!small}
          strokeWidth={small ? 1.25 : 1.6}
          formatY={formatY}
          label={`Crosshair, ${props.title}`}
          crossWords={(at) => props.wordsOfX(at)}
        >
          {props.children}
        </Plot>
      )}
    </div>
  );
  if (small) {
    const newest = traces[0]?.end;
    return (
      <div>
        <h3>
          {props.title} <b>{newest ? formatY(newest.y) : '–'}</b>
        </h3>
        <p className="unseen">{summary}</p>
        {plot}
      </div>
    );
  }
  return (
    <ChartFrame
      title={props.title}
      about={props.about}
      summary={summary}
      metric={metric}
      shown={shown}
      traces={traces}
      x={props.x}
      xWords={props.xWords}
      wordsOfX={props.wordsOfX}
      formatY={formatY}
      plot={ref}
    >
      {plot}
    </ChartFrame>
  );
});
