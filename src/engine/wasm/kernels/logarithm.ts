// ln x in float64 by x = 2^e m and the series of artanh((m − 1)/(m + 1)). No table: threads share no data segments.

/** ln x for a normal x > 0. */
export function logarithm(x: f64): f64 {
  if (!(x < f64.POSITIVE_INFINITY)) return x;
  const bits = reinterpret<u64>(x);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum: f64 = 0;
  for (let n: f64 = 19; n > 0; n -= 2) sum = sum * z + 1 / n;
  return 2 * s * sum + <f64>exponent * 0.6931471805599453;
}
