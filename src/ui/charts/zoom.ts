// Zooming and panning a part of an axis: arithmetic in the axis's own measure, so that a log axis moves by factors.
import { createContext, useContext } from 'react';
import type { Axis, Range } from './scale.ts';

/** The smallest part of the whole that can be looked at. */
const SMALLEST = 1e-4;

const measure = ({ log }: Pick<Axis, 'log'>): ((value: number) => number) =>
  log ? Math.log : (value) => value;
const unmeasure = ({ log }: Pick<Axis, 'log'>): ((value: number) => number) =>
  log ? Math.exp : (value) => value;

type Whole = Pick<Axis, 'domain' | 'log'>;

/** The part inside the whole; null where it is all of it. */
function held(from: number, to: number, whole: Whole): Range | null {
  const there = measure(whole);
  const back = unmeasure(whole);
  const [low, high] = [there(whole.domain[0]), there(whole.domain[1])];
  const span = Math.max(to - from, SMALLEST * (high - low));
  if (span >= (high - low) * (1 - 1e-9)) return null;
  const begin = Math.min(Math.max(from, low), high - span);
  return [back(begin), back(begin + span)];
}

/** The part between two places, in either order. */
export function rangeBetween(a: number, b: number, whole: Whole): Range | null {
  const there = measure(whole);
  return held(there(Math.min(a, b)), there(Math.max(a, b)), whole);
}

/** The part made `factor` times as wide, `at` staying where it is. */
export function zoomed(range: Range, factor: number, at: number, whole: Whole): Range | null {
  const there = measure(whole);
  const [low, high, middle] = [there(range[0]), there(range[1]), there(at)];
  return held(middle - (middle - low) * factor, middle + (high - middle) * factor, whole);
}

/** The part moved by a share of its own width; it stops at the ends of the whole. */
export function panned(range: Range, share: number, whole: Whole): Range | null {
  const there = measure(whole);
  const [low, high] = [there(range[0]), there(range[1])];
  const by = (high - low) * share;
  return held(low + by, high + by, whole);
}

/** What the charts of a group do when somebody zooms one of them. */
export interface Zoom {
  /** The x axis when nothing is zoomed. */
  readonly whole: Whole;
  readonly isZoomed: boolean;
  /** Null: all of it. */
  readonly set: (range: Range | null) => void;
}

export const ZoomContext = createContext<Zoom | null>(null);

export const useZoom = (): Zoom | null => useContext(ZoomContext);
