// The squared error of a sigmoid's outputs and its gradient by the logits, in one pass. Chunks are rows.
import { highDoubles, lowDoubles } from './doubles';
import { exponentialOfMinus } from './exponential';
import { keepLanes, loadLanes, storeLanes } from './lanes';
import { real, word } from './record';
import { share } from './share';

/**
 * losses[r] = mean over features of (σ − target)²; output = σ and gradient = (σ − target) · σ (1 − σ) · scale, where
 * asked. With e = e^−|z|: σ is 1 / (1 + e) for z ≥ 0, else e / (1 + e), and σ (1 − σ) = e / (1 + e)².
 * Words: logits, target, losses, output, gradient, rows, features; real: scale.
 */
export function squaredError(chunk: i32, chunks: i32, record: usize): void {
  const logits: usize = word(record, 0);
  const target: usize = word(record, 1);
  const losses: usize = word(record, 2);
  const output: usize = word(record, 3);
  const gradient: usize = word(record, 4);
  const rows = word(record, 5);
  const features = word(record, 6);
  const scale = f32x4.splat(<f32>real(record, 0));
  const one = f32x4.splat(1);
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const from = (<usize>row * features) << 2;
    let sums = f64x2.splat(0);
    for (let i = 0; i < features; i += 4) {
      const at = from + (<usize>i << 2);
      const lanes = features - i;
      const z = loadLanes(logits + at, lanes);
      const e = exponentialOfMinus(f32x4.abs(z));
      const near = f32x4.div(one, f32x4.add(one, e));
      const tail = f32x4.mul(e, near);
      const y = v128.bitselect(tail, near, f32x4.lt(z, f32x4.splat(0)));
      const off = keepLanes(f32x4.sub(y, loadLanes(target + at, lanes)), lanes);
      const low = lowDoubles(off);
      const high = highDoubles(off);
      sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
      if (output) storeLanes(output + at, y, lanes);
      if (gradient)
        storeLanes(gradient + at, f32x4.mul(f32x4.mul(off, f32x4.mul(tail, near)), scale), lanes);
    }
    const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    store<f32>(losses + (row << 2), <f32>(sum / <f64>features));
  }
}
