// ReLU and GELU with the exact normal distribution, four values at a time. The tail Φ(−t), t ≥ 0, is e^(−t²/2) times a
// polynomial in u = 1/(1 + 0.26 t) (the form of Abramowitz and Stegun 7.1.26), fitted to erfcx on [0, 14] by least
// squares with Lawson's weights: relative error 5e-8, so that the negative tail keeps its digits.
import { GELU, RELU } from '../opcodes';
import { exponentialOfMinus } from './exponential';

/** Φ(x), given `decay` = e^(−x²/2). */
@inline
function normalDistribution(x: v128, decay: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.splat(0.26), f32x4.abs(x))));
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.030504796653985977), u), f32x4.splat(-0.15282844007015228));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.2514905631542206));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(-0.15094822645187378));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.16094739735126495));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.05102785676717758));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.10303021222352982));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.10301675647497177));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(0.10375905781984329));
  const tail = f32x4.mul(decay, f32x4.mul(u, p));
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

@inline
function decayOf(x: v128): v128 {
  return exponentialOfMinus(f32x4.mul(f32x4.mul(x, x), f32x4.splat(0.5)));
}

/** σ(x). */
@inline
export function activated(x: v128, activation: i32): v128 {
  if (activation === GELU) return f32x4.mul(x, normalDistribution(x, decayOf(x)));
  if (activation === RELU) return f32x4.max(x, f32x4.splat(0));
  return x;
}

/** gradient · σ′(x); GELU′ = Φ(x) + x φ(x). */
@inline
export function activatedBackward(gradient: v128, x: v128, activation: i32): v128 {
  if (activation === GELU) {
    const decay = decayOf(x);
    const slope = f32x4.mul(f32x4.mul(x, f32x4.splat(0.3989422804014327)), decay);
    return f32x4.mul(gradient, f32x4.add(normalDistribution(x, decay), slope));
  }
  if (activation === RELU) return v128.and(gradient, f32x4.gt(x, f32x4.splat(0)));
  return gradient;
}
