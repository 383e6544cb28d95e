// SGD with momentum in float64, bit for bit what `src/catalog/optimizers/sgd.ts` states.
import { floats, highDoubles, lowDoubles } from './doubles';
import { loadLanes, storeLanes } from './lanes';
import { real, word } from './record';
import { share } from './share';

@inline
function speed(p: v128, g: v128, b: v128, momentum: f64, decay: f64): v128 {
  const pull = f64x2.add(g, f64x2.mul(f64x2.splat(decay), p));
  return f64x2.add(f64x2.mul(f64x2.splat(momentum), b), pull);
}

/** Words and reals in the order below. `factor` points at the clip's, or is 0. */
export function sgd(chunk: i32, chunks: i32, r: usize): void {
  const parameter: usize = word(r, 0);
  const gradient: usize = word(r, 1);
  const buffer: usize = word(r, 2);
  const count = word(r, 3);
  const factor: usize = word(r, 4);
  const rate = real(r, 0);
  const momentum = real(r, 1);
  const decay = real(r, 2);
  const scale = factor ? v128.load_splat<f32>(factor) : f32x4.splat(1);
  const step = f64x2.splat(rate);
  const units = (count + 3) >> 2;
  const end = min((<usize>share(chunk + 1, chunks, units)) << 4, (<usize>count) << 2);
  for (let at = (<usize>share(chunk, chunks, units)) << 4; at < end; at += 16) {
    const lanes = <i32>((end - at) >> 2);
    const g = f32x4.mul(loadLanes(gradient + at, lanes), scale);
    const b = loadLanes(buffer + at, lanes);
    const p = loadLanes(parameter + at, lanes);
    const low = speed(lowDoubles(p), lowDoubles(g), lowDoubles(b), momentum, decay);
    const high = speed(highDoubles(p), highDoubles(g), highDoubles(b), momentum, decay);
    storeLanes(buffer + at, floats(low, high), lanes);
    const lowMoved = f64x2.sub(lowDoubles(p), f64x2.mul(step, low));
    const highMoved = f64x2.sub(highDoubles(p), f64x2.mul(step, high));
    storeLanes(parameter + at, floats(lowMoved, highMoved), lanes);
  }
}
