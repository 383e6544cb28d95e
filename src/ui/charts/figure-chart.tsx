// A chart of anything that is not a run's curve: points with error bars, fitted laws, bands, references, on linear or
// log axes. Everything comes in by plain props; it zooms, is read by keyboard, and is saved like every other chart.
import { type ReactNode, useMemo, useState } from 'react';
import { usePaintTurn } from '../hooks/use-paint-turn.ts';
import { useWidth } from '../hooks/use-width.ts';
import { ChartFrame, type ChartTable } from './chart-frame.tsx';
import type { Frame } from './draw-layer.tsx';
import { type Dot, fits, type Layer, reach, withinLimits } from './layers.ts';
import { Plot } from './plot.tsx';
import { PlotControl } from './plot-control.tsx';
import { type Axis, axisOver, endedBy, project, type Range, yAxis } from './scale.ts';
import { ZoomContext } from './zoom.ts';

/** What an axis shows. Without a domain it reaches over the layers; a log axis leaves out zero and below. */
export interface AxisSpec {
  readonly words: string;
  readonly log: boolean;
  readonly domain?: Range;
  /** Where its values end: the axis goes no further, whatever whiskers reach. */
  readonly within?: Range;
  /** Of a value on the axis. */
  readonly tick?: (value: number) => string;
  /** Where ticks stand when they are not to be the usual ones: the values that were tried. */
  readonly ticks?: readonly number[];
}

export interface FigureChartProps {
  readonly title: string;
  /** Unit, what bands are, how many runs. */
  readonly about: string;
  /** One sentence that says what is seen. */
  readonly summary: string;
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  /** Drawn in this order: rules below, curves and bands, dots above. */
  readonly layers: readonly Layer[];
  readonly height: number;
  /** Without it, the dots with their words. */
  readonly table?: ChartTable;
  /** The values as measured, for files; without them the table's own cells. */
  readonly csv?: () => string;
  readonly json?: () => string;
  /** A dot was chosen: what is behind it is wanted. */
  readonly onChoose?: ((dot: Dot) => void) | undefined;
  /** Smaller type, for charts that stand beside each other. */
  readonly small?: boolean;
  /** Between title and plot: a legend. */
  readonly legend?: ReactNode;
  readonly named?: boolean;
  /** Width of the y axis. */
  readonly left?: number;
  /** Drawn over the plot: a key of sizes and colours. */
  readonly children?: ReactNode;
}

const FALLBACK: Range = [1, 10];

/** Room around the values, so that no dot is cut. */
function roomy([low, high]: Range, log: boolean): Range {
  if (log) {
    const room = Math.max(1.15, (high / low) ** 0.05);
    return [low / room, high * room];
  }
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - room, high + room];
}

/** Pixels that a number under an axis needs beside the next one. */
const TICK_ROOM = 44;

/** The asked ticks, where their numbers stand clear of each other on `pixels`. */
function withTicks(axis: Axis, { tick, ticks }: AxisSpec, pixels: number): Axis {
  const [low, high] = axis.domain;
  const own = ticks?.filter((at) => at >= low && at <= high) ?? [];
  const at = own.map(project(axis, 0, pixels)).sort((a, b) => a - b);
  const isClear = at.every((place, index) => index === 0 || place - (at[index - 1] as number) >= TICK_ROOM);
  return {
    ...axis,
    ...(tick ? { format: tick } : {}),
    ...(own.length > 1 && isClear ? { ticks: own } : {}),
  };
}

/** Only what lies in the range of x counts for y. */
function seen(layers: readonly Layer[], [low, high]: Range): readonly Layer[] {
  const isIn = ({ x }: { readonly x: number }): boolean => x >= low && x <= high;
  return layers.map((layer) => {
    if (layer.kind === 'curve') return { ...layer, points: layer.points.filter(isIn) };
    if (layer.kind === 'band') return { ...layer, points: layer.points.filter(isIn) };
    return layer.kind === 'dots' ? { ...layer, dots: layer.dots.filter(isIn) } : layer;
  });
}

function useAxes(layers: readonly Layer[], props: FigureChartProps, range: Range | null, width: number) {
  const { x: xSpec, y: ySpec } = props;
  return useMemo(() => {
    const ticks = Math.max(2, Math.min(8, Math.floor(width / 64)));
    const found = xSpec.domain ?? roomy(reach(layers, 'x', xSpec.log) ?? FALLBACK, xSpec.log);
    const whole = axisOver(found, xSpec.log, ticks);
    const x = range ? axisOver(range, xSpec.log, ticks) : whole;
    const inView = range ? seen(layers, range) : layers;
    const over = reach(inView, 'y', ySpec.log) ?? FALLBACK;
    const y =
      ySpec.domain && !range ? axisOver(ySpec.domain, ySpec.log, 6) : yAxis(over[0], over[1], ySpec.log, 6);
    return { whole, x: withTicks(x, xSpec, width), y: withTicks(endedBy(y, ySpec.within), ySpec, 1e6) };
  }, [layers, xSpec, ySpec, range, width]);
}

