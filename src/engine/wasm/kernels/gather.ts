// A batch from the resident bytes: pick rows, cut the window out of the image in black, mirror it, normalise by table.
import { share } from './share';

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
 * out[r] = table[channel][byte] of image indices[r], channel planes first. `draws` holds flip, dx, dy (int32) for each
 * row: the window starts at (dx, dy), then it is mirrored; 0 leaves images as they are. `table` is channels × 256 floats.
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
): void {
  const plane = height * width;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const flip = draws ? load<i32>(draws + row * 12) : 0;
    const dx = draws ? load<i32>(draws + row * 12, 4) : 0;
    const dy = draws ? load<i32>(draws + row * 12, 8) : 0;
    let from = images + <usize>load<u32>(indices + (row << 2)) * channels * plane;
    let to = out + ((<usize>row * channels * plane) << 2);
    for (let channel = 0; channel < channels; channel++) {
      const values = table + (channel << 10);
      if (flip === 0 && dx === 0 && dy === 0) {
        for (let i = 0; i < plane; i++)
          store<f32>(to + (i << 2), load<f32>(values + ((<usize>load<u8>(from + i)) << 2)));
      } else {
        for (let y = 0; y < height; y++) {
          const source = y + dy;
          const isInside = <u32>source < <u32>height;
          line(from + source * width, isInside, flip, dx, width, values, to + ((y * width) << 2));
        }
      }
      from += plane;
      to += plane << 2;
    }
  }
}
