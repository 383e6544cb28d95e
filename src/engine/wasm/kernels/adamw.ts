// AdamW's update, four parameters at a time in float32, as `src/catalog/optimizers/adamw.ts` states it.
import { loadLanes, storeLanes } from './lanes';
import { real, word } from './record';
import { share } from './share';

/** Words and reals in the order below. `keep` = 1 − rate · decay, `size` = rate / (1 − β₁^t), `root` = 1/√(1 − β₂^t). `factor` points at the clip's, or is 0. */
export function adamw(chunk: i32, chunks: i32, r: usize): void {
  const parameter: usize = word(r, 0);
  const gradient: usize = word(r, 1);
  const average: usize = word(r, 2);
  const square: usize = word(r, 3);
  const count = word(r, 4);
  const factor: usize = word(r, 5);
  const keep = real(r, 0);
  const size = real(r, 1);
  const root = real(r, 2);
  const beta1 = real(r, 3);
  const beta2 = real(r, 4);
  const epsilon = real(r, 5);
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
