// L(N, D) = E + A/N^α + B/D^β: loss by parameters and examples, and what it says of spending compute.
// Source: Hoffmann et al. 2022, approach 3. The objective is theirs: Huber's loss, δ = 1e-3, of log residuals, summed.
import { HUBER_DELTA, solveCurve } from './curve.ts';
import { type Counting, flopsPerParameterExample, type Law } from './law.ts';
import { powerSum, powerSumWarnings, predictPowerSum } from './power-sum.ts';

const surface = powerSum({ terms: 2, delta: HUBER_DELTA, step: 0.01 });
const names = ['E', 'A', 'B', 'alpha', 'beta'] as const;

export const lossSurface = {
  id: 'loss-surface',
  label: 'Loss surface',
  form: 'L = E + A/N^alpha + B/D^beta',
  source: 'Hoffmann et al. 2022, approach 3',
  inputs: [
    { name: 'N', meaning: 'parameters' },
    { name: 'D', meaning: 'examples' },
  ],
  parameters: [
    { name: 'E', kind: 'offset', meaning: 'irreducible loss' },
    { name: 'A', kind: 'amount', meaning: 'loss for want of parameters, at N = 1' },
    { name: 'B', kind: 'amount', meaning: 'loss for want of examples, at D = 1' },
    { name: 'alpha', kind: 'exponent', meaning: 'how fast more parameters help' },
    { name: 'beta', kind: 'exponent', meaning: 'how fast more examples help' },
  ],
  freedom: 5,
  solve(points, options) {
    const solution = solveCurve(surface, points, options);
    return {
      ...solution,
      warnings: [...solution.warnings, ...powerSumWarnings(solution.parameters, points, names)],
    };
  },
  predict: predictPowerSum,
  size: ([n = 0, d = 0]) => n * d,
  derived: [
    { name: 'a', kind: 'exponent', meaning: 'N* grows as C^a' },
    { name: 'b', kind: 'exponent', meaning: 'D* grows as C^b' },
    { name: 'G', kind: 'amount', meaning: 'N* = G (C/k)^a' },
  ],
  derive([, A = 0, B = 0, alpha = 0, beta = 0]) {
    const sum = alpha + beta;
    return [beta / sum, alpha / sum, ((alpha * A) / (beta * B)) ** (1 / sum)];
  },
} as const satisfies Law;

/** The parameters and examples that give the lowest loss for a compute. */
export interface Allocation {
  readonly parameters: number;
  readonly examples: number;
}

/**
 * N*(C) = G (C/k)^a and D*(C) = (C/k)^b / G, for C = k N D with k FLOPs a parameter and example.
 * @param exponents a and G as `lossSurface.derive` gives them; b = 1 − a
 */
export function allocate(
  compute: number,
  { a, G }: { readonly a: number; readonly G: number },
  counting: Counting = 2,
): Allocation {
  const product = compute / flopsPerParameterExample(counting);
  return { parameters: G * product ** a, examples: product ** (1 - a) / G };
}
