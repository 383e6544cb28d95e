// The drawing of a network from its layer list: strokes as long as layers are wide, matrices as trapezoids between them,
// skips as brackets. Pure: the layer list in, coordinates out.
import type { Layer, Linear } from '../../core/layers.ts';

export interface Stroke {
  readonly x: number;
  /** Half its height. */
  readonly half: number;
  readonly width: number;
}

export interface Matrix {
  readonly name: string;
  readonly layer: Linear;
  readonly from: Stroke;
  readonly to: Stroke;
}

export interface Skip {
  readonly from: Stroke;
  readonly to: Stroke;
}

export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly matrices: readonly Matrix[];
  readonly skips: readonly Skip[];
  /** Where blocks are left out. */
  readonly ellipsis: { readonly x: number; readonly hidden: number } | null;
  readonly blocks: number;
}

/** A run of matrices that is drawn or left out together: the lift, one block, the head. */
interface Unit {
  readonly residual: boolean;
  readonly role: Linear['role'];
  readonly linears: readonly Linear[];
}

function units(layers: readonly Layer[]): readonly Unit[] {
  const result: Unit[] = [];
  for (const layer of layers) {
    if (layer.kind === 'linear') result.push({ residual: false, role: layer.role, linears: [layer] });
    if (layer.kind === 'residual') {
      const linears = layer.branch.filter((inner): inner is Linear => inner.kind === 'linear');
      result.push({ residual: true, role: 'block', linears });
    }
  }
  return result;
}

/** More blocks than this are shown as three, an ellipsis and the last. */
const MOST_BLOCKS = 8;

export interface Frame {
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

/** Places everything inside the frame; the widest layer takes its whole height. */
export function drawing(layers: readonly Layer[], inputs: number, frame: Frame): Drawing {
  const all = units(layers);
  const blocks = all.filter((unit) => unit.role === 'block');
  const hidden = blocks.length > MOST_BLOCKS ? new Set(blocks.slice(3, -1)) : new Set<Unit>();
  const shown = all.filter((unit) => !hidden.has(unit));
  const count = shown.reduce((sum, unit) => sum + unit.linears.length, 0) + (hidden.size > 0 ? 1 : 0);
  const widest = Math.max(inputs, ...all.flatMap((unit) => unit.linears.map((linear) => linear.outputs)));
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
  const stroke = (index: number, width: number): Stroke => ({
    x: at(index),
    width,
    half: Math.max(0.5, ((width / widest) * frame.height) / 2),
  });

  const strokes: Stroke[] = [stroke(0, inputs)];
  const matrices: Matrix[] = [];
  const skips: Skip[] = [];
  let ellipsis: Drawing['ellipsis'] = null;
  let index = 0;
  let current = strokes[0] as Stroke;
  let seen = 0;
  for (const unit of shown) {
    if (unit.role === 'block' && hidden.size > 0 && seen === 3) {
      index++;
      const next = stroke(index, unit.linears[0]?.inputs ?? current.width);
      ellipsis = { x: (current.x + next.x) / 2, hidden: hidden.size };
      strokes.push(next);
      current = next;
    }
    if (unit.role === 'block') seen++;
    const entrance = current;
    for (const layer of unit.linears) {
      index++;
      const next = stroke(index, layer.outputs);
      matrices.push({ name: `${layer.name}.weight`, layer, from: current, to: next });
      strokes.push(next);
      current = next;
    }
    if (unit.residual) skips.push({ from: entrance, to: current });
  }
  return { strokes, matrices, skips, ellipsis, blocks: blocks.length };
}
