// The 95 % interval of an accuracy measured on a number of images: Wilson's, which stays inside [0, 1].
// Source: Wilson 1927; Brown, Cai and DasGupta 2001.

const Z = 1.959964;

/** Lower and upper end for a share `p` of `n` images. */
export function wilson(p: number, n: number): readonly [number, number] {
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

export function halfWidth(p: number, n: number): number {
  const [low, high] = wilson(p, n);
  return (high - low) / 2;
}
