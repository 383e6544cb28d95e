// A chart of one metric over the runs that are shown: curves from columns, axes from curves, drawn again when they grow.
import { memo, type ReactNode, useMemo, useRef } from 'react';
import type { MetricName } from '../../core/metrics.ts';
import { toLongCsv } from '../../experiment/exports.ts';
import { titleOf } from '../../experiment/run.ts';
import type { View } from '../../session/state.ts';
import { useSession } from '../hooks/use-lab.ts';
import { usePaintTurn } from '../hooks/use-paint-turn.ts';
import { useWidth } from '../hooks/use-width.ts';
import { ChartFrame, type ChartTable } from './chart-frame.tsx';
import { Cross } from './cross.tsx';
import { readAt } from './curves.ts';
import type { RuleLayer } from './layers.ts';
import { Plot } from './plot.tsx';
import { useRedraw } from './redraw.ts';
import { type Axis, type Range, unproject, yAxis } from './scale.ts';
import { bandWords, curvesFor, layersOf, rangeOf, type SeriesWish } from './series-layers.ts';
import type { Drawn } from './shown-runs.ts';

export interface SeriesChartProps {
  readonly title: string;
  /** Unit and conditions; what bands are is added. */
  readonly about: string;
  readonly metric: MetricName;
  readonly drawn: readonly Drawn[];
  readonly view: View;
  readonly isolated: ReadonlySet<string>;
  readonly x: Axis;
  readonly xWords: string;
  readonly wordsOfX: (x: number) => string;
  readonly namedFrom: number;
  readonly smoothing: number;
  readonly height: number;
  readonly logY: boolean;
  /** Without curves: the y axis, so that the frame is there. */
  readonly emptyY: Range;
  readonly rules: readonly RuleLayer[];
  /** The metric is a share of so many images. */
  readonly images?: number | null;
  readonly format: (value: number) => string;
  readonly formatTick?: (value: number) => string;
  /** The y axis shows at least this much, inside `emptyY`: few points of an accuracy must not fill it. */
  readonly minSpan?: number;
  /** The y axis begins at zero. */
  readonly fromZero?: boolean;
  /** Small multiples draw less often, without names and marks. */
  readonly small?: boolean;
  readonly children?: ReactNode;
}

/** Opens the range to references that are near: a floor far below would press the curves together. */
function withRules([low, high]: Range, rules: readonly RuleLayer[]): Range {
  const span = high - low || high;
  let [from, to] = [low, high];
  for (const { at } of rules) {
    if (!('y' in at)) continue;
    if (at.y < low && low - at.y < 0.7 * span) from = Math.min(from, at.y - 0.03 * span);
    if (at.y > high && at.y - high < 0.25 * span) to = Math.max(to, at.y);
  }
  return [from, to];
}

/** At least `span` wide around its middle, inside the bounds. */
function widened([low, high]: Range, span: number, [least, most]: Range): Range {
  const missing = (span - (high - low)) / 2;
  if (missing <= 0) return [low, high];
  return [Math.max(least, low - missing), Math.min(most, high + missing)];
}

/** The axis from before while it holds the values and they fill half of it: live curves must not make it jump. */
function isSteady({ domain: [low, high], log }: Axis, [from, to]: Range): boolean {
  const measure = (value: number): number => (log ? Math.log(value) : value);
  return from >= low && to <= high && measure(to) - measure(from) > 0.5 * (measure(high) - measure(low));
}

function useYAxis(range: Range | null, logY: boolean, zoomKey: string, props: SeriesChartProps): Axis {
  const { small = false, rules, minSpan = 0, emptyY, formatTick } = props;
  const before = useRef<{ readonly key: string; readonly axis: Axis } | null>(null);
  return useMemo(() => {
    const key = JSON.stringify([logY, zoomKey, range === null]);
    const [low, high] = range ? widened(withRules(range, rules), minSpan, emptyY) : emptyY;
    if (before.current?.key === key && isSteady(before.current.axis, [low, high])) return before.current.axis;
    const made = yAxis(low, high, logY && range !== null, small ? 2 : 6, small ? 3 : 8);
    const format = small && range === null ? () => '' : (formatTick ?? made.format);
    const axis = { ...made, format };
    before.current = { key, axis };
    return axis;
  }, [range, logY, zoomKey, small, rules, minSpan, emptyY, formatTick]);
}

