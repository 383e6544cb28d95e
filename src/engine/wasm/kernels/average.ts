// An exponential moving average of the weights, four at a time in float32.
import { loadLanes, storeLanes } from './lanes';
import { real, word } from './record';
import { share } from './share';

/** average = old · average + fresh · parameter. Words and reals in the order below. */
export function average(chunk: i32, chunks: i32, r: usize): void {
  const parameter: usize = word(r, 0);
  const mean: usize = word(r, 1);
  const count = word(r, 2);
  const old = f32x4.splat(<f32>real(r, 0));
  const fresh = f32x4.splat(<f32>real(r, 1));
  const units = (count + 3) >> 2;
  const end = min((<usize>share(chunk + 1, chunks, units)) << 4, (<usize>count) << 2);
  for (let at = (<usize>share(chunk, chunks, units)) << 4; at < end; at += 16) {
    const lanes = <i32>((end - at) >> 2);
    const kept = f32x4.mul(old, loadLanes(mean + at, lanes));
    storeLanes(mean + at, f32x4.add(kept, f32x4.mul(fresh, loadLanes(parameter + at, lanes))), lanes);
  }
}
