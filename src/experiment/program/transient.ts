// A tensor that lives within a step. It gets its place in the arena when all operations are known.
import type { Ref } from './ref.ts';

export interface Transient {
  readonly name: string;
  readonly shape: readonly number[];
  readonly buffer: 'arena';
  readonly byteOffset: null;
}

/** An operand before the arena is planned. Two transients are the same tensor where they are the same object. */
export type Operand = Ref | Transient;

export const transient = (name: string, shape: readonly number[]): Transient => ({
  name,
  shape,
  buffer: 'arena',
  byteOffset: null,
});

export const isTransient = (operand: Operand): operand is Transient => operand.byteOffset === null;
