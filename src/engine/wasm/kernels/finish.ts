// What happens to a register tile on its way to C: add the earlier blocks of K, then bias, activation, residual.

import { IDENTITY } from '../opcodes';
import { activated, activatedBackward } from './activation';

/** One vector of C, or the first lane alone where `lanes` is false. */
@inline
function through(
  sum: v128,
  at: usize,
  column: i32,
  isLast: bool,
  bias: usize,
  activation: i32,
  backward: i32,
  before: usize,
  residual: usize,
  isVector: bool,
): v128 {
  let value = sum;
  if (!isLast) return value;
  if (bias) {
    const from = bias + (column << 2);
    value = f32x4.add(value, isVector ? v128.load(from) : v128.load32_zero(from));
  }
  if (activation !== IDENTITY) {
    if (backward) {
      const from = before + at;
      const x = isVector ? v128.load(from) : v128.load32_zero(from);
      value = activatedBackward(value, x, activation);
    } else {
      if (before) {
        if (isVector) v128.store(before + at, value);
        else v128.store_lane<f32>(before + at, value, 0);
      }
      value = activated(value, activation);
    }
  }
  if (residual) {
    const from = residual + at;
    value = f32x4.add(value, isVector ? v128.load(from) : v128.load32_zero(from));
  }
  return value;
}

/**
 * Moves tile[high × wide] to C at byte `offset`. On the last block of K: + bias[column], then the activation (keeping
 * what came `before` it, where asked), or, `backward`, × the activation's derivative at `before`; then + residual.
 */
export function finish(
  tile: usize,
  offset: usize,
  column: i32,
  c: usize,
  columns: i32,
  high: i32,
  wide: i32,
  isFirst: bool,
  isLast: bool,
  bias: usize,
  activation: i32,
  backward: i32,
  before: usize,
  residual: usize,
): void {
  for (let row = 0; row < high; row++) {
    let i = 0;
    for (; i + 4 <= wide; i += 4) {
      let value = v128.load(tile + (i << 2));
      const at = offset + (i << 2);
      if (!isFirst) value = f32x4.add(v128.load(c + at), value);
      value = through(value, at, column + i, isLast, bias, activation, backward, before, residual, true);
      v128.store(c + at, value);
    }
    for (; i < wide; i++) {
      let value = v128.load32_zero(tile + (i << 2));
      const at = offset + (i << 2);
      if (!isFirst) value = f32x4.add(v128.load32_zero(c + at), value);
      value = through(value, at, column + i, isLast, bias, activation, backward, before, residual, false);
      v128.store_lane<f32>(c + at, value, 0);
    }
    tile += 32;
    offset += (<usize>columns) << 2;
  }
}
