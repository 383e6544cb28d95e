// LayerNorm over the last axis: the mean first, then Σ(x − μ)², so that a large mean costs no digits. Chunks are rows.
import { activated } from './activation';
import { keepLanes, loadLanes, storeLanes, sumLanes } from './lanes';
import { share } from './share';

/**
 * y = (x − μ) · 1/√(σ² + ε) · γ + β and out = σ(y). Keeps μ and the reciprocal root of each row.
 * `y` may be 0 where nothing needs it; without activation `out` alone is written.
 */
export function layerNorm(
  chunk: i32,
  chunks: i32,
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  out: usize,
  mean: usize,
  root: usize,
  rows: i32,
  width: i32,
  activation: i32,
  epsilon: f32,
): void {
  const bytes = (<usize>width) << 2;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const from = x + <usize>row * bytes;
    let sums = f32x4.splat(0);
    for (let i = 0; i < width; i += 4) sums = f32x4.add(sums, loadLanes(from + (i << 2), width - i));
    x;
    const first = f32x4.splat(sumLanes(sums) / <f32>width);
    sums = f32x4.splat(0);
    for (let i = 0; i < width; i += 4) {
      const rest = f32x4.sub(loadLanes(from + (i << 2), width - i), first);
      sums = f32x4.add(sums, keepLanes(rest, width - i));
    }
    const mu = f32x4.splat(f32x4.extract_lane(first, 0) + sumLanes(sums) / <f32>width);
    sums = f32x4.splat(0);
    for (let i = 0; i < width; i += 4) {
      const centred = keepLanes(f32x4.sub(loadLanes(from + (i << 2), width - i), mu), width - i);
      sums = f32x4.add(sums, f32x4.mul(centred, centred));
    }
    const reciprocal: f32 = 1 / sqrt<f32>(sumLanes(sums) / <f32>width + epsilon);
    store<f32>(mean + (row << 2), f32x4.extract_lane(mu, 0));
    store<f32>(root + (row << 2), reciprocal);
    const scale = f32x4.splat(reciprocal);
    for (let i = 0; i < width; i += 4) {
      const lanes = width - i;
      const at: usize = i << 2;
      const normal = f32x4.mul(f32x4.sub(loadLanes(from + at, lanes), mu), scale);
      const value = f32x4.add(f32x4.mul(normal, loadLanes(gamma + at, lanes)), loadLanes(beta + at, lanes));
      const to = <usize>row * bytes + at;
      if (y) storeLanes(y + to, value, lanes);
      storeLanes(out + to, activated(value, activation), lanes);
    }
  }
}
