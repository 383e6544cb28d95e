// Quantiles of Student's t distribution: how much wider an interval from few values has to be.
// Source: Lentz's continued fraction for the incomplete beta function.

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** log Γ(x) for x > 0.5 (Lanczos, g = 7). */
function logGamma(x: number): number {
  const t = x + 6.5;
  const sum = LANCZOS.reduce((total, c, i) => (i === 0 ? c : total + c / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function I_x(a, b), for x below (a + 1)/(a + b + 2). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  const tiny = 1e-300;
  const safe = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(front) * fraction) / a;
}

/** P(T ≤ t) with `freedom` degrees of freedom. */
export function studentCdf(t: number, freedom: number): number {
  const x = freedom / (freedom + t * t);
  const a = freedom / 2;
  const tails = x < (a + 1) / (a + 2.5) ? incompleteBeta(x, a, 0.5) : 1 - incompleteBeta(1 - x, 0.5, a);
  return t > 0 ? 1 - tails / 2 : tails / 2;
}

/**
 * The t that `share` of the distribution lies below, by bisection.
 * @param share above 0 and below 1
 * @param freedom at least 1
 */
export function studentQuantile(share: number, freedom: number): number {
  if (share === 0.5) return 0;
  if (share < 0.5) return -studentQuantile(1 - share, freedom);
  let high = 1;
  while (studentCdf(high, freedom) < share && high < 1e300) high *= 2;
  let low = 0;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
