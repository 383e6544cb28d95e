// What a chart can show, as plain data: curves, bands, dots, rules, names. Everything on a screen is made of these;
// `draw-layer.tsx` draws them, `fit-layers.ts` makes them of a fitted law.
import type { Point, Spread } from './curves.ts';
import type { Axis, Range } from './scale.ts';

/** A line through points. */
export interface CurveLayer {
  readonly kind: 'curve';
  readonly key: string;
  readonly points: readonly Point[];
  readonly colour: string;
  readonly dash?: string | undefined;
  /** 1.6 unless it says otherwise. */
  readonly width?: number;
  /** Behind the smoothed line: as faint as measured values are. */
  readonly isRaw?: boolean;
}

/** The area between two lines. Say in the chart's `about` what it is. */
export interface BandLayer {
  readonly kind: 'band';
  readonly key: string;
  readonly points: readonly Spread[];
  readonly colour: string;
}

/**
 * `dot`: a measured value. `hollow`: one that is not trusted. `hit`, `miss`: held out, inside the band or not.
 * `diverged`: a cross where a run ended. `above`: the value is not reached inside the frame; an arrow at its top.
 */
export const dotShapes = ['dot', 'hollow', 'hit', 'miss', 'diverged', 'above'] as const;
export type DotShape = (typeof dotShapes)[number];

export interface Dot extends Point {
  readonly key: string;
  readonly colour: string;
  readonly shape: DotShape;
  /** What it is and what it says: for pointing at it and for those who do not see it. */
  readonly words: string;
  /** Pixels; 3.5 unless it says otherwise. */
  readonly radius?: number;
  /** Ends of its error bars. */
  readonly spreadY?: Range;
  readonly spreadX?: Range;
  /** A name beside it. */
  readonly name?: string;
}

export interface DotsLayer {
  readonly kind: 'dots';
  readonly key: string;
  readonly dots: readonly Dot[];
}

/** A reference across the chart: chance, a floor, a fitted quantity. */
export interface RuleLayer {
  readonly kind: 'rule';
  readonly key: string;
  readonly at: { readonly x: number } | { readonly y: number };
  readonly words: string;
  /** Where along the line the words stand. */
  readonly side: 'start' | 'end';
  /** `fitted`: a quantity that was fitted, in the accent. */
  readonly tone?: 'plain' | 'fitted';
  /** Its interval, shaded. */
  readonly spread?: Range;
  /** Of several rules across the x axis: the line of words at the top that is this one's, from 0. */
  readonly row?: number;
  /** The axis reaches to it; one that is not asked for is drawn where it happens to be in view. */
  readonly isShown?: boolean;
}

/** A name at a place, moved aside where two would overlap. */
export interface Name extends Point {
  readonly key: string;
  readonly text: string;
  readonly colour: string;
}

export interface NamesLayer {
  readonly kind: 'names';
  readonly key: string;
  readonly names: readonly Name[];
}

export type Layer = CurveLayer | BandLayer | DotsLayer | RuleLayer | NamesLayer;

/** At most this many points a layer, and in all. */
export const MOST_POINTS = 400;
export const MOST_IN_ALL = 1500;

/** How many points a layer has. */
export function size(layer: Layer): number {
  switch (layer.kind) {
    case 'curve':
    case 'band':
      return layer.points.length;
    case 'dots':
      return layer.dots.length;
    case 'rule':
    case 'names':
      return 0;
    default:
      throw layer satisfies never;
  }
}

/** Can a value stand on the axis? A log axis has no place for zero and below. */
export const fits = ({ log }: Pick<Axis, 'log'>, value: number): boolean =>
  Number.isFinite(value) && (!log || value > 0);

const xOf = ({ at }: RuleLayer): number => ('x' in at ? at.x : Number.NaN);
const yOf = ({ at }: RuleLayer): number => ('y' in at ? at.y : Number.NaN);

/** What the layers reach over on one axis, over the values that can stand there; null where there are none. */
export function reach(layers: readonly Layer[], of: 'x' | 'y', log: boolean): Range | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (...values: readonly number[]): void => {
    for (const value of values) {
      if (!fits({ log }, value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  };
  for (const layer of layers) {
    if (layer.kind === 'curve') for (const point of layer.points) take(point[of]);
    if (layer.kind === 'rule' && layer.isShown) take(of === 'x' ? xOf(layer) : yOf(layer));
    if (layer.kind === 'band')
      for (const { x, low: under, high: over } of layer.points) take(...(of === 'x' ? [x] : [under, over]));
    if (layer.kind === 'dots')
      for (const dot of layer.dots) {
        if (dot.shape === 'above' && of === 'y') continue;
        take(dot[of], ...((of === 'x' ? dot.spreadX : dot.spreadY) ?? []));
      }
  }
  return low <= high ? [low, high] : null;
}

/** Evenly thinned so that no layer and no chart has more points than it may; the ends stay. */
export function withinLimits(layers: readonly Layer[]): readonly Layer[] {
  const total = layers.reduce((sum, layer) => sum + Math.min(MOST_POINTS, size(layer)), 0);
  const share = Math.min(1, MOST_IN_ALL / Math.max(1, total));
  const thin = <T>(list: readonly T[]): readonly T[] => {
    const most = Math.max(2, Math.floor(Math.min(MOST_POINTS, list.length) * share));
    if (list.length <= most) return list;
    return Array.from(
      { length: most },
      (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))] as T,
    );
  };
  return layers.map((layer) => {
    if (layer.kind === 'curve') return { ...layer, points: thin(layer.points) };
    if (layer.kind === 'band') return { ...layer, points: thin(layer.points) };
    return layer.kind === 'dots' ? { ...layer, dots: thin(layer.dots) } : layer;
  });
}
