// What lies above the curves of a plot: references, names and marks at line ends, the crosshair and its control.
import type { KeyboardEvent, PointerEvent } from 'react';
import { colour, labelColour } from '../runs/run-style.tsx';
import { useCrosshair } from './crosshair.ts';
import { placeLabels } from './end-labels.ts';
import { type Axis, project, unproject } from './scale.ts';
import { type Trace, valueAt } from './traces.ts';

export interface Reference {
  readonly y: number;
  readonly words: string;
  readonly side: 'left' | 'right';
}

interface MarkProps {
  readonly x: Axis;
  readonly y: Axis;
  readonly traces: readonly Trace[];
  readonly references: readonly Reference[];
  /** Names at the ends of lines. */
  readonly named: boolean;
  /** An × where a run diverged. */
  readonly marked: boolean;
  readonly formatY: (value: number) => string;
  readonly crossWords: (x: number) => string;
  readonly label: string;
}

/** The inside of the axes, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type MarksProps = Pick<MarkProps, 'x' | 'y' | 'traces' | 'references' | 'named' | 'marked' | 'formatY'> & {
  readonly frame: Frame;
};

/** References, ends, divergence marks and names. */
export function Marks({ frame, ...props }: MarksProps) {
  const { traces, references, named, marked, formatY } = props;
  const toX = project(props.x, frame.left, frame.right);
  const toY = project(props.y, frame.bottom, frame.top);
  const clamp = (y: number): number => Math.min(frame.bottom, Math.max(frame.top, y));
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
        if (trace.state === 'diverged' && marked)
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
export function Cross({
  frame,
  traces,
  x: xAxis,
  y: yAxis,
}: Pick<MarkProps, 'traces' | 'x' | 'y'> & { readonly frame: Frame }) {
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
export function CrossControl({
  frame,
  x: axis,
  label,
  crossWords,
}: Pick<MarkProps, 'x' | 'label' | 'crossWords'> & { readonly frame: Frame }) {
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
