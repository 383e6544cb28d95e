// Softmax cross-entropy with label smoothing and MixUp, and its gradient. Chunks are rows.
import { exponentialOfMinus } from './exponential';
import { keepLanes, loadLanes, storeLanes } from './lanes';
import { logarithm } from './logarithm';
import { share } from './share';

@inline
function labelOf(labels: usize, indices: usize, row: i32): i32 {
  const index: usize = indices ? load<u32>(indices + (row << 2)) : row;
  return <i32>load<u8>(labels + index);
}

/**
 * losses[r] = (1 − ε)(−log p_y) + ε/K Σ_c −log p_c with p = softmax(logits[r]), and, where asked,
 * gradient[r, c] = scale · (p_c − target_c). The label of row r is labels[indices[r]] (indices 0: labels[r]). With `mixed`,
 * the address of λ as float32, the (1 − ε) is divided: λ for the label, the rest for the label of the row before.
 */
export function crossEntropy(
  chunk: i32,
  chunks: i32,
  logits: usize,
  labels: usize,
  indices: usize,
  losses: usize,
  gradient: usize,
  rows: i32,
  classes: i32,
  mixed: usize,
  smoothing: f64,
  scale: f64,
): void {
  const rest = smoothing / <f64>classes;
  const kept: f64 = mixed ? <f64>load<f32>(mixed) : 1;
  const ownShare = f32x4.splat(<f32>((1 - smoothing) * kept));
  const otherShare = f32x4.splat(<f32>((1 - smoothing) * (1 - kept)));
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const from = logits + ((<usize>row * classes) << 2);
    const label = labelOf(labels, indices, row);
    const before = mixed ? labelOf(labels, indices, row > 0 ? row - 1 : rows - 1) : label;
    let highest: f32 = load<f32>(from);
    for (let c = 1; c < classes; c++) highest = max(highest, load<f32>(from + (c << 2)));
    let sum: f64 = 0;
    let distances: f64 = 0;
    for (let c = 0; c < classes; c += 4) {
      const lanes = classes - c;
      const distance = f32x4.sub(f32x4.splat(highest), loadLanes(from + (c << 2), lanes));
      const e = keepLanes(exponentialOfMinus(distance), lanes);
      const d = keepLanes(distance, lanes);
      sum += <f64>f32x4.extract_lane(e, 0) + <f64>f32x4.extract_lane(e, 1);
      sum += <f64>f32x4.extract_lane(e, 2) + <f64>f32x4.extract_lane(e, 3);
      distances += <f64>f32x4.extract_lane(d, 0) + <f64>f32x4.extract_lane(d, 1);
      distances += <f64>f32x4.extract_lane(d, 2) + <f64>f32x4.extract_lane(d, 3);
    }
    const total = logarithm(sum);
    const z = <f64>(highest - load<f32>(from + (label << 2)));
    const own = mixed ? kept * z + (1 - kept) * <f64>(highest - load<f32>(from + (before << 2))) : z;
    store<f32>(losses + (row << 2), <f32>(total + (1 - smoothing) * own + rest * distances));
    if (!gradient) continue;
    const to = gradient + ((<usize>row * classes) << 2);
    const factor = f32x4.splat(<f32>(1 / sum));
    const weight = f32x4.splat(<f32>scale);
    const common = f32x4.splat(<f32>rest);
    for (let c = 0; c < classes; c += 4) {
      const lanes = classes - c;
      const distance = f32x4.sub(f32x4.splat(highest), loadLanes(from + (c << 2), lanes));
      const p = f32x4.mul(exponentialOfMinus(distance), factor);
      const places = i32x4.add(i32x4.splat(c), i32x4(0, 1, 2, 3));
      let target = f32x4.add(common, v128.and(i32x4.eq(places, i32x4.splat(label)), ownShare));
      if (mixed) target = f32x4.add(target, v128.and(i32x4.eq(places, i32x4.splat(before)), otherShare));
      storeLanes(to + (c << 2), f32x4.mul(f32x4.sub(p, target), weight), lanes);
    }
  }
}

/** out = mean of `count` floats, summed in float64. One chunk. */
export function mean(x: usize, out: usize, count: i32): void {
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) sum += <f64>load<f32>(x + (i << 2));
  store<f32>(out, <f32>(sum / <f64>count));
}
