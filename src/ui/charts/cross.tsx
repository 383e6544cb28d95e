// The crosshair through all charts of a group: its line, rings where it meets what is drawn, and the surface that
// moves it.
import { colour } from '../runs/run-style.tsx';
import { useCrosshair } from './crosshair.ts';
import type { Frame } from './draw-layer.tsx';
import { PlotControl } from './plot-control.tsx';
import { type Axis, project, unproject } from './scale.ts';
import type { Drawn } from './shown-runs.ts';

interface Props {
  readonly frame: Frame;
  readonly x: Axis;
  readonly y: Axis;
  readonly chart: string;
  readonly drawn: readonly Drawn[];
  readonly read: (one: Drawn, x: number) => number | null;
  readonly format: (value: number) => string;
  readonly wordsOfX: (x: number) => string;
}

export function Cross({ frame, x: axis, y: yAxis, chart, drawn, read, format, wordsOfX }: Props) {
  const [pointed, setPointed] = useCrosshair();
  const toPixel = project(axis, frame.left, frame.right);
  const toValue = unproject(axis, frame.left, frame.right);
  const toY = project(yAxis, frame.bottom, frame.top);
  const isSeen = pointed && pointed.x >= axis.domain[0] && pointed.x <= axis.domain[1];
  const at = isSeen ? toPixel(pointed.x) : frame.right;
  const point = (pixel: number): void =>
    setPointed({ x: toValue(Math.min(frame.right, Math.max(frame.left, pixel))), chart });
  const values = isSeen
    ? drawn.flatMap((one) => {
        const value = read(one, pointed.x);
        return value === null ? [] : [{ one, value }];
      })
    : [];
  const reading = values.map(({ one, value }) => `${one.label} ${format(value)}`).join(', ');
  const now = toValue(at);
  const line = Math.round(at) + 0.5;
  return (
    <>
      {isSeen && (
        <svg className="overlay" width={frame.right + 12} height={frame.bottom + 12} aria-hidden="true">
          <path className="cross-line" d={`M${line} ${frame.top}V${frame.bottom}`} />
          {values.map(({ one, value }) => {
            const y = toY(value);
            if (!(y >= frame.top - 2 && y <= frame.bottom + 2)) return null;
            return (
              <circle
                key={one.key}
                cx={line}
                cy={y}
                r="3"
                fill="var(--paper)"
                stroke={colour(one.look)}
                strokeWidth="1.5"
              />
            );
          })}
        </svg>
      )}
      <PlotControl
        frame={frame}
        x={axis}
        label={`Crosshair, ${chart}`}
        value={{
          low: axis.domain[0],
          high: axis.domain[1],
          now,
          words: isSeen ? `${wordsOfX(now)}. ${reading}` : wordsOfX(now),
        }}
        anchor={at}
        onPoint={point}
        onLeave={() => setPointed(null)}
        onArrow={(direction, far) => point(at + direction * (far ? 40 : 4))}
        onEnd={(end) => point(end === 'first' ? frame.left : frame.right)}
      />
    </>
  );
}
