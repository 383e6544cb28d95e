// Four floats as two pairs of float64 and back, for updates that are the catalog's arithmetic bit for bit.

@inline
export function lowDoubles(value: v128): v128 {
  return f64x2.promote_low_f32x4(value);
}

@inline
export function highDoubles(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
}

@inline
export function floats(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}
