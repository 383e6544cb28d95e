// y = β (1/x + γ)^c with c ≥ 0: a power law that levels off where 1/x falls below γ (M3 of Alabdulmohsin et al. 2022).
import { type Curve, largest, logOffset, smallest, solveCurve } from './curve.ts';
import type { Law } from './law.ts';
import { lineThrough } from './line.ts';

/** γ to start from, as shares of 1/x at the largest and at the smallest x. */
const SHARES = [0, 0.01, 0.1, 0.3, 1, 3];

const curve: Curve = {
  delta: 'robust',
  encode: ([beta = 1, gamma = 0, c = 0], { inputs }) => [
    Math.log(beta),
    logOffset(gamma, 1 / largest(inputs[0] as Float64Array)),
    Math.log(Math.max(c, 1e-3)),
  ],
  decode: (theta) => Array.from(theta, Math.exp),
  logValue(theta, logs, at, gradient) {
    const gamma = Math.exp(theta[1] as number);
    const inverse = Math.exp(-(logs[at] as number));
    const c = Math.exp(theta[2] as number);
    const log = Math.log(inverse + gamma);
    gradient[0] = 1;
    gradient[1] = (c * gamma) / (inverse + gamma);
    gradient[2] = c * log;
    return (theta[0] as number) + c * log;
  },
  starts({ inputs, y }, weights) {
    const x = inputs[0] as Float64Array;
    const logY = y.map(Math.log);
    const gammas = [
      ...SHARES.map((share) => share / largest(x)),
      ...SHARES.map((share) => (0.1 * share) / smallest(x)),
    ];
    return [...new Set(gammas)].map((gamma) => {
      const { intercept, slope } = lineThrough(
        x.map((one) => Math.log(1 / one + gamma)),
        logY,
        weights,
      );
      return [Math.exp(intercept), gamma, slope];
    });
  },
};

export const powerLawShifted = {
  id: 'power-law-shifted',
  label: 'Shifted power law',
  form: 'y = beta (1/x + gamma)^c',
  source: 'M3 of Alabdulmohsin et al. 2022',
  inputs: [{ name: 'x', meaning: 'what is scaled' }],
  parameters: [
    { name: 'beta', kind: 'amount', meaning: 'scale' },
    { name: 'gamma', kind: 'offset', meaning: '1/x below which y levels off' },
    { name: 'c', kind: 'exponent', meaning: 'how fast y falls before' },
  ],
  freedom: 3,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const [, gamma = 0] = solution.parameters;
    return {
      ...solution,
      warnings: [
        ...solution.warnings,
        ...(gamma * largest(points.inputs[0] as Float64Array) < 1e-3
          ? ['gamma went to 0: the rows do not level off, and a plain power law says the same.']
          : []),
      ],
    };
  },
  predict: ([beta = 0, gamma = 0, c = 0], [x = 0]) => beta * (1 / x + gamma) ** c,
  size: ([x = 0]) => x,
} as const satisfies Law;
