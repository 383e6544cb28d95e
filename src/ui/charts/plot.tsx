// One plot: Recharts draws grid, axes and lines; a layer above holds names, marks and the crosshair, so that pointing
// redraws no curve.
import { memo, type ReactNode } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import { colour, dash, type Look } from '../runs/run-style.tsx';
import { Cross, CrossControl, type Frame, Marks, type Reference } from './plot-marks.tsx';
import { type Axis, project } from './scale.ts';
import type { Trace } from './traces.ts';

export interface Band {
  readonly slot: Look;
  readonly points: readonly { readonly x: number; readonly y: readonly [number, number] }[];
}

export interface PlotProps {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xWords: string;
  readonly traces: readonly Trace[];
  readonly bands: readonly Band[];
  readonly references: readonly Reference[];
  /** Names at the ends of lines. */
  readonly named: boolean;
  /** An × where a run diverged. */
  readonly marked: boolean;
  readonly strokeWidth: number;
  readonly formatY: (value: number) => string;
  /** What the crosshair says, for a screen reader. */
  readonly crossWords: (x: number) => string;
  readonly label: string;
  readonly children?: ReactNode;
}

const TOP = 8;
const RIGHT = 12;

interface TickProps {
  readonly x?: number | string;
  readonly y?: number | string;
  readonly payload?: { readonly value: number };
}

/** Does the last tick's text run into the unit at the right end of the row? */
function unitBelow({ width, left, x, xWords }: PlotProps): boolean {
  const last = x.ticks[x.ticks.length - 1];
  if (last === undefined || xWords === '') return false;
  const end = project(x, left, width - RIGHT)(last) + x.format(last).length * 3.3;
  return end + 12 > width - RIGHT - xWords.length * 5.6;
}

/** Grid, axes, bands and lines. */
const Curves = memo(function Curves(props: PlotProps & { readonly bottom: number }) {
  const { x, y, traces, bands, strokeWidth, bottom, left } = props;
  const scaleOf = (axis: Axis): 'log' | 'linear' => (axis.log ? 'log' : 'linear');
  const xTick = ({ x: px, y: py, payload }: TickProps) => {
    const words = payload ? x.format(payload.value) : '';
    const half = words.length * 3.1;
    const at = Math.min(Number(px), props.width - half - 1);
    return (
      <text x={at} y={Number(py) + 9} textAnchor="middle">
        {words}
      </text>
    );
  };
  const yTick = ({ x: px, y: py, payload }: TickProps) => (
    <text x={Number(px) - 2} y={Number(py) + 4} textAnchor="end">
      {payload ? y.format(payload.value) : ''}
    </text>
  );
  const still = {
    isAnimationActive: false,
    dot: false,
    activeDot: false,
    legendType: 'none',
    type: 'linear',
  } as const;
  return (
    <ComposedChart
      width={props.width}
      height={props.height}
      margin={{ top: TOP, right: RIGHT, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={x.log && y.log} />
      <XAxis
        dataKey="x"
        type="number"
        scale={scaleOf(x)}
        domain={[...x.domain]}
        ticks={[...x.ticks]}
        interval={0}
        allowDataOverflow
        height={bottom}
        tick={xTick}
        tickLine={{ stroke: 'var(--axis)' }}
        tickSize={4}
        axisLine={{ stroke: 'var(--axis)' }}
      />
      <YAxis
        type="number"
        scale={scaleOf(y)}
        domain={[...y.domain]}
        ticks={[...y.ticks]}
        interval={0}
        allowDataOverflow
        width={left}
        tick={yTick}
        tickLine={false}
        tickSize={4}
        axisLine={false}
      />
      {bands.map((band) => (
        <Area
          key={`band ${band.slot}`}
          {...still}
          className="band-area"
          data={band.points as { x: number; y: [number, number] }[]}
          dataKey="y"
          stroke="none"
          fill={colour(band.slot)}
          fillOpacity={1}
        />
      ))}
      {traces.map((trace) =>
        trace.raw.length > 0 ? (
          <Line
            key={`raw ${trace.key}`}
            {...still}
            className="raw-line"
            data={trace.raw as { x: number; y: number }[]}
            dataKey="y"
            stroke={colour(trace.slot)}
            strokeWidth={1}
          />
        ) : null,
      )}
      {[...traces].reverse().map((trace) => (
        <Line
          key={trace.key}
          {...still}
          data={trace.line as { x: number; y: number }[]}
          dataKey="y"
          stroke={colour(trace.slot)}
          strokeWidth={strokeWidth}
          {...(dash(trace.slot) ? { strokeDasharray: dash(trace.slot) as string } : {})}
        />
      ))}
    </ComposedChart>
  );
});

export function Plot(props: PlotProps) {
  const { width, height, left, xWords } = props;
  const below = unitBelow(props);
  const bottom = below ? 38 : 24;
  const frame: Frame = { left, right: width - RIGHT, top: TOP, bottom: height - bottom };
  return (
    <>
      <Curves {...props} bottom={bottom} />
      <svg className="overlay" width={width} height={height} aria-hidden="true">
        <Marks {...props} frame={frame} />
        <Cross frame={frame} traces={props.traces} x={props.x} y={props.y} />
        <text className="faint" x={width - RIGHT} y={below ? height - 4 : frame.bottom + 16} textAnchor="end">
          {xWords}
        </text>
        {props.children}
      </svg>
      <CrossControl frame={frame} x={props.x} label={props.label} crossWords={props.crossWords} />
    </>
  );
}
