// A fitted law as layers: solid where there is data, dashed outside, its band around it.
import type { Point, Spread } from './curves.ts';
import type { Layer } from './layers.ts';
import type { Range } from './scale.ts';

export interface Fit {
  readonly key: string;
  /** The law along x, rising in x, over all that is to be seen. */
  readonly points: readonly Point[];
  /** The x of the first and the last value it was fitted to. */
  readonly inside: Range;
  /** Its 95 % band; empty: none. */
  readonly band?: readonly Spread[];
  readonly colour?: string;
}

/** A polyline in three pieces: before the range, inside it, behind it; the pieces meet at its ends. */
export function splitAt(
  points: readonly Point[],
  [low, high]: Range,
): readonly [before: readonly Point[], inside: readonly Point[], behind: readonly Point[]] {
  const at = (x: number): readonly Point[] => {
    const right = points.findIndex((point) => point.x >= x);
    const [a, b] = [points[right - 1], points[right]];
    if (b?.x === x) return [b];
    if (!b || !a) return [];
    // A straight line between near points is as good on log axes.
    return [{ x, y: a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y) }];
  };
  const before = points.filter(({ x }) => x < low);
  const behind = points.filter(({ x }) => x > high);
  return [
    before.length > 0 ? [...before, ...at(low)] : [],
    [...at(low), ...points.filter(({ x }) => x > low && x < high), ...at(high)],
    behind.length > 0 ? [...at(high), ...behind] : [],
  ];
}

export function fitLayers({ key, points, inside, band = [], colour = 'var(--ink)' }: Fit): readonly Layer[] {
  const [before, within, behind] = splitAt(points, inside);
  const dashed = (part: string, list: readonly Point[]): Layer[] =>
    list.length > 1 ? [{ kind: 'curve', key: `${key} ${part}`, points: list, colour, dash: '5 4' }] : [];
  return [
    ...(band.length > 1 ? [{ kind: 'band', key: `${key} band`, points: band, colour } as const] : []),
    ...(within.length > 1 ? [{ kind: 'curve', key, points: within, colour } as const] : []),
    ...dashed('before', before),
    ...dashed('behind', behind),
  ];
}
