// L = E + (L0 − E) h/(1 + h), h = a/N^α + b/T^β + c N^γ/D^δ: between the loss of a guess and the floor, with a term that
// grows with parameters and shrinks with unique examples: overfitting.
// Source: arXiv 2605.09189.
import { nnls } from '../minimize/nnls.ts';
import { type Curve, HUBER_DELTA, largest, logOffset, smallest, solveCurve } from './curve.ts';
import type { Law, Points } from './law.ts';
import { multiEpochInputs } from './multi-epoch.ts';

/** Order of θ: log E, log(L0 − E), log a, log α, log b, log β, log c, log γ, log δ. */
const curve: Curve = {
  delta: HUBER_DELTA,
  encode([floor = 0, guess = 1, ...rest], { y }) {
    const low = Math.exp(logOffset(floor, smallest(y)));
    return [
      Math.log(low),
      Math.log(Math.max(guess - low, 1e-3 * low)),
      ...rest.map((one) => Math.log(Math.max(one, 1e-9))),
    ];
  },
  decode(theta) {
    const [low = 0, span = 0, ...rest] = Array.from(theta, Math.exp);
    return [low, low + span, ...rest];
  },
  logValue(theta, logs, at, gradient) {
    const [n, d, t] = [logs[at] as number, logs[at + 1] as number, logs[at + 2] as number];
    const exponent = (k: number): number => Math.exp(theta[k] as number);
    const [alpha, beta, gamma, delta] = [exponent(3), exponent(5), exponent(7), exponent(8)];
    const byN = Math.exp((theta[2] as number) - alpha * n);
    const byT = Math.exp((theta[4] as number) - beta * t);
    const byD = Math.exp((theta[6] as number) + gamma * n - delta * d);
    const h = byN + byT + byD;
    const low = exponent(0);
    const above = (exponent(1) * h) / (1 + h);
    const value = low + above;
    const share = above / value;
    const slope = share / (h * (1 + h));
    gradient[0] = low / value;
    gradient[1] = share;
    gradient[2] = slope * byN;
    gradient[3] = -slope * byN * alpha * n;
    gradient[4] = slope * byT;
    gradient[5] = -slope * byT * beta * t;
    gradient[6] = slope * byD;
    gradient[7] = slope * byD * gamma * n;
    gradient[8] = -slope * byD * delta * d;
    return Math.log(value);
  },
  starts: boundedStarts,
};

const FLOORS = [0.3, 0.7, 0.9];
const GUESSES = [1.05, 1.5, 3];
const EXPONENTS = [0.15, 0.4, 0.8];
const KEPT = 12;

/** For given E, L0 and exponents, h is linear in a, b and c. The best cells of a coarse grid are the starts. */
function boundedStarts({ inputs, y }: Points, weights: Float64Array): readonly (readonly number[])[] {
  const logs = inputs.map((column) => {
    const log = column.map(Math.log);
    const mean = log.reduce((sum, value) => sum + value, 0) / log.length;
    return { log: log.map((value) => value - mean), mean };
  });
  const [n, d, t] = logs as [(typeof logs)[0], (typeof logs)[0], (typeof logs)[0]];
  const power = (exponents: readonly [number, number, number]): Float64Array =>
    y.map((_, i) =>
      Math.exp(
        exponents[0] * (n.log[i] as number) +
          exponents[1] * (d.log[i] as number) +
          exponents[2] * (t.log[i] as number),
      ),
    );
  const byN = EXPONENTS.map((alpha) => power([-alpha, 0, 0]));
  const byT = EXPONENTS.map((beta) => power([0, 0, -beta]));
  const pairs = EXPONENTS.flatMap((gamma) => EXPONENTS.map((delta) => ({ gamma, delta })));
  const byD = pairs.map(({ gamma, delta }) => power([gamma, -delta, 0]));
  const found: { readonly parameters: readonly number[]; readonly value: number }[] = [];
  for (const floor of FLOORS) {
    for (const guess of GUESSES) {
      const [low, high] = [floor * smallest(y), guess * largest(y)];
      const h = y.map((value) => (value - low) / (high - value));
      const scaled = h.map((value, i) => (weights[i] as number) / value ** 2);
      const product = (a: Float64Array, b: Float64Array): number =>
        a.reduce((sum, value, i) => sum + (scaled[i] as number) * value * (b[i] as number), 0);
      for (const [i, first] of byN.entries()) {
        for (const [j, second] of byT.entries()) {
          for (const [k, third] of byD.entries()) {
            const columns = [first, second, third];
            const gram = Float64Array.from(columns.flatMap((a) => columns.map((b) => product(a, b))));
            const { coefficients, value } = nnls(
              gram,
              Float64Array.from(columns, (a) => product(a, h)),
              3,
            );
            const [alpha, beta] = [EXPONENTS[i] as number, EXPONENTS[j] as number];
            const { gamma, delta } = pairs[k] as (typeof pairs)[0];
            const [a, b, c] = coefficients as unknown as [number, number, number];
            found.push({
              value,
              parameters: [
                low,
                high,
                Math.max(a, 1e-3) * Math.exp(alpha * n.mean),
                alpha,
                Math.max(b, 1e-3) * Math.exp(beta * t.mean),
                beta,
                Math.max(c, 1e-3) * Math.exp(delta * d.mean - gamma * n.mean),
                gamma,
                delta,
              ],
            });
          }
        }
      }
    }
  }
  return found
    .sort((a, b) => a.value - b.value)
    .slice(0, KEPT)
    .map(({ parameters }) => parameters);
}

export const multiEpochBounded = {
  id: 'multi-epoch-bounded',
  label: 'Bounded loss surface with repeated examples',
  form: 'L = E + (L0 - E) h/(1 + h), h = a/N^alpha + b/T^beta + c N^gamma/D^delta',
  source: 'arXiv 2605.09189',
  inputs: multiEpochInputs,
  parameters: [
    { name: 'E', kind: 'offset', meaning: 'irreducible loss' },
    { name: 'L0', kind: 'amount', meaning: 'loss of a guess' },
    { name: 'a', kind: 'amount', meaning: 'want of parameters, at N = 1' },
    { name: 'alpha', kind: 'exponent', meaning: 'how fast more parameters help' },
    { name: 'b', kind: 'amount', meaning: 'want of training, at T = 1' },
    { name: 'beta', kind: 'exponent', meaning: 'how fast longer training helps' },
    { name: 'c', kind: 'amount', meaning: 'overfitting, at N = D = 1' },
    { name: 'gamma', kind: 'exponent', meaning: 'how fast overfitting grows with parameters' },
    { name: 'delta', kind: 'exponent', meaning: 'how fast unique examples remove it' },
  ],
  freedom: 9,
  solve: (points, options) => solveCurve(curve, points, options),
  predict(
    [low = 0, high = 0, a = 0, alpha = 0, b = 0, beta = 0, c = 0, gamma = 0, delta = 0],
    [n = 1, d = 1, t = 1],
  ) {
    const h = a * n ** -alpha + b * t ** -beta + c * n ** gamma * d ** -delta;
    return low + ((high - low) * h) / (1 + h);
  },
  size: ([n = 0, , t = 0]) => n * t,
} as const satisfies Law;
