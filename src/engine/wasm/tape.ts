// A list of operations as the kernels read it: fixed records in the shared memory, written once and patched by step.
import { REALS_OFFSET, RECORD_BYTES, WORDS_OFFSET } from './opcodes.ts';
import type { Operation } from './operations.ts';

export interface Tape {
  readonly at: number;
  readonly length: number;
  /** Replaces an operation's float64 numbers: learning rate, bias correction. */
  setReals(index: number, reals: readonly number[]): void;
  /** Replaces an operation's addresses and sizes. */
  setWords(index: number, words: readonly number[]): void;
}

/** An operation whose results the next one does not need: threads go on without meeting. */
export interface Loose extends Operation {
  readonly isLoose: true;
}

/** Lets threads run on into the next operation, which must not need this one's results. */
export function loose(operation: Operation): Loose {
  return { ...operation, isLoose: true };
}

export const tapeBytes = (length: number): number => length * RECORD_BYTES;

/** Writes `operations` at byte `at` of `memory` (128-byte aligned, `tapeBytes` long). */
export function writeTape(memory: WebAssembly.Memory, at: number, operations: readonly Operation[]): Tape {
  const view = (): DataView => new DataView(memory.buffer);
  const setWords = (index: number, words: readonly number[]): void => {
    const target = view();
    const from = at + index * RECORD_BYTES + WORDS_OFFSET;
    for (const [i, word] of words.entries()) target.setUint32(from + 4 * i, word, true);
  };
  const setReals = (index: number, reals: readonly number[]): void => {
    const target = view();
    const from = at + index * RECORD_BYTES + REALS_OFFSET;
    for (const [i, real] of reals.entries()) target.setFloat64(from + 8 * i, real, true);
  };
  for (const [index, operation] of operations.entries()) {
    const target = view();
    const from = at + index * RECORD_BYTES;
    target.setInt32(from, operation.code, true);
    target.setInt32(from + 4, 0, true);
    target.setInt32(from + 8, operation.chunks, true);
    target.setInt32(from + 12, 'isLoose' in operation ? 0 : 1, true);
    setWords(index, operation.words);
    setReals(index, operation.reals);
  }
  return { at, length: operations.length, setReals, setWords };
}
