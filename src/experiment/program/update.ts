// What follows the gradients: their norm and the clip scale, one flat optimizer update for each group of tensors, the
// step's row of readings.
import type { Op } from './op.ts';
import type { Places } from './places.ts';
import type { PlacedGroup } from './program.ts';
import { type BufferName, ELEMENT_BYTES, type Ref } from './ref.ts';
import type { State } from './state.ts';
import { type Operand, transient } from './transient.ts';
import { ruleOf, type UpdateRule } from './update-rule.ts';

/** Elements that one partial sum of squares covers. */
const NORM_CHUNK = 16_384;

/** Padding between tensors is zero everywhere and stays zero: the flat view may be treated as one long vector. */
const flat = (buffer: BufferName, { byteOffset, bytes }: { byteOffset: number; bytes: number }): Ref => ({
  name: buffer,
  buffer,
  byteOffset,
  shape: [bytes / ELEMENT_BYTES],
});

const whole = ({ trainableBytes }: State) => ({ byteOffset: 0, bytes: trainableBytes });

/** `clipNorm` 0 measures without clipping. */
export function normOps(state: State, spots: Places, clipNorm: number): readonly Op<Operand>[] {
  const count = state.trainableBytes / ELEMENT_BYTES;
  const partials = transient('partials', [Math.max(1, Math.ceil(count / NORM_CHUNK))]);
  const input = flat('gradients', whole(state));
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
  { isClipping, averages }: { readonly isClipping: boolean; readonly averages: boolean },
): readonly Op<Operand>[] {
  const updates = state.groups.map((group, index) =>
    optimizerOp(group, spots.groups[index] as Ref, ruleOf(rule, group), isClipping ? spots.scale : null),
  );
  return [...updates, ...(averages ? [averageOp(state, spots)] : []), summaryOp(spots)];
}

function averageOp(state: State, { settings }: Places): Op<Operand> {
  const part = whole(state);
  return {
    kind: 'average',
    count: part.bytes / ELEMENT_BYTES,
    settings,
    parameters: flat('parameters', part),
    average: flat('average', part),
  };
}

export function summaryOp({ losses, correct, norm, scale, settings, readings }: Places): Op<Operand> {
  return { kind: 'summary', losses, correct, norm, scale, settings, readings };
}

function optimizerOp(group: PlacedGroup, settings: Ref, rule: UpdateRule, scale: Ref | null): Op<Operand> {
  const shared = {
    count: group.bytes / ELEMENT_BYTES,
    parameters: flat('parameters', group),
    gradients: flat('gradients', group),
    settings,
    scale,
  } as const;
  const first = flat('slot-0', group);
  switch (rule.kind) {
    case 'sgd':
      return { ...shared, ...rule, buffer: first };
    case 'adamw': {
      const { kind, beta1, beta2, epsilon } = rule;
      return { ...shared, kind, beta1, beta2, epsilon, mean: first, square: flat('slot-1', group) };
    }
    case 'lion': {
      const { kind, beta1, beta2 } = rule;
      return { ...shared, kind, beta1, beta2, mean: first };
    }
    default:
      throw rule satisfies never;
  }
}
