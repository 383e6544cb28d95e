// AdamW's update, four parameters at a time in float32, as `src/catalog/optimizers/adamw.ts` states it.
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

/** `keep` = 1 − rate · decay, `size` = rate / (1 − β₁^t), `root` = 1/√(1 − β₂^t). `factor` points at the clip's, or is 0. */
export function adamw(
  chunk: i32,
  chunks: i32,
  parameter: usize,
  gradient: usize,
  average: usize,
  square: usize,
  count: i32,
  factor: usize,
  keep: f64,
  size: f64,
  root: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
): void {
  const scale = factor ? v128.load_splat<f32>(factor) : f32x4.splat(1);
  const b1 = f32x4.splat(<f32>beta1);
  const c1 = f32x4.splat(<f32>(1 - beta1));
  const b2 = f32x4.splat(<f32>beta2);
  const c2 = f32x4.splat(<f32>(1 - beta2));
  const units = (count + 3) >> 2;
  const end = min((<usize>share(chunk + 1, chunks, units)) << 4, (<usize>count) << 2);
  for (let at = (<usize>share(chunk, chunks, units)) << 4; at < end; at += 16) {
    const lanes = <i32>((end - at) >> 2);
    const g = f32x4.mul(loadLanes(gradient + at, lanes), scale);
    const m = f32x4.add(f32x4.mul(b1, loadLanes(average + at, lanes)), f32x4.mul(c1, g));
    const v = f32x4.add(f32x4.mul(b2, loadLanes(square + at, lanes)), f32x4.mul(f32x4.mul(c2, g), g));
    storeLanes(average + at, m, lanes);
    storeLanes(square + at, v, lanes);
    const divisor = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(<f32>root)), f32x4.splat(<f32>epsilon));
    const move = f32x4.div(f32x4.mul(f32x4.splat(<f32>size), m), divisor);
    const kept = f32x4.mul(loadLanes(parameter + at, lanes), f32x4.splat(<f32>keep));
    storeLanes(parameter + at, f32x4.sub(kept, move), lanes);
  }
}
