// One plot: Recharts draws grid, axes and lines; a layer above holds names, marks and the crosshair, so that pointing
// redraws no curve.
import { type KeyboardEvent, memo, type PointerEvent, type ReactNode } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import { colour, dash, labelColour, type Slot } from '../runs/run-style.tsx';
import { useCrosshair } from './crosshair.ts';
import { placeLabels } from './end-labels.ts';
import { type Axis, project, unproject } from './scale.ts';
import { type Trace, valueAt } from './traces.ts';

export interface Reference {
  readonly y: number;
  readonly words: string;
  readonly side: 'left' | 'right';
}

export interface Band {
  readonly slot: Slot;
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

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** References, ends, divergence marks and names. */
function Marks({ frame, ...props }: PlotProps & { readonly frame: Frame }) {
  const { traces, references, named, formatY } = props;
  const toX = project(props.x, frame.left, frame.right);
  const toY = project(props.y, frame.bottom, frame.top);
  const clamp = (y: number): number => Math.min(frame.bottom, Math.max(frame.top + 4, y));
  const ends = traces.flatMap((trace) =>
    trace.end ? [{ trace, x: toX(trace.end.x), y: clamp(toY(trace.end.y)), value: trace.end.y }] : [],
  );
  const wishes = ends.map(({ trace, x, y, value }) => ({
    key: trace.key,
    x,
    y,
    colour: labelColour(trace.slot),
    text:
      trace.state === 'diverged'
        ? `${trace.label} diverged, step ${trace.step.toLocaleString('en-US')}`
        : `${trace.label} ${formatY(value)}`,
  }));
  return (
    <>
      {references.map(({ y, words, side }) => {
        const at = Math.round(toY(y)) + 0.5;
        if (at < frame.top - 1 || at > frame.bottom + 1) return null;
        return (
          <g key={words}>
            <path className="reference-line" d={`M${frame.left} ${at}H${frame.right}`} />
            <text
              className="faint halo"
              x={side === 'left' ? frame.left + 6 : frame.right}
              y={at < frame.top + 18 ? at + 14 : at - 5}
              textAnchor={side === 'left' ? 'start' : 'end'}
            >
              {words}
            </text>
          </g>
        );
      })}
      {ends.map(({ trace, x, y }) => {
        if (trace.state === 'diverged' && named)
          return (
            <path
              key={trace.key}
              d={`M${x - 4} ${y - 4}l8 8m0-8l-8 8`}
              stroke={colour(trace.slot)}
              strokeWidth="1.75"
            />
          );
        if (trace.state === 'running' || trace.line.length === 1)
          return <circle key={trace.key} cx={x} cy={y} r="3" fill={colour(trace.slot)} />;
        return null;
      })}
      {named &&
        placeLabels(wishes, frame).map((label) => (
          <text
            key={label.key}
            className="halo"
            x={label.labelX}
            y={label.labelY}
            textAnchor={label.anchor}
            style={{ fill: label.colour }}
          >
            {label.text}
          </text>
        ))}
    </>
  );
}

/** The line through all charts, and rings where it meets a curve. */
function Cross({
  frame,
  traces,
  x: xAxis,
  y: yAxis,
}: Pick<PlotProps, 'traces' | 'x' | 'y'> & { readonly frame: Frame }) {
  const [x] = useCrosshair();
  if (x === null || x < xAxis.domain[0] || x > xAxis.domain[1]) return null;
  const px = Math.round(project(xAxis, frame.left, frame.right)(x)) + 0.5;
  const toY = project(yAxis, frame.bottom, frame.top);
  return (
    <>
      <path className="cross-line" d={`M${px} ${frame.top}V${frame.bottom}`} />
      {traces.map((trace) => {
        const value = valueAt(trace, x);
        const y = value === null ? Number.NaN : toY(value);
        if (!(y >= frame.top - 2 && y <= frame.bottom + 2)) return null;
        return (
          <circle
            key={trace.key}
            cx={px}
            cy={y}
            r="3"
            fill="var(--paper)"
            stroke={colour(trace.slot)}
            strokeWidth="1.5"
          />
        );
      })}
    </>
  );
}

/** Where one points: a slider over the plot, so that arrow keys and screen readers move the same line. */
function CrossControl({
  frame,
  x: axis,
  label,
  crossWords,
}: Pick<PlotProps, 'x' | 'label' | 'crossWords'> & { readonly frame: Frame }) {
  const [x, setX] = useCrosshair();
  const toValue = unproject(axis, frame.left, frame.right);
  const toPixel = project(axis, frame.left, frame.right);
  const clamp = (pixel: number): number => Math.min(frame.right, Math.max(frame.left, pixel));

  function point(event: PointerEvent<HTMLDivElement>): void {
    const { left } = event.currentTarget.getBoundingClientRect();
    setX(toValue(clamp(frame.left + event.clientX - left)));
  }

  function key(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Escape') setX(null);
    const sign = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (sign !== undefined) {
      event.preventDefault();
      const from = x === null ? frame.right : toPixel(x);
      setX(toValue(clamp(from + sign * (event.shiftKey ? 40 : 4))));
    }
    if (event.key === 'Home') setX(axis.domain[0]);
    if (event.key === 'End') setX(axis.domain[1]);
  }

  const now = x ?? axis.domain[1];
  return (
    <div
      className="cross"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={axis.domain[0]}
      aria-valuemax={axis.domain[1]}
      aria-valuenow={now}
      aria-valuetext={crossWords(now)}
      style={{
        left: frame.left,
        top: frame.top,
        width: frame.right - frame.left,
        height: frame.bottom - frame.top,
      }}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => setX(null)}
      onKeyDown={key}
      onBlur={() => setX(null)}
    />
  );
}

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