/** Nearer than this in pixels is pointed at. */
const NEAR = 24;

function DotPicker({
  frame,
  x,
  y,
  dots,
  title,
  picked,
  onPick,
  onChoose,
}: {
  readonly frame: Frame;
  readonly x: Axis;
  readonly y: Axis;
  readonly dots: readonly Dot[];
  readonly title: string;
  readonly picked: Dot | null;
  readonly onPick: (dot: Dot | null) => void;
  readonly onChoose: ((dot: Dot) => void) | undefined;
}) {
  const toX = project(x, frame.left, frame.right);
  const toY = project(y, frame.bottom, frame.top);
  const there = dots.filter(
    (dot) => fits(x, dot.x) && toX(dot.x) >= frame.left - 1 && toX(dot.x) <= frame.right + 1,
  );
  const index = picked ? there.findIndex(({ key }) => key === picked.key) : -1;
  const yOf = (dot: Dot): number => (dot.shape === 'above' ? frame.top : toY(dot.y));

  function point(px: number, py: number): void {
    let [best, nearest] = [null as Dot | null, NEAR];
    for (const dot of there) {
      const distance = Math.hypot(toX(dot.x) - px, yOf(dot) - py);
      if (distance < nearest) [best, nearest] = [dot, distance];
    }
    onPick(best);
  }

  return (
    <>
      {picked && index >= 0 && (
        <svg className="overlay" width={frame.right + 12} height={frame.bottom + 12} aria-hidden="true">
          <circle
            cx={toX(picked.x)}
            cy={yOf(picked)}
            r="7.5"
            fill="none"
            stroke="var(--acc)"
            strokeWidth="1.5"
          />
        </svg>
      )}
      <PlotControl
        frame={frame}
        x={x}
        label={`Points, ${title}`}
        value={{
          low: 0,
          high: Math.max(0, there.length),
          now: index + 1,
          words: picked && index >= 0 ? picked.words : `${there.length} points`,
        }}
        anchor={picked && index >= 0 ? toX(picked.x) : (frame.left + frame.right) / 2}
        onPoint={point}
        onLeave={() => onPick(null)}
        onArrow={(direction, far) => {
          const start = index < 0 && direction < 0 ? there.length : index;
          const next = Math.min(there.length - 1, Math.max(0, start + direction * (far ? 10 : 1)));
          onPick(there[next] ?? null);
        }}
        onEnd={(end) => onPick((end === 'first' ? there[0] : there.at(-1)) ?? null)}
        onChoose={
          onChoose &&
          (() => {
            if (picked) onChoose(picked);
          })
        }
      />
    </>
  );
}

export function FigureChart(props: FigureChartProps) {
  const { title, height, named = true, left = 40 } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const isDrawn = usePaintTurn();
  const [range, setRange] = useState<Range | null>(null);
  const [picked, setPicked] = useState<Dot | null>(null);
  const layers = useMemo(() => withinLimits(props.layers), [props.layers]);
  const { whole, x, y } = useAxes(layers, props, range, width);
  const isZoomed = range !== null;
  const zoom = useMemo(() => ({ whole, isZoomed, set: setRange }), [whole, isZoomed]);
  const dots = useMemo(
    () =>
      layers
        .flatMap((layer) => (layer.kind === 'dots' ? layer.dots : []))
        .toSorted((a, b) => a.x - b.x || a.y - b.y),
    [layers],
  );
  const number = (axis: AxisSpec, value: number): string =>
    axis.tick?.(value) ?? String(Number(value.toPrecision(4)));
  const table = (): ChartTable =>
    props.table ?? {
      head: [props.x.words, props.y.words, ''],
      rows: dots.map((dot) => [number(props.x, dot.x), number(props.y, dot.y), dot.words]),
    };
  return (
    <ChartFrame
      title={title}
      about={props.about}
      summary={props.summary}
      table={dots.length > 0 || props.table ? table : null}
      csv={props.csv}
      json={props.json}
      small={props.small ?? false}
      plot={ref}
    >
      {props.legend}
      <p className="reading small ink2 cut" aria-hidden="true">
        {picked?.words}
      </p>
      <ZoomContext value={zoom}>
        <div ref={ref} className="plot figure" style={{ height }}>
          {isDrawn && width > 60 && (
            <Plot
              width={width}
              height={height}
              left={left}
              x={x}
              y={y}
              xWords={props.x.words}
              layers={layers}
              named={named && width >= 280}
              overlay={(frame) => (
                <DotPicker
                  frame={frame}
                  x={x}
                  y={y}
                  dots={dots}
                  title={title}
                  picked={picked}
                  onPick={setPicked}
                  onChoose={props.onChoose}
                />
              )}
            >
              {props.children}
            </Plot>
          )}
        </div>
      </ZoomContext>
    </ChartFrame>
  );
}
