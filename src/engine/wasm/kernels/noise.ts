// Gaussian noise on pixels by the counter-based generator and a table: four calls of Threefry-2x32 at once give sixteen
// pixels. Bit for bit what core/noise.ts draws. Chunks are rows.
import { loadLanes, storeLanes } from './lanes';
import { word } from './record';
import { share } from './share';

@inline
function rotated(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** The table's value for one half of a word. */
@inline
function value(table: usize, half: i32): f32 {
  return load<f32>(table + (<usize>half << 2));
}

/** Up to four pixels of one call, whose words are `first` and `second`. */
@inline
function four(first: i32, second: i32, table: usize, from: usize, to: usize, lanes: i32): void {
  let noise = f32x4.splat(value(table, first & 0xffff));
  noise = f32x4.replace_lane(noise, 1, value(table, first >>> 16));
  noise = f32x4.replace_lane(noise, 2, value(table, second & 0xffff));
  noise = f32x4.replace_lane(noise, 3, value(table, second >>> 16));
  const sum = f32x4.add(loadLanes(from, lanes), noise);
  storeLanes(to, f32x4.min(f32x4.max(sum, f32x4.splat(0)), f32x4.splat(1)), lanes);
}

/**
 * out = clamp(images + noise) with words images, out, table, ids (uint32 a row; 0: the row's place in the batch), address of
 * lane and micro-batch, seed, stream, rows, features.
 */
export function noise(chunk: i32, chunks: i32, record: usize): void {
  const images: usize = word(record, 0);
  const out: usize = word(record, 1);
  const table: usize = word(record, 2);
  const ids: usize = word(record, 3);
  const key0 = word(record, 5);
  const key1 = word(record, 6);
  const rows = word(record, 7);
  const features = word(record, 8);
  const key2 = 0x1bd11bda ^ key0 ^ key1;
  const lane: usize = word(record, 4);
  const counter1 = load<i32>(lane) + key1;
  const before = load<i32>(lane, 4) * rows;
  const calls = (features + 3) >> 2;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const id: i32 = ids ? load<i32>(ids + (row << 2)) : before + row;
    const offset = (<usize>row * features) << 2;
    for (let call = 0; call < calls; call += 4) {
      let x0 = i32x4.add(i32x4.splat(id * calls + call + key0), i32x4(0, 1, 2, 3));
      let x1 = i32x4.splat(counter1);
      for (let group = 0; group < 5; group++) {
        const isOdd = group & 1;
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotated(x1, isOdd ? 17 : 13), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotated(x1, isOdd ? 29 : 15), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotated(x1, isOdd ? 16 : 26), x0);
        x0 = i32x4.add(x0, x1);
        x1 = v128.xor(rotated(x1, isOdd ? 24 : 6), x0);
        const next = (group + 1) % 3;
        const after = (group + 2) % 3;
        const first = next === 0 ? key0 : next === 1 ? key1 : key2;
        const second = after === 0 ? key0 : after === 1 ? key1 : key2;
        x0 = i32x4.add(x0, i32x4.splat(first));
        x1 = i32x4.add(x1, i32x4.splat(second + group + 1));
      }
      const at = offset + (<usize>call << 4);
      const left = features - (call << 2);
      const from = images + at;
      const to = out + at;
      four(i32x4.extract_lane(x0, 0), i32x4.extract_lane(x1, 0), table, from, to, left);
      if (left > 4)
        four(i32x4.extract_lane(x0, 1), i32x4.extract_lane(x1, 1), table, from + 16, to + 16, left - 4);
      if (left > 8)
        four(i32x4.extract_lane(x0, 2), i32x4.extract_lane(x1, 2), table, from + 32, to + 32, left - 8);
      if (left > 12)
        four(i32x4.extract_lane(x0, 3), i32x4.extract_lane(x1, 3), table, from + 48, to + 48, left - 12);
    }
  }
}
