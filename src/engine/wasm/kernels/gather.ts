// A batch from the resident bytes: pick rows, cut the window out of the image in black or resize it, mirror it,
// normalise by table.
import { share } from './share';

/** A byte of the line at `from`, normalised. */
@inline
function value(table: usize, from: usize, at: i32): f32 {
  return load<f32>(table + ((<usize>load<u8>(from + at)) << 2));
}

/** (1 − share) · a + share · b. */
@inline
function blend(a: f32, b: f32, share: f32): f32 {
  return (<f32>1 - share) * a + share * b;
}

/**
 * The window of w × h pixels at `from`, scaled to height × width: pixel x looks at (x + ½) · w / width − ½, not below 0,
 * counted in whole numbers of 1 / (2 · width), bilinear between the pixels around it.
 */
function resize(
  from: usize,
  w: i32,
  h: i32,
  flip: i32,
  height: i32,
  width: i32,
  table: usize,
  to: usize,
): void {
  const columns: i32 = 2 * width;
  const rows: i32 = 2 * height;
  const across = <f32>1 / <f32>columns;
  const down = <f32>1 / <f32>rows;
  for (let y = 0; y < height; y++) {
    const row = max(0, (2 * y + 1) * h - height);
    const first = row / rows;
    const lower = <f32>(row % rows) * down;
    const top = from + first * width;
    const bottom = from + min(first + 1, h - 1) * width;
    for (let x = 0; x < width; x++) {
      const column = max(0, (2 * (flip ? width - 1 - x : x) + 1) * w - width);
      const left = column / columns;
      const right = min(left + 1, w - 1);
      const share = <f32>(column % columns) * across;
      const above = blend(value(table, top, left), value(table, top, right), share);
      const below = blend(value(table, bottom, left), value(table, bottom, right), share);
      store<f32>(to + ((y * width + x) << 2), blend(above, below, lower));
    }
  }
}

/** One row of pixels: a range of bytes that lies inside the image, black around it. */
@inline
function line(from: usize, isInside: bool, flip: i32, dx: i32, width: i32, table: usize, to: usize): void {
  for (let x = 0; x < width; x++) {
    const source = (flip ? width - 1 - x : x) + dx;
    const byte: usize = isInside && <u32>source < <u32>width ? load<u8>(from + source) : 0;
    store<f32>(to + (x << 2), load<f32>(table + (byte << 2)));
  }
}

/**
 * out[r] = table[channel][byte] of image indices[r], channel planes first. `draws` holds `drawWords` int32 for each row:
 * the window starts at (dx, dy), black outside the image, or with 5 words is resized; then it is mirrored: 1 left to
 * right, 2 top to bottom, 3 both. 0 leaves images as they are. `table` is channels × 256 floats.
 */
export function gather(
  chunk: i32,
  chunks: i32,
  images: usize,
  indices: usize,
  draws: usize,
  table: usize,
  out: usize,
  rows: i32,
  channels: i32,
  height: i32,
  width: i32,
  drawWords: i32,
): void {
  const plane = height * width;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const draw = draws + <usize>(row * drawWords) * 4;
    const flip = draws ? load<i32>(draw) : 0;
    const dx = draws ? load<i32>(draw, 4) : 0;
    const dy = draws ? load<i32>(draw, 8) : 0;
    let from = images + <usize>load<u32>(indices + (row << 2)) * channels * plane;
    let to = out + ((<usize>row * channels * plane) << 2);
    for (let channel = 0; channel < channels; channel++) {
      const values = table + (channel << 10);
      if (draws && drawWords === 5) {
        resize(from + dy * width + dx, load<i32>(draw, 12), load<i32>(draw, 16), flip, height, width, values, to);
      } else if (flip === 0 && dx === 0 && dy === 0) {
        for (let i = 0; i < plane; i++)
          store<f32>(to + (i << 2), load<f32>(values + ((<usize>load<u8>(from + i)) << 2)));
      } else {
        for (let y = 0; y < height; y++) {
          const source = (flip & 2 ? height - 1 - y : y) + dy;
          const isInside = <u32>source < <u32>height;
          line(from + source * width, isInside, flip & 1, dx, width, values, to + ((y * width) << 2));
        }
      }
      from += plane;
      to += plane << 2;
    }
  }
}
