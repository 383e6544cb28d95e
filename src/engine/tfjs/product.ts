// Matrix products as the active backend does them best. On WASM a product with a transposed operand runs 20 to 50
// times slower than a plain one, so the transpose is made explicit there, and a sum over rows is a product too.
import * as tf from '@tensorflow/tfjs-core';
import type { Scalars } from './scalars.ts';

const isWasm = (): boolean => tf.getBackend() === 'wasm';

/** a · b + bias. */
export function product(a: tf.Tensor2D, b: tf.Tensor2D, bias?: tf.Tensor): tf.Tensor2D {
  chooseProgram(a.shape[0], b.shape[1], a.shape[1]);
  return (bias ? tf.fused.matMul({ a, b, bias }) : tf.matMul(a, b)) as tf.Tensor2D;
}

/** aᵀ · b. */
export function productTransposedLeft(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  chooseProgram(a.shape[1], b.shape[1], a.shape[0]);
  return isWasm() ? tf.matMul(tf.transpose(a), b) : tf.matMul(a, b, true, false);
}

/** a · bᵀ. */
export function productTransposedRight(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  chooseProgram(a.shape[0], b.shape[0], a.shape[1]);
  return isWasm() ? tf.matMul(a, tf.transpose(b)) : tf.matMul(a, b, false, true);
}

/** Sum over the rows of [rows, columns], as [1, columns]. */
export function sumOfRows(scalars: Scalars, x: tf.Tensor2D): tf.Tensor2D {
  return isWasm() ? tf.matMul(scalars.row(1, x.shape[0]), x) : tf.sum(x, 0, true);
}

/** Mean over the rows of [rows, columns], as [1, columns]. */
export function meanOfRows(scalars: Scalars, x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(sumOfRows(scalars, x), scalars(1 / x.shape[0]));
}

/** tfjs's numbers of its WebGPU programs; −1 lets it choose. */
const PROGRAM = { automatic: -1, smallOutput: 2, packed: 3 } as const;
/** From here on tfjs would split the inner dimension and add the pieces atomically, in whatever order they come. */
const SPLIT_INNER = 2000;
/** Up to here tfjs would take one workgroup an output: a hundred times slower on a software adapter. */
const TINY_OUTPUT = 128;
/** Tiles of 32 × 32 that count as few. */
const FEW_TILES = 16;

/**
 * Keeps tfjs's WebGPU backend to programs that sum in one fixed order, so that a resumed run gives the same bits.
 * Other backends ignore the choice.
 */
function chooseProgram(rows: number, columns: number, inner: number): void {
  if (tf.getBackend() !== 'webgpu') return;
  const isFew = Math.ceil(rows / 32) * Math.ceil(columns / 32) <= FEW_TILES;
  const isTiny = rows * columns <= TINY_OUTPUT;
  const small = isFew ? PROGRAM.smallOutput : PROGRAM.packed;
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', inner >= SPLIT_INNER || isTiny ? small : PROGRAM.automatic);
}
