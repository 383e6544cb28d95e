// y = β x^c: the straight line on log axes (M1 of Alabdulmohsin et al. 2022).
import { type Curve, solveCurve } from './curve.ts';
import type { Law } from './law.ts';
import { lineThrough } from './line.ts';

const curve: Curve = {
  delta: 'robust',
  encode: ([beta = 1, c = 0]) => [Math.log(beta), c],
  decode: (theta) => [Math.exp(theta[0] as number), theta[1] as number],
  logValue(theta, logs, at, gradient) {
    const x = logs[at] as number;
    gradient[0] = 1;
    gradient[1] = x;
    return (theta[0] as number) + (theta[1] as number) * x;
  },
  starts({ inputs, y }, weights) {
    const logX = (inputs[0] as Float64Array).map(Math.log);
    const { intercept, slope } = lineThrough(logX, y.map(Math.log), weights);
    return [[Math.exp(intercept), slope]];
  },
};

export const powerLaw = {
  id: 'power-law',
  label: 'Power law',
  form: 'y = beta x^c',
  source: 'M1 of Alabdulmohsin et al. 2022',
  inputs: [{ name: 'x', meaning: 'what is scaled' }],
  parameters: [
    { name: 'beta', kind: 'amount', meaning: 'y at x = 1' },
    { name: 'c', kind: 'exponent', meaning: 'slope on log axes' },
  ],
  freedom: 2,
  solve: (points, options) => solveCurve(curve, points, options),
  predict: ([beta = 0, c = 0], [x = 0]) => beta * x ** c,
  size: ([x = 0]) => x,
} as const satisfies Law;
