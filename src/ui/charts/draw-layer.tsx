// Draws one layer of a chart into the plot's frame. Each layer is drawn again only when it or an axis has changed.
import { memo } from 'react';
import type { Point, Spread } from './curves.ts';
import { placeLabels } from './end-labels.ts';
import { type Dot, fits, type Layer, type RuleLayer } from './layers.ts';
import { type Axis, project } from './scale.ts';

/** The inside of the axes, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Place {
  readonly x: Axis;
  readonly y: Axis;
  readonly frame: Frame;
}

const scales = ({ x, y, frame }: Place) => ({
  toX: project(x, frame.left, frame.right),
  toY: project(y, frame.bottom, frame.top),
});

const pixel = (value: number): string => value.toFixed(1);

/** The points as a path; a value that has no place on an axis leaves a gap. */
function pathOf(points: readonly Point[], place: Place): string {
  const { toX, toY } = scales(place);
  let path = '';
  let pen = 'M';
  for (const { x, y } of points) {
    if (!fits(place.x, x) || !fits(place.y, y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${pixel(toX(x))} ${pixel(toY(y))}`;
    pen = 'L';
  }
  return path;
}

function areaOf(spread: readonly Spread[], place: Place): string {
  const floor = place.y.domain[0];
  const there = spread.filter(({ x, high }) => fits(place.x, x) && fits(place.y, high));
  const over = there.map(({ x, high }) => ({ x, y: high }));
  const under = there.map(({ x, low }) => ({ x, y: fits(place.y, low) ? low : floor })).reverse();
  return there.length > 1 ? `${pathOf(over, place)}${pathOf(under, place).replace('M', 'L')}Z` : '';
}

const inside = (value: number, from: number, to: number): boolean => value >= from - 1 && value <= to + 1;

function Shape({ dot, x, y }: { readonly dot: Dot; readonly x: number; readonly y: number }) {
  const { colour, radius = 3.5 } = dot;
  switch (dot.shape) {
    case 'dot':
      return <circle cx={x} cy={y} r={radius} fill={colour} />;
    case 'hollow':
      return <circle cx={x} cy={y} r={radius} fill="var(--paper)" stroke={colour} strokeWidth="1.5" />;
    case 'hit':
      return (
        <g fill="none" stroke="var(--ok)" strokeWidth="1.5">
          <circle cx={x} cy={y} r="6" fill="var(--paper)" />
          <path d={`M${x - 3} ${y}l2 2.500 4-5`} />
        </g>
      );
    case 'miss':
      return (
        <g fill="none" stroke="var(--err)" strokeWidth="1.5">
          <circle cx={x} cy={y} r="6" fill="var(--paper)" />
          <path d={`M${x - 2.5} ${y - 2.5}l5 5m0-5l-5 5`} />
        </g>
      );
    case 'diverged':
      return <path d={`M${x - 4} ${y - 4}l8 8m0-8l-8 8`} fill="none" stroke={colour} strokeWidth="1.75" />;
    case 'above':
      return (
        <path d={`M${x} ${y + 14}V${y + 3}m-4 4l4-5 4 5`} fill="none" stroke={colour} strokeWidth="1.5" />
      );
    default:
      throw dot.shape satisfies never;
  }
}

function DotMark({ dot, ...place }: Place & { readonly dot: Dot }) {
  const { frame } = place;
  const { toX, toY } = scales(place);
  if (!fits(place.x, dot.x) || (dot.shape !== 'above' && !fits(place.y, dot.y))) return null;
  const x = toX(dot.x);
  // A run that left the frame is marked at its edge.
  const clamped =
    dot.shape === 'diverged' ? Math.min(frame.bottom, Math.max(frame.top, toY(dot.y))) : toY(dot.y);
  const y = dot.shape === 'above' ? frame.top : clamped;
  if (!inside(x, frame.left, frame.right) || !inside(y, frame.top, frame.bottom)) return null;
  const held = ({ domain: [low, high], ...axis }: Axis, value: number): number =>
    fits(axis, value) ? Math.min(high, Math.max(low, value)) : low;
  return (
    <g>
      {dot.spreadY && (
        <path
          stroke={dot.colour}
          d={`M${x} ${toY(held(place.y, dot.spreadY[0]))}V${toY(held(place.y, dot.spreadY[1]))}`}
        />
      )}
      {dot.spreadX && (
        <path
          stroke={dot.colour}
          d={`M${toX(held(place.x, dot.spreadX[0]))} ${y}H${toX(held(place.x, dot.spreadX[1]))}`}
        />
      )}
      <Shape dot={dot} x={x} y={y} />
    </g>
  );
}

/** Between two lines of words at the top. */
const ROW = 15;

function Rule({ rule, ...place }: Place & { readonly rule: RuleLayer }) {
  const { frame } = place;
  const { toX, toY } = scales(place);
  const isAcross = 'y' in rule.at;
  const value = 'y' in rule.at ? rule.at.y : rule.at.x;
  const axis = isAcross ? place.y : place.x;
  if (!fits(axis, value)) return null;
  const to = isAcross ? toY : toX;
  const at = Math.round(to(value)) + 0.5;
  const [from, until] = isAcross ? [frame.top, frame.bottom] : [frame.left, frame.right];
  const there = inside(at, from, until);
  const fitted = rule.tone === 'fitted';
  const clamp = (pixels: number): number => Math.min(until, Math.max(from, pixels));
  const [a, b] = (rule.spread ?? [value, value]).map((end) =>
    clamp(to(fits(axis, end) ? end : axis.domain[0])),
  ) as [number, number];
  const near = Math.min(a, b);
  const far = Math.abs(b - a);
  const height = rule.side === 'start' ? frame.bottom - 6 : frame.top + 12 + ROW * (rule.row ?? 0);
  const words = isAcross
    ? {
        x: rule.side === 'start' ? frame.left + 6 : frame.right,
        y: at < frame.top + 18 ? at + 14 : at - 5,
        anchor: rule.side === 'start' ? ('start' as const) : ('end' as const),
      }
    : at < (frame.left + frame.right) / 2
      ? { x: at + 5, y: height, anchor: 'start' as const }
      : { x: at - 5, y: height, anchor: 'end' as const };
  return (
    <g>
      {far > 1 && (
        <rect
          className="rule-spread"
          x={isAcross ? frame.left : near}
          y={isAcross ? near : frame.top}
          width={isAcross ? frame.right - frame.left : far}
          height={isAcross ? far : frame.bottom - frame.top}
          fill={fitted ? 'var(--acc)' : 'var(--ink3)'}
        />
      )}
      {there && (
        <>
          <path
            className={fitted ? 'fitted-line' : 'reference-line'}
            d={isAcross ? `M${frame.left} ${at}H${frame.right}` : `M${at} ${frame.top}V${frame.bottom}`}
          />
          <text
            className={fitted ? 'fitted-words halo' : 'faint halo'}
            x={words.x}
            y={words.y}
            textAnchor={words.anchor}
          >
            {rule.words}
          </text>
        </>
      )}
    </g>
  );
}

/** Names of dots and ends of lines, in one go, so that none hides another. */
function Names({ layers, ...place }: Place & { readonly layers: readonly Layer[] }) {
  const { toX, toY } = scales(place);
  const { frame } = place;
  const wishes = layers.flatMap((layer) => {
    if (layer.kind === 'names') return layer.names;
    if (layer.kind !== 'dots') return [];
    return layer.dots.flatMap(({ key, x, y, name, colour }) =>
      name ? [{ key, x, y, text: name, colour }] : [],
    );
  });
  const placed = wishes.flatMap((name) => {
    if (!fits(place.x, name.x) || !fits(place.y, name.y)) return [];
    const x = toX(name.x);
    if (!inside(x, frame.left, frame.right)) return [];
    return [{ ...name, x, y: Math.min(frame.bottom, Math.max(frame.top, toY(name.y))) }];
  });
  const lines = layers.flatMap((layer) =>
    layer.kind === 'curve' && !layer.isRaw
      ? [
          layer.points
            .filter(({ x, y }) => fits(place.x, x) && fits(place.y, y))
            .map(({ x, y }) => ({ x: toX(x), y: toY(y) })),
        ]
      : [],
  );
  return placeLabels(placed, frame, lines).map((label) => (
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
  ));
}

export const LayerNames = memo(Names);

export const DrawLayer = memo(function DrawLayer({ layer, ...place }: Place & { readonly layer: Layer }) {
  switch (layer.kind) {
    case 'curve':
      return (
        <path
          className={layer.isRaw ? 'raw-line' : undefined}
          d={pathOf(layer.points, place)}
          fill="none"
          stroke={layer.colour}
          strokeWidth={layer.width ?? (layer.isRaw ? 1 : 1.6)}
          strokeDasharray={layer.dash}
          strokeLinejoin="round"
        />
      );
    case 'band':
      return <path className="band-area" d={areaOf(layer.points, place)} fill={layer.colour} />;
    case 'dots':
      return layer.dots.map((dot) => <DotMark key={dot.key} dot={dot} {...place} />);
    case 'rule':
      return <Rule rule={layer} {...place} />;
    case 'names':
      return null;
    default:
      throw layer satisfies never;
  }
});
