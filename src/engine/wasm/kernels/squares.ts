// The length of the whole gradient, in float64: partial sums of fixed chunks, then their sum in order; and how the
// gradients of micro-batches join, with the sums of their squares.
import { SQUARES_CHUNK } from '../opcodes';
import { loadLanes, storeLanes } from './lanes';
import { real, word } from './record';

/** Σ x² over elements chunk · SQUARES_CHUNK … (float64). */
function squaresOfChunk(chunk: i32, x: usize, count: i32): f64 {
  const end = min(count, (chunk + 1) * SQUARES_CHUNK);
  let i = chunk * SQUARES_CHUNK;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; i + 4 <= end; i += 4) {
    const value = v128.load(x + ((<usize>i) << 2));
    const first = f64x2.promote_low_f32x4(value);
    const second = f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(second, second));
  }
  low = f64x2.add(low, high);
  let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  for (; i < end; i++) {
    const value = <f64>load<f32>(x + ((<usize>i) << 2));
    sum += value * value;
  }
  return sum;
}

/** partials[chunk] = Σ x² over the chunk. */
export function squares(chunk: i32, x: usize, partials: usize, count: i32): void {
  store<f64>(partials + (chunk << 3), squaresOfChunk(chunk, x, count));
}

/**
 * total += share · x over the chunk, partials[chunk] += Σ x²; where it is the first, both are written. Words: x, total,
 * partials, count, whether it is the first; real: share.
 */
export function accumulate(chunk: i32, r: usize): void {
  const x: usize = word(r, 0);
  const total: usize = word(r, 1);
  const sum: usize = word(r, 2) + (chunk << 3);
  const count = word(r, 3);
  const isFirst = word(r, 4);
  const share = f32x4.splat(<f32>real(r, 0));
  const end = min(count, (chunk + 1) * SQUARES_CHUNK);
  for (let i = chunk * SQUARES_CHUNK; i < end; i += 4) {
    const at = (<usize>i) << 2;
    let value = f32x4.mul(share, loadLanes(x + at, end - i));
    if (!isFirst) value = f32x4.add(loadLanes(total + at, end - i), value);
    storeLanes(total + at, value, end - i);
  }
  const before = isFirst ? 0 : load<f64>(sum);
  store<f64>(sum, before + squaresOfChunk(chunk, x, count));
}

/**
 * norm = √Σ partials; factor = min(1, limit / (norm + 1e-6)), PyTorch's clip_grad_norm_; without a limit (0) it is 1.
 */
export function clip(partials: usize, count: i32, norm: usize, factor: usize, limit: f64): void {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += load<f64>(partials + (i << 3));
  const length = sqrt(sum);
  if (norm) store<f32>(norm, <f32>length);
  if (!factor) return;
  const ratio = limit / (length + 1e-6);
  store<f32>(factor, limit > 0 && !(ratio > 1) ? <f32>ratio : 1);
}
