// The last vector of a row: one to four floats, without touching what lies beyond.

/** Four floats, or the first `lanes` and zeros. */
@inline
export function loadLanes(from: usize, lanes: i32): v128 {
  if (lanes >= 4) return v128.load(from);
  let value = v128.load32_zero(from);
  if (lanes > 1) value = f32x4.replace_lane(value, 1, load<f32>(from, 4));
  if (lanes > 2) value = f32x4.replace_lane(value, 2, load<f32>(from, 8));
  return value;
}

/** Stores four floats, or the first `lanes`. */
@inline
export function storeLanes(to: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(to, value);
    return;
  }
  v128.store_lane<f32>(to, value, 0);
  if (lanes > 1) v128.store_lane<f32>(to, value, 1, 4);
  if (lanes > 2) v128.store_lane<f32>(to, value, 2, 8);
}

/** Zeroes the lanes from `lanes` on. */
@inline
export function keepLanes(value: v128, lanes: i32): v128 {
  return v128.and(value, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes)));
}

/** Sum of four lanes, in one order. */
@inline
export function sumLanes(value: v128): f32 {
  return (
    f32x4.extract_lane(value, 0) +
    f32x4.extract_lane(value, 1) +
    (f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3))
  );
}
