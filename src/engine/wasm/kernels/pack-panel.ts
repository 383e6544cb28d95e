// One packed panel: `width` (5 or 8) values for each k, zeros where the matrix has fewer. Two layouts of the source:
// `across`, where the width runs along memory, and `along`, where k runs along memory and packing transposes.
import { transpose4 } from './transpose';

/** Source element (k, i) at from + k·stride + 4i bytes: copies rows of `width`. */
export function packAcross(
  from: usize,
  stride: usize,
  to: usize,
  width: i32,
  present: i32,
  length: i32,
): void {
  if (present === width) {
    if (width === 8) {
      for (let k = 0; k < length; k++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += stride;
        to += 32;
      }
    } else {
      for (let k = 0; k < length; k++) {
        v128.store(to, v128.load(from));
        store<f32>(to, load<f32>(from, 16), 16);
        from += stride;
        to += 20;
      }
    }
    return;
  }
  for (let k = 0; k < length; k++) {
    for (let i = 0; i < width; i++) {
      store<f32>(to + (i << 2), i < present ? load<f32>(from + (i << 2)) : 0);
    }
    from += stride;
    to += width << 2;
  }
}

/** Source element (k, i) at from + i·stride + 4k bytes: transposes 4 × 4 blocks. */
export function packAlong(
  from: usize,
  stride: usize,
  to: usize,
  width: i32,
  present: i32,
  length: i32,
): void {
  const step: usize = width << 2;
  let k = 0;
  if (present === width) {
    for (; k + 4 <= length; k += 4) {
      transpose4(from, stride, to, step);
      if (width === 8) {
        transpose4(from + 4 * stride, stride, to + 16, step);
      } else {
        const last = v128.load(from + 4 * stride);
        v128.store_lane<f32>(to, last, 0, 16);
        v128.store_lane<f32>(to, last, 1, 36);
        v128.store_lane<f32>(to, last, 2, 56);
        v128.store_lane<f32>(to, last, 3, 76);
      }
      from += 16;
      to += 4 * step;
    }
  }
  for (; k < length; k++) {
    for (let i = 0; i < width; i++) {
      store<f32>(to + (i << 2), i < present ? load<f32>(from + i * stride) : 0);
    }
    from += 4;
    to += step;
  }
}
