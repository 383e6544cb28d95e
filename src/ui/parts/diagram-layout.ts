// The drawing of a network from its layer list: strokes as long as layers are wide, matrices as trapezoids between them,
// skips as brackets. Pure: the layer list in, coordinates out.
import type { Layer } from '../../core/layers.ts';
import { type Drawn, units } from './diagram-units.ts';

export interface Stroke {
  readonly x: number;
  /** Half its height. */
  readonly half: number;
  /** Features of an example there, those of all its tokens. */
  readonly width: number;
  /** Where there are tokens, how many and how wide; else 1 and the width. */
  readonly tokens: number;
  readonly features: number;
}

export interface Matrix {
  readonly name: string;
  readonly layer: Drawn;
  readonly from: Stroke;
  readonly to: Stroke;
}

/** A pair of strokes with no matrix between them: a skip connection, or the mean of tokens. */
export interface Span {
  readonly from: Stroke;
  readonly to: Stroke;
}

export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly matrices: readonly Matrix[];
  readonly skips: readonly Span[];
  readonly means: readonly Span[];
  /** Where blocks are left out. */
  readonly ellipsis: { readonly x: number; readonly hidden: number } | null;
  readonly blocks: number;
  readonly kind: 'residual blocks' | 'blocks' | 'hidden layers';
}

/** More blocks, or more matrices in them, are shown as three blocks, an ellipsis and the last. */
const MOST_BLOCKS = 8;
const MOST_MATRICES = 16;

export interface Frame {
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

/** Places everything inside the frame; the widest layer takes its whole height. */
export function drawing(layers: readonly Layer[], inputs: number, frame: Frame): Drawing {
  const all = units(layers);
  const blocks = all.filter((unit) => unit.role === 'block');
  const crowd = blocks.reduce((sum, unit) => sum + unit.matrices.length, 0);
  const isCrowded = blocks.length > MOST_BLOCKS || crowd > MOST_MATRICES;
  const hidden = new Set(isCrowded ? blocks.slice(3, -1) : []);
  const shown = all.filter((unit) => !hidden.has(unit));
  const places = shown.reduce((sum, unit) => sum + unit.matrices.length + (unit.isPooled ? 1 : 0), 0);
  const count = places + (hidden.size > 0 ? 1 : 0);
  const widest = Math.max(
    inputs,
    ...all.flatMap((unit) => unit.matrices.map(({ uses, outputs }) => uses * outputs)),
  );
  const hasLift = all[0]?.role === 'lift';
  const first = hasLift && count > 2 ? 0.15 : 0;
  const last = count > 2 ? 0.1 : 0;
  const inner = Math.max(1, count - (first > 0 ? 1 : 0) - (last > 0 ? 1 : 0));
  const at = (index: number): number => {
    if (index === 0) return 1;
    if (index === count) return frame.width - 1;
    const share = first + ((1 - first - last) * (index - (first > 0 ? 1 : 0))) / inner;
    return 1 + (frame.width - 2) * share;
  };
  const stroke = (index: number, tokens: number, features: number): Stroke => ({
    x: at(index),
    width: tokens * features,
    tokens,
    features,
    half: Math.max(0.5, (((tokens * features) / widest) * frame.height) / 2),
  });

  const strokes: Stroke[] = [stroke(0, 1, inputs)];
  const matrices: Matrix[] = [];
  const skips: Span[] = [];
  const means: Span[] = [];
  let ellipsis: Drawing['ellipsis'] = null;
  let current = strokes[0] as Stroke;
  const advance = (tokens: number, features: number): Stroke => {
    const next = stroke(strokes.length, tokens, features);
    strokes.push(next);
    current = next;
    return next;
  };
  let seen = 0;
  for (const unit of shown) {
    const before = current;
    if (unit.role === 'block' && hidden.size > 0 && seen === 3) {
      const next = advance(before.tokens, before.features);
      ellipsis = { x: (before.x + next.x) / 2, hidden: hidden.size };
    }
    if (unit.role === 'block') seen++;
    if (unit.isPooled) means.push({ from: before, to: advance(1, before.features) });
    const ends = [current];
    for (const layer of unit.matrices) {
      const { uses, outputs } = layer;
      const from = current;
      const to = layer.over === 'features' ? advance(outputs, uses) : advance(uses, outputs);
      matrices.push({ name: layer.name, layer, from, to });
      ends.push(to);
    }
    for (const { from, to } of unit.skips)
      skips.push({ from: ends[from] as Stroke, to: ends[to + 1] as Stroke });
  }
  const kind = blocks.some((unit) => unit.skips.length > 0)
    ? 'residual blocks'
    : blocks.some((unit) => unit.matrices.length > 1)
      ? 'blocks'
      : 'hidden layers';
  return { strokes, matrices, skips, means, ellipsis, blocks: blocks.length, kind };
}
