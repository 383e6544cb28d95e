// BatchNorm without affine parameters, training and evaluation. Chunks are groups of 4 columns, so no sum is shared.
import { activated } from './activation';
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

/**
 * y = (x − μ) · 1/√(σ² + ε), out = σ(y), statistics over rows, biased variance. Keeps μ and the reciprocal root of each
 * column; running ← (1 − momentum) · running + momentum · (μ, unbiased variance). `y` may be 0.
 */
export function batchNorm(
  chunk: i32,
  chunks: i32,
  x: usize,
  y: usize,
  out: usize,
  mean: usize,
  root: usize,
  runningMean: usize,
  runningVariance: usize,
  rows: i32,
  width: i32,
  activation: i32,
  epsilon: f32,
  momentum: f32,
): void {
  const bytes = (<usize>width) << 2;
  const groups = (width + 3) >> 2;
  const count = f32x4.splat(<f32>rows);
  const end = share(chunk + 1, chunks, groups);
  for (let group = share(chunk, chunks, groups); group < end; group++) {
    const lanes = width - (group << 2);
    const column: usize = group << 4;
    const from = x + column;
    let sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++) sum = f32x4.add(sum, loadLanes(from + <usize>row * bytes, lanes));
    const first = f32x4.div(sum, count);
    sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++)
      sum = f32x4.add(sum, f32x4.sub(loadLanes(from + <usize>row * bytes, lanes), first));
    const mu = f32x4.add(first, f32x4.div(sum, count));
    let squares = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      const centred = f32x4.sub(loadLanes(from + <usize>row * bytes, lanes), mu);
      squares = f32x4.add(squares, f32x4.mul(centred, centred));
    }
    const variance = f32x4.div(squares, count);
    const reciprocal = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
    storeLanes(mean + column, mu, lanes);
    storeLanes(root + column, reciprocal, lanes);
    if (runningMean) {
      const unbiased = f32x4.div(squares, f32x4.splat(<f32>(rows - 1)));
      keep(runningMean + column, mu, lanes, momentum);
      keep(runningVariance + column, unbiased, lanes, momentum);
    }
    for (let row = 0; row < rows; row++) {
      const at = <usize>row * bytes + column;
      const value = f32x4.mul(f32x4.sub(loadLanes(x + at, lanes), mu), reciprocal);
      if (y) storeLanes(y + at, value, lanes);
      storeLanes(out + at, activated(value, activation), lanes);
    }
  }
}

@inline
function keep(running: usize, newest: v128, lanes: i32, momentum: f32): void {
  const old = f32x4.mul(f32x4.splat(1 - momentum), loadLanes(running, lanes));
  storeLanes(running, f32x4.add(old, f32x4.mul(f32x4.splat(momentum), newest)), lanes);
}

/** out = σ((x − running mean) / √(running variance + ε)). */
export function batchNormEvaluate(
  chunk: i32,
  chunks: i32,
  x: usize,
  out: usize,
  runningMean: usize,
  runningVariance: usize,
  rows: i32,
  width: i32,
  activation: i32,
  epsilon: f32,
): void {
  const bytes = (<usize>width) << 2;
  const groups = (width + 3) >> 2;
  const end = share(chunk + 1, chunks, groups);
  for (let group = share(chunk, chunks, groups); group < end; group++) {
    const lanes = width - (group << 2);
    const column: usize = group << 4;
    const mu = loadLanes(runningMean + column, lanes);
    const variance = loadLanes(runningVariance + column, lanes);
    const reciprocal = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
    for (let row = 0; row < rows; row++) {
      const at = <usize>row * bytes + column;
      const value = f32x4.mul(f32x4.sub(loadLanes(x + at, lanes), mu), reciprocal);
      storeLanes(out + at, activated(value, activation), lanes);
    }
  }
}