function csvOf(drawn: readonly Drawn[], metric: MetricName): string {
  const runs = drawn.flatMap(({ members }) => members);
  return toLongCsv(
    runs.map(({ run, log }) => ({
      run: `${titleOf(run)} ${run.key}`,
      log: { ...log, names: () => [metric] },
    })),
  );
}

const TABLE_ROWS = 12;

export const SeriesChart = memo(function SeriesChart(props: SeriesChartProps) {
  const { drawn, view, metric, smoothing, rules, small = false, format, wordsOfX, x, logY, isolated } = props;
  const images = props.images ?? null;
  const session = useSession();
  const [ref, width] = useWidth<HTMLDivElement>();
  const isDrawn = usePaintTurn();
  const keys = useMemo(() => drawn.flatMap(({ members }) => members.map(({ run }) => run.key)), [drawn]);
  const version = useRedraw(session, keys, small ? 500 : 120);
  const wish = useMemo<SeriesWish>(
    () => ({ metric, view, smoothing, x, logY, raw: !small, images, small, isolated, format }),
    [metric, view, smoothing, x, logY, small, images, isolated, format],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the columns, which are no state, grew
  const curves = useMemo(() => curvesFor(drawn, wish), [version, drawn, wish]);
  const layers = useMemo(() => [...rules, ...layersOf(curves, wish)], [curves, wish, rules]);
  const range = useMemo(() => rangeOf(curves, logY, props.fromZero ?? false), [curves, logY, props.fromZero]);
  const y = useYAxis(range, logY, `${x.domain[0]} ${x.log ? x.domain[1] : ''}`, props);
  const read = useMemo(() => {
    const what = { metric, smoothing, axis: view.x };
    return (one: Drawn, at: number) => readAt(one.members, what, at)?.mean ?? null;
  }, [metric, smoothing, view.x]);
  const clear = curves.filter(({ isFaded }) => !isFaded).map((one) => one.drawn);
  const ends = curves.map(({ drawn: one, curve }) =>
    curve.end ? `${one.label}: ${format(curve.end.y)} at ${wordsOfX(curve.end.x)}` : `${one.label}: no value`,
  );
  const bands = bandWords(
    curves.map((one) => one.drawn),
    images,
  );
  const summary =
    curves.length === 0
      ? `${props.title}: no run is shown yet.`
      : `${props.title} of ${curves.length === 1 ? 'one line' : `${curves.length} lines`}. ${ends.join('; ')}.`;
  const table = (): ChartTable => {
    const place = unproject(x, 0, TABLE_ROWS - 1);
    return {
      head: [props.xWords || 'x', ...curves.map((one) => one.drawn.label)],
      rows: Array.from({ length: TABLE_ROWS }, (_, row) => {
        const at = place(row);
        const values = curves.map((one) => read(one.drawn, at));
        return [wordsOfX(at), ...values.map((value) => (value === null ? '–' : format(value)))];
      }),
    };
  };
  const [newest] = curves;
  return (
    <ChartFrame
      title={props.title}
      about={small ? '' : [props.about, bands].filter(Boolean).join('; ')}
      summary={summary}
      table={curves.length > 0 ? table : null}
      csv={() => csvOf(drawn, metric)}
      plot={ref}
      small={small}
      {...(small ? { newest: newest?.curve.end ? format(newest.curve.end.y) : '–' } : {})}
    >
      <div ref={ref} className="plot" style={{ height: props.height }}>
        {isDrawn && width > 60 && (
          <Plot
            width={width}
            height={props.height}
            left={small ? 34 : 40}
            x={x}
            y={y}
            xWords={small ? '' : props.xWords}
            layers={layers}
            named={!small && width >= props.namedFrom}
            overlay={(frame) => (
              <Cross
                frame={frame}
                x={x}
                y={y}
                chart={props.title}
                drawn={clear}
                read={read}
                format={format}
                wordsOfX={wordsOfX}
              />
            )}
          >
            {props.children}
          </Plot>
        )}
      </div>
    </ChartFrame>
  );
});
