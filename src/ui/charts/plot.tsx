// One plot. Recharts draws its frame: surface, grid, axes, ticks. What is shown in it are layers, drawn inside that
// frame by `draw-layer.tsx`: when one layer changes, neither the frame nor another layer is drawn again.
import { createContext, memo, type ReactNode, useContext, useId, useMemo } from 'react';
import { CartesianGrid, ComposedChart, XAxis, YAxis } from 'recharts';
import { DrawLayer, type Frame, LayerNames } from './draw-layer.tsx';
import type { Layer } from './layers.ts';
import { type Axis, project } from './scale.ts';

interface FrameProps {
  readonly width: number;
  readonly height: number;
  /** Width of the y axis: the same in all plots of a column, so that the crosshair runs straight through. */
  readonly left: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xWords: string;
}

export interface PlotProps extends FrameProps {
  readonly layers: readonly Layer[];
  /** Names at ends and dots; where there is no room for them the readout has them. */
  readonly named: boolean;
  /** Above the curves: the crosshair. */
  readonly overlay?: (frame: Frame) => ReactNode;
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
function unitBelow({ width, left, x, xWords }: FrameProps): boolean {
  const last = x.ticks[x.ticks.length - 1];
  if (last === undefined || xWords === '') return false;
  const end = project(x, left, width - RIGHT)(last) + x.format(last).length * 3.3;
  return end + 12 > width - RIGHT - xWords.length * 5.6;
}

interface Inside {
  readonly layers: readonly Layer[];
  readonly named: boolean;
  readonly frame: Frame;
  readonly x: Axis;
  readonly y: Axis;
}

const InsideContext = createContext<Inside | null>(null);

/** The layers, as a part of the Recharts surface: it reads them past the frame, which stays as it is. */
function Layers() {
  const inside = useContext(InsideContext);
  const clip = useId();
  if (!inside) return null;
  const { layers, named, frame, x, y } = inside;
  const place = { frame, x, y };
  const clipped = layers.filter(({ kind }) => kind === 'band' || kind === 'curve');
  const free = layers.filter(({ kind }) => kind === 'dots');
  const rules = layers.filter(({ kind }) => kind === 'rule');
  return (
    <>
      <clipPath id={clip}>
        <rect
          x={frame.left}
          y={frame.top - 2}
          width={Math.max(0, frame.right - frame.left)}
          height={Math.max(0, frame.bottom - frame.top + 3)}
        />
      </clipPath>
      {rules.map((layer) => (
        <DrawLayer key={layer.key} layer={layer} {...place} />
      ))}
      <g clipPath={`url(#${clip})`}>
        {clipped.map((layer) => (
          <DrawLayer key={layer.key} layer={layer} {...place} />
        ))}
      </g>
      {free.map((layer) => (
        <DrawLayer key={layer.key} layer={layer} {...place} />
      ))}
      {named && <LayerNames layers={layers} {...place} />}
    </>
  );
}

const Axes = memo(function Axes({
  width,
  height,
  left,
  x,
  y,
  bottom,
}: FrameProps & { readonly bottom: number }) {
  const scaleOf = (axis: Axis): 'log' | 'linear' => (axis.log ? 'log' : 'linear');
  const xTick = ({ x: px, y: py, payload }: TickProps) => {
    const words = payload ? x.format(payload.value) : '';
    const half = words.length * 3.1;
    const at = Math.max(left - 6, Math.min(Number(px), width - half - 1));
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
  // Recharts sets no ticks on an x axis without data: the ends of the axis are its data.
  const ends = useMemo(() => x.domain.map((at) => ({ at })), [x]);
  return (
    <ComposedChart
      data={ends}
      width={width}
      height={height}
      margin={{ top: TOP, right: RIGHT, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={x.log && y.log} />
      <XAxis
        dataKey="at"
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
      <Layers />
    </ComposedChart>
  );
});

export function Plot({ layers, named, overlay, children, ...of }: PlotProps) {
  const { width, height, left, x, y, xWords } = of;
  const below = unitBelow(of);
  const bottom = below ? 38 : 24;
  const frame = useMemo<Frame>(
    () => ({ left, right: width - RIGHT, top: TOP, bottom: height - bottom }),
    [left, width, height, bottom],
  );
  const inside = useMemo(() => ({ layers, named, frame, x, y }), [layers, named, frame, x, y]);
  return (
    <>
      <InsideContext value={inside}>
        <Axes {...of} bottom={bottom} />
      </InsideContext>
      <svg className="overlay" width={width} height={height} aria-hidden="true">
        <text className="faint" x={width - RIGHT} y={below ? height - 4 : frame.bottom + 16} textAnchor="end">
          {xWords}
        </text>
        {children}
      </svg>
      {overlay?.(frame)}
    </>
  );
}
