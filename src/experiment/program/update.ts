// What follows the gradients: their norm and the clip scale, one flat optimizer update, the step's row of readings.
import type { Op } from './op.ts';
import type { Places } from './places.ts';
import { type BufferName, ELEMENT_BYTES, type Ref } from './ref.ts';
import type { State } from './state.ts';
import { type Operand, transient } from './transient.ts';
import type { UpdateRule } from './update-rule.ts';

/** Elements that one partial sum of squares covers. */
const NORM_CHUNK = 16_384;

/** Padding between tensors is zero everywhere and stays zero: the flat view may be treated as one long vector. */
const flat = (name: string, buffer: BufferName, state: State): Ref => ({
  name,
  buffer,
  byteOffset: 0,
  shape: [state.trainableBytes / ELEMENT_BYTES],
});

/** `clipNorm` 0 measures without clipping. */
export function normOps(state: State, spots: Places, clipNorm: number): readonly Op<Operand>[] {
  const count = state.trainableBytes / ELEMENT_BYTES;
  const partials = transient('partials', [Math.max(1, Math.ceil(count / NORM_CHUNK))]);
  const input = flat('gradients', 'gradients', state);
  const maximum = clipNorm > 0 ? clipNorm : null;
  return [
    { kind: 'square-sums', count, chunk: NORM_CHUNK, input, partials },
    { kind: 'clip-scale', partials, maximum, norm: spots.norm, scale: spots.scale },
  ];
}

export function updateOps(
  state: State,
  spots: Places,
  rule: UpdateRule,
  isClipping: boolean,
): readonly Op<Operand>[] {
  return [optimizerOp(state, spots, rule, isClipping), summaryOp(spots)];
}

export function summaryOp({ losses, correct, norm, scale, settings, readings }: Places): Op<Operand> {
  return { kind: 'summary', losses, correct, norm, scale, settings, readings };
}

function optimizerOp(state: State, spots: Places, rule: UpdateRule, isClipping: boolean): Op<Operand> {
  const shared = {
    count: state.trainableBytes / ELEMENT_BYTES,
    parameters: flat('parameters', 'parameters', state),
    gradients: flat('gradients', 'gradients', state),
    settings: spots.settings,
    scale: isClipping ? spots.scale : null,
  } as const;
  const first = flat('slot-0', 'slot-0', state);
  switch (rule.kind) {
    case 'sgd':
      return { ...shared, ...rule, buffer: first };
    case 'adamw': {
      const { kind, beta1, beta2, epsilon } = rule;
      return { ...shared, kind, beta1, beta2, epsilon, mean: first, square: flat('slot-1', 'slot-1', state) };
    }
    case 'lion': {
      const { kind, beta1, beta2 } = rule;
      return { ...shared, kind, beta1, beta2, mean: first };
    }
    default:
      throw rule satisfies never;
  }
}
