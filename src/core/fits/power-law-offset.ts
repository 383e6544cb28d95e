// y = e_inf + β x^c with c < 0: a power law down to a floor (M2 of Alabdulmohsin et al. 2022).
import { solveCurve } from './curve.ts';
import type { Law } from './law.ts';
import { powerSum, powerSumWarnings, predictPowerSum } from './power-sum.ts';

const curve = powerSum({ terms: 1, delta: 'robust', step: 0.01 });

export const powerLawOffset = {
  id: 'power-law-offset',
  label: 'Power law with a floor',
  form: 'y = e_inf + beta x^c',
  source: 'M2 of Alabdulmohsin et al. 2022',
  inputs: [{ name: 'x', meaning: 'what is scaled' }],
  parameters: [
    { name: 'e_inf', kind: 'offset', meaning: 'floor that no x goes below' },
    { name: 'beta', kind: 'amount', meaning: 'what lies above the floor at x = 1' },
    { name: 'c', kind: 'exponent', meaning: 'slope of what lies above the floor' },
  ],
  freedom: 3,
  solve(points, { from, ...options }) {
    const solution = solveCurve(curve, points, { ...options, ...(from ? { from: negated(from) } : {}) });
    const warnings = powerSumWarnings(solution.parameters, points, ['e_inf', 'beta', '−c']);
    return {
      ...solution,
      parameters: negated(solution.parameters),
      warnings: [...solution.warnings, ...warnings],
    };
  },
  predict: (parameters, inputs) => predictPowerSum(negated(parameters), inputs),
  size: ([x = 0]) => x,
} as const satisfies Law;

/** Between c and the positive exponent α = −c of the search. */
function negated([offset = 0, beta = 0, exponent = 0]: readonly number[]): readonly number[] {
  return [offset, beta, -exponent];
}
