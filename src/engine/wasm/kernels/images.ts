// What tasks on images make of a gathered batch: half the resolution, and the prototype of each row's class.
import { word } from './record';
import { share } from './share';

/** Neighbours at −1.5, −0.5, 0.5 and 1.5 pixels (core/halve.ts). */
@inline
function weighted(a: f32, b: f32, c: f32, d: f32): f32 {
  return (a + d) * <f32>(-3.0 / 32.0) + (b + c) * <f32>(19.0 / 32.0);
}

@inline
function across(line: usize, left: i32, x: i32, right: i32): f32 {
  return weighted(
    load<f32>(line + (left << 2)),
    load<f32>(line + (x << 2)),
    load<f32>(line + (x << 2), 4),
    load<f32>(line + (right << 2)),
  );
}

/** Words: images, out, rows, channels, height, width. Chunks are rows of the batch. */
export function halve(chunk: i32, chunks: i32, record: usize): void {
  const images: usize = word(record, 0);
  const out: usize = word(record, 1);
  const rows = word(record, 2);
  const channels = word(record, 3);
  const height = word(record, 4);
  const width = word(record, 5);
  const end = share(chunk + 1, chunks, rows) * channels;
  for (let plane = share(chunk, chunks, rows) * channels; plane < end; plane++) {
    const from = images + ((<usize>plane * height * width) << 2);
    let to = out + (<usize>plane * (height >> 1) * (width >> 1) << 2);
    for (let y = 0; y < height; y += 2) {
      const first = from + ((max(0, y - 1) * width) << 2);
      const second = from + ((y * width) << 2);
      const third = second + (width << 2);
      const fourth = from + ((min(height - 1, y + 2) * width) << 2);
      for (let x = 0; x < width; x += 2) {
        const left = max(0, x - 1);
        const right = min(width - 1, x + 2);
        const value = weighted(
          across(first, left, x, right),
          across(second, left, x, right),
          across(third, left, x, right),
          across(fourth, left, x, right),
        );
        store<f32>(to, value);
        to += 4;
      }
    }
  }
}

/** Words: prototypes, labels (uint8), indices (uint32 a row), out, rows, features. Chunks are rows. */
export function prototype(chunk: i32, chunks: i32, record: usize): void {
  const prototypes: usize = word(record, 0);
  const labels: usize = word(record, 1);
  const indices: usize = word(record, 2);
  const out: usize = word(record, 3);
  const rows = word(record, 4);
  const bytes = <usize>word(record, 5) << 2;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const label = <usize>load<u8>(labels + load<u32>(indices + (row << 2)));
    memory.copy(out + <usize>row * bytes, prototypes + label * bytes, bytes);
  }
}
