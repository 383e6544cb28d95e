// What follows the gradients: micro-batches that join, their norm and the clip scale, one flat optimizer update for each group of tensors, the
// step's row of readings.
import type { Op } from './op.ts';
import type { Places } from './places.ts';
import type { PlacedGroup } from './program.ts';
import { type BufferName, ELEMENT_BYTES, type Ref } from './ref.ts';
import { alignedBytes, type State } from './state.ts';
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

const chunks = ({ trainableBytes }: State): number =>
  Math.max(1, Math.ceil(trainableBytes / ELEMENT_BYTES / NORM_CHUNK));

/** Where the sums of squares of the micro-batches' gradients lie. */
const squaresOf = (state: State): Ref => ({
  name: 'squares',
  buffer: 'accumulator',
  byteOffset: state.trainableBytes,
  shape: [chunks(state)],
});

/** Bytes of `accumulator`; a sum of squares may take two elements, for executors that add in double precision. */
export const accumulatorBytes = (state: State): number =>
  state.trainableBytes + alignedBytes(2 * chunks(state));

/** Where the gradient of the whole batch lies in the end. */
type GradientBuffer = 'gradients' | 'accumulator';

/** After a micro-batch's backward pass, of `microBatches` in a step. */
export function accumulateOps(
  state: State,
  { losses, correct, loss, hits }: Places,
  microBatches: number,
  isFirst: boolean,
): readonly Op<Operand>[] {
  const input = flat('gradients', whole(state));
  const count = state.trainableBytes / ELEMENT_BYTES;
  const total = flat('accumulator', whole(state));
  const shared = { chunk: NORM_CHUNK, share: 1 / microBatches, isFirst } as const;
  return [
    { kind: 'accumulate', count, ...shared, input, total, partials: squaresOf(state) },
    { kind: 'tally', isFirst, losses, correct, loss, hits },
  ];
}

/** `clipNorm` 0 measures without clipping. */
export function normOps(
  state: State,
  spots: Places,
  clipNorm: number,
  from: GradientBuffer,
): readonly Op<Operand>[] {
  const count = state.trainableBytes / ELEMENT_BYTES;
  const partials = transient('partials', [chunks(state)]);
  const input = flat(from, whole(state));
  const maximum = clipNorm > 0 ? clipNorm : null;
  return [
    { kind: 'square-sums', count, chunk: NORM_CHUNK, input, partials },
    { kind: 'clip-scale', partials, maximum, norm: spots.norm, scale: spots.scale },
  ];
}

interface UpdateOptions {
  readonly isClipping: boolean;
  readonly averages: boolean;
  readonly from: GradientBuffer;
}

export function updateOps(
  state: State,
  spots: Places,
  rule: UpdateRule,
  { isClipping, averages, from }: UpdateOptions,
): readonly Op<Operand>[] {
  const scale = isClipping ? spots.scale : null;
  const updates = state.groups.map((group, index) =>
    optimizerOp(group, spots.groups[index] as Ref, ruleOf(rule, group), scale, from),
  );
  const summary = from === 'gradients' ? summaryOp(spots) : summaryOfMicroBatches(state, spots);
  return [...updates, ...(averages ? [averageOp(state, spots)] : []), summary];
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

export function summaryOp({ losses, correct, norm, settings, readings }: Places): Op<Operand> {
  return { kind: 'summary', losses, correct, norm, squares: null, settings, readings };
}

/** The same from what the micro-batches summed up: one row. */
function summaryOfMicroBatches(state: State, spots: Places): Op<Operand> {
  const { loss: losses, hits: correct, norm, settings, readings } = spots;
  return { kind: 'summary', losses, correct, norm, squares: squaresOf(state), settings, readings };
}

function optimizerOp(
  group: PlacedGroup,
  settings: Ref,
  rule: UpdateRule,
  scale: Ref | null,
  from: GradientBuffer,
): Op<Operand> {
  const shared = {
    count: group.bytes / ELEMENT_BYTES,
    parameters: flat('parameters', group),
    gradients: flat(from, group),
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
