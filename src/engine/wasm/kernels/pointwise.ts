// Dropout and the derivative of an activation, element by element. Chunks are ranges of eight elements: four calls of
// the counter-based generator (Threefry-2x32, 20 rounds) side by side give the draws of eight.
import { activatedBackward } from './activation';
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/**
 * out = x · factor · σ′(before) + residual. `clock` holds seed, step and micro-batch; 0: no dropout. An element is kept where its draw
 * is at least `threshold`, and scaled. Without an activation there is no `before`; `residual` may be 0.
 */
export function pointwise(
  chunk: i32,
  chunks: i32,
  x: usize,
  out: usize,
  count: i32,
  clock: usize,
  key: i32,
  threshold: i32,
  activation: i32,
  before: usize,
  residual: usize,
  scale: f32,
): void {
  const seed = clock ? load<i32>(clock) : 0;
  const step = clock ? load<i32>(clock, 4) : 0;
  const earlier = clock ? load<i32>(clock, 8) * ((count + 1) >> 1) : 0;
  const third = 0x1bd11bda ^ seed ^ key;
  const least = i32x4.splat(threshold);
  const factor = f32x4.splat(scale);
  const blocks = (count + 7) >> 3;
  const end = share(chunk + 1, chunks, blocks);
  for (let block = share(chunk, chunks, blocks); block < end; block++) {
    let even = i32x4.splat(-1);
    let odd = even;
    if (clock) {
      let a = i32x4.add(i32x4.splat(earlier + (block << 2) + seed), i32x4(0, 1, 2, 3));
      let b = i32x4.splat(step + key);
      for (let group = 0; group < 5; group++) {
        const isEven = (group & 1) === 0;
        a = i32x4.add(a, b);
        b = v128.xor(rotated(b, isEven ? 13 : 17), a);
        a = i32x4.add(a, b);
        b = v128.xor(rotated(b, isEven ? 15 : 29), a);
        a = i32x4.add(a, b);
        b = v128.xor(rotated(b, isEven ? 26 : 16), a);
        a = i32x4.add(a, b);
        b = v128.xor(rotated(b, isEven ? 6 : 24), a);
        const first = group % 3;
        a = i32x4.add(a, i32x4.splat(first === 0 ? key : first === 1 ? third : seed));
        b = i32x4.add(b, i32x4.splat((first === 0 ? third : first === 1 ? seed : key) + group + 1));
      }
      even = i32x4.ge_u(a, least);
      odd = i32x4.ge_u(b, least);
    }
    const at: usize = (<usize>block) << 5;
    const lanes = count - (block << 3);
    one(at, lanes, v128.shuffle<i32>(even, odd, 0, 4, 1, 5), x, out, activation, before, residual, factor);
    if (lanes > 4)
      one(at + 16, lanes - 4, v128.shuffle<i32>(even, odd, 2, 6, 3, 7), x, out, activation, before, residual, factor);
  }
}

@inline
function one(
  at: usize,
  lanes: i32,
  kept: v128,
  x: usize,
  out: usize,
  activation: i32,
  before: usize,
  residual: usize,
  factor: v128,
): void {
  let value = v128.and(f32x4.mul(loadLanes(x + at, lanes), factor), kept);
  if (before) value = activatedBackward(value, loadLanes(before + at, lanes), activation);
  if (residual) value = f32x4.add(value, loadLanes(residual + at, lanes));
  storeLanes(out + at, value, lanes);
}
