// What the gather and the loss of one step are told: eight words in a uniform buffer, written before the step.
import { type Binding, binding } from '../kernel.ts';

/**
 * Word 0 is where the rows start in `order`, 1 step, 2 seed, 3 which micro-batch of the step, 4 MixUp's own share as
 * float32, 5 the split's first image.
 */
const DRAW_WORDS = 8;
export const DRAW_BYTES = 4 * DRAW_WORDS;

export interface Draw {
  /** First row of the pass in the order that is on the device. */
  readonly offset: number;
  readonly step: number;
  readonly seed: number;
  /** Micro-batch of the step, from 0: what is drawn for its rows goes on where the one before ended. */
  readonly microBatch?: number;
  /** MixUp within the pass: row r becomes share · r + (1 − share) · the row before, the first row taking the last. */
  readonly share?: number;
  /** First image of the split that is scored, among those on the device: fixed noise counts from it. */
  readonly first?: number;
}

export function wordsOfDraw({
  offset,
  step,
  seed,
  microBatch = 0,
  share = 1,
  first = 0,
}: Draw): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(DRAW_WORDS);
  words.set([offset, step, seed, microBatch]);
  new Float32Array(words.buffer)[4] = share;
  words[5] = first;
  return words;
}

export const drawBinding: Binding = binding('draw', 'uniform', DRAW_WORDS, 'vec4u');

/** WGSL that gives word `i`. */
export const drawWord = (i: number): string => `draw[${i >> 2}u][${i & 3}u]`;
export const drawShare = 'bitcast<f32>(draw[1u].x)';
/** WGSL of the place in the batch of row `r` of a micro-batch of `rows`. */
export const placeInBatch = (r: string, rows: number): string => `${r} + ${drawWord(3)} * ${rows}u`;
/** WGSL of the row before row `r` of a batch. */
export const rowBefore = (r: string, rows: number): string => `(${r} + ${rows - 1}u) % ${rows}u`;
