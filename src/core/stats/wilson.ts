// The interval of a share that was counted. Source: Wilson 1927; unlike the plain interval it stays within [0, 1] and says
// something at 0 and at n.

/** Φ⁻¹(0.975): 95 %. */
const Z = 1.959963984540054;

/** 95 % interval of the probability behind `hits` of `n` independent trials; null without trials. */
export function wilsonInterval(hits: number, n: number): readonly [low: number, high: number] | null {
  if (n === 0) return null;
  const share = hits / n;
  const square = Z * Z;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const half = (Z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  // At the ends rounding must not leave the share outside its own interval.
  return [hits === 0 ? 0 : centre - half, hits === n ? 1 : centre + half];
}
