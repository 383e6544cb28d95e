// The length of the whole gradient, in float64: partial sums of fixed chunks, then their sum in order.
import { SQUARES_CHUNK } from '../opcodes';

/** partials[chunk] = Σ x² over elements chunk · SQUARES_CHUNK … (float64). */
export function squares(chunk: i32, x: usize, partials: usize, count: i32): void {
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
  store<f64>(partials + (chunk << 3), sum);
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
