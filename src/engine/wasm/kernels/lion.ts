// Lion's update in float64, bit for bit what `src/catalog/optimizers/lion.ts` states: a sign must not turn on rounding.
import { floats, highDoubles, lowDoubles } from './doubles';
import { loadLanes, storeLanes } from './lanes';
import { real, word } from './record';
import { share } from './share';

@inline
function sign(x: v128): v128 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const value = f64x2.sub(v128.and(f64x2.gt(x, zero), one), v128.and(f64x2.lt(x, zero), one));
  return v128.bitselect(x, value, f64x2.ne(x, x));
}

@inline
function moved(p: v128, m: v128, g: v128, keep: f64, rate: f64, beta1: f64): v128 {
  const mix = f64x2.add(f64x2.mul(f64x2.splat(beta1), m), f64x2.mul(f64x2.splat(1 - beta1), g));
  return f64x2.sub(f64x2.mul(p, f64x2.splat(keep)), f64x2.mul(f64x2.splat(rate), sign(mix)));
}

@inline
function averaged(m: v128, g: v128, beta2: f64): v128 {
  return f64x2.add(f64x2.mul(f64x2.splat(beta2), m), f64x2.mul(f64x2.splat(1 - beta2), g));
}

/** Words and reals in the order below. `keep` = 1 − rate · decay. `factor` points at the clip's, or is 0. */
export function lion(chunk: i32, chunks: i32, r: usize): void {
  const parameter: usize = word(r, 0);
  const gradient: usize = word(r, 1);
  const average: usize = word(r, 2);
  const count = word(r, 3);
  const factor: usize = word(r, 4);
  const keep = real(r, 0);
  const rate = real(r, 1);
  const beta1 = real(r, 2);
  const beta2 = real(r, 3);
  const scale = factor ? v128.load_splat<f32>(factor) : f32x4.splat(1);
  const units = (count + 3) >> 2;
  const end = min((<usize>share(chunk + 1, chunks, units)) << 4, (<usize>count) << 2);
  for (let at = (<usize>share(chunk, chunks, units)) << 4; at < end; at += 16) {
    const lanes = <i32>((end - at) >> 2);
    const g = f32x4.mul(loadLanes(gradient + at, lanes), scale);
    const m = loadLanes(average + at, lanes);
    const p = loadLanes(parameter + at, lanes);
    const low = moved(lowDoubles(p), lowDoubles(m), lowDoubles(g), keep, rate, beta1);
    const high = moved(highDoubles(p), highDoubles(m), highDoubles(g), keep, rate, beta1);
    storeLanes(parameter + at, floats(low, high), lanes);
    const lowMean = averaged(lowDoubles(m), lowDoubles(g), beta2);
    const highMean = averaged(highDoubles(m), highDoubles(g), beta2);
    storeLanes(average + at, floats(lowMean, highMean), lanes);
  }
}
