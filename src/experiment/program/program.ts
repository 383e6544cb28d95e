// A training step as plain data: buffers, and operations on them in order. Executors (WebGPU, WASM, the plain one of
// the tests) run it; `op.ts` says what each operation does.
import type { UpdateGroup } from '../update-groups.ts';
import type { Op } from './op.ts';
import type { BufferName, Ref } from './ref.ts';
import type { UpdateRule } from './update-rule.ts';

/**
 * First elements of `settings`: the row of `readings` to write, how many rows of the batch count, and what the average of
 * the weights keeps of itself and takes of the newest ones.
 */
export const settingNames = ['row', 'rows', 'old', 'new'] as const;
/**
 * Then, each group on a boundary that can be bound: `rate` is its learning rate; `keep` = 1 − rate · decay; `size` and
 * `root` are AdamW's bias-corrected rate and √(1 − β₂ᵗ).
 */
export const groupSettingNames = ['rate', 'keep', 'size', 'root'] as const;
/**
 * Columns of `readings`: sum of the rows' losses, rows classified correctly (0 for images), the last gradient norm, and the
 * sum of the squares of the micro-batches' gradients.
 */
export const readingNames = ['loss', 'correct', 'norm', 'squares'] as const;

/** A tensor that outlives the step, by its name in a state dict. */
export interface StateTensor extends Ref {
  readonly buffer: 'parameters' | 'statistics';
  /** Has a gradient and slots, at this offset of theirs. */
  readonly trainable: boolean;
}

/** The trainable tensors of one update group, without a gap that another group lies in. */
export interface PlacedGroup extends Pick<UpdateGroup, 'rate' | 'decays'> {
  readonly byteOffset: number;
  readonly bytes: number;
}

/**
 * A part of the arena. No operation reads one tensor and writes another in the same bank, so that banks can be separate
 * WebGPU buffers with read-only inputs; elsewhere the arena is one piece of memory.
 */
export interface Bank {
  readonly byteOffset: number;
  readonly bytes: number;
}

export interface Program {
  /** Rows of one pass forward and backward, and of an evaluation batch. */
  readonly batch: number;
  /** Passes of a step, each over a micro-batch; 1: the whole batch at once. */
  readonly microBatches: number;
  readonly evaluationBatch: number;
  /** Parameters and running statistics, in order of execution. */
  readonly tensors: readonly StateTensor[];
  /** With `settingsOf` it gives what the host writes before a step. */
  readonly rule: UpdateRule;
  /** Tensors that are updated alike, in order of their place; one update each. */
  readonly groups: readonly PlacedGroup[];
  /** Names of the slots in `slot-0` and `slot-1`. */
  readonly slots: readonly string[];
  /** How much the average of the weights keeps of itself at a step; 0 where there is none. */
  readonly averageDecay: number;
  /** Bytes of every buffer, multiples of `ALIGNMENT`; 0 where the program has no use for it. All start as zeros. */
  readonly bytes: Readonly<Record<BufferName, number>>;
  readonly banks: readonly Bank[];
  /** The most arena bytes that live at one time: no plan needs less. */
  readonly liveBytes: number;
  /**
   * A step runs forward, backward, norm (always when clipping, else when the norm is wanted), update. With micro-batches,
   * each runs forward, backward and what lets its gradient join: `accumulateFirst`, then `accumulate` after the others.
   */
  readonly forward: readonly Op[];
  readonly backward: readonly Op[];
  readonly accumulateFirst: readonly Op[];
  readonly accumulate: readonly Op[];
  readonly norm: readonly Op[];
  readonly isClipping: boolean;
  readonly update: readonly Op[];
  /** Forward with running statistics and without label smoothing; shares all buffers with the step. */
  readonly evaluation: readonly Op[];
  /** The same with the averaged weights; empty where there are none. Running statistics are those of the network. */
  readonly averageEvaluation: readonly Op[];
  /** [evaluationBatch, outputs], there after `evaluation` until the next op of a step: logits, or pixels after the sigmoid. */
  readonly outputs: Ref;
  /** [rows, columns]: so many steps can pass between two reads; columns are `readingNames`. */
  readonly readings: Ref;
}

/** Where a pass of evaluation puts the images of its batch, [rows, features]. */
export function inputPlace({ evaluation }: Program): Ref {
  const gather = evaluation.find(({ kind }) => kind === 'gather');
  if (gather?.kind !== 'gather') throw new Error('a program without images');
  return gather.input;
}
