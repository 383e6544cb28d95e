// What the gather and the loss of one step are told: eight words in a uniform buffer, written before the step.
import { type Binding, binding } from '../kernel.ts';

/** Word 0 is where the batch starts in `order`, 1 step, 2 seed; for MixUp 3 the shift to the partner's row, 4 the own share as float32; 5 is the split's first image. */
const DRAW_WORDS = 8;
export const DRAW_BYTES = 4 * DRAW_WORDS;

export interface Draw {
  /** First row of the batch in the order that is on the device. */
  readonly offset: number;
  readonly step: number;
  readonly seed: number;
  /** Row r is mixed with row (r + shift) mod rows: share · r + (1 − share) · partner. */
  readonly shift?: number;
  readonly share?: number;
  /** First image of the split that is scored, among those on the device: fixed noise counts from it. */
  readonly first?: number;
}

export function drawWords({
  offset,
  step,
  seed,
  shift = 0,
  share = 1,
  first = 0,
}: Draw): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(DRAW_WORDS);
  words.set([offset, step, seed, shift]);
  new Float32Array(words.buffer)[4] = share;
  words[5] = first;
  return words;
}

export const drawBinding: Binding = binding('draw', 'uniform', DRAW_WORDS, 'vec4u');

/** WGSL that gives word `i`. */
export const drawWord = (i: number): string => `draw[${i >> 2}u][${i & 3}u]`;
export const drawShare = 'bitcast<f32>(draw[1u].x)';
