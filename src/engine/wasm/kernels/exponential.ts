// e^−y for four float32 values, within about 1 ulp: y = n ln 2 − r, a polynomial for e^r (Cephes expf), 2^−n by its bits.

/** e^−y for y ≥ 0; below e^−87 the result stays at e^−87. NaN stays NaN. */
@inline
export function exponentialOfMinus(y: v128): v128 {
  y = f32x4.min(y, f32x4.splat(87));
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(1.44269504)));
  let r = f32x4.sub(f32x4.mul(n, f32x4.splat(0.693359375)), y);
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.98756915e-4), r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.16666665459));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  const bits = i32x4.shl(i32x4.sub(i32x4.splat(127), i32x4.trunc_sat_f32x4_s(n)), 23);
  return f32x4.mul(p, bits);
}
