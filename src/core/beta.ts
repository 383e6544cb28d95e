// Beta(α, α) by two gamma variates (Marsaglia and Tsang 2000), whose logarithms are kept so that small α does not
// underflow. A function of (stream, lane) alone.
import type { Stream } from './rng.ts';

/**
 * One draw of Beta(α, α), α > 0, rounded to float32, in [0, 1].
 * @param lane which draw of the stream
 */
export function symmetricBeta(random: Stream, alpha: number, lane: number): number {
  let index = 0;
  /** In (0, 1). */
  const uniform = (): number => random.uniform(index++, lane) + 2 ** -25;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

  /** log Γ-variate of the shape; below 1 by way of shape + 1. */
  const logGamma = (shape: number): number => {
    if (shape < 1) return logGamma(shape + 1) + Math.log(uniform()) / shape;
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
    }
  };
  const own = logGamma(alpha);
  return Math.fround(1 / (1 + Math.exp(logGamma(alpha) - own)));
}
