// Loss where examples are seen again: N parameters, D unique examples, T examples seen. The loss surface takes every
// example as new; here repetition has a term of its own.
// Source: additive extension of Hoffmann et al. 2022; Muennighoff et al. 2023 for the setting.
import { HUBER_DELTA, solveCurve } from './curve.ts';
import type { Law } from './law.ts';
import { powerSum, powerSumWarnings, predictPowerSum } from './power-sum.ts';

export const multiEpochInputs = [
  { name: 'N', meaning: 'parameters' },
  { name: 'D', meaning: 'unique examples' },
  { name: 'T', meaning: 'examples seen' },
] as const;

const curve = powerSum({ terms: 3, delta: HUBER_DELTA, step: 0.05 });
const names = ['E', 'A', 'B', 'G', 'alpha', 'beta', 'gamma'] as const;

export const multiEpoch = {
  id: 'multi-epoch',
  label: 'Loss surface with repeated examples',
  form: 'L = E + A/N^alpha + B/D^beta + G/T^gamma',
  source: 'additive extension of Hoffmann et al. 2022',
  inputs: multiEpochInputs,
  parameters: [
    { name: 'E', kind: 'offset', meaning: 'irreducible loss' },
    { name: 'A', kind: 'amount', meaning: 'loss for want of parameters, at N = 1' },
    { name: 'B', kind: 'amount', meaning: 'loss for want of unique examples, at D = 1' },
    { name: 'G', kind: 'amount', meaning: 'loss for want of training, at T = 1' },
    { name: 'alpha', kind: 'exponent', meaning: 'how fast more parameters help' },
    { name: 'beta', kind: 'exponent', meaning: 'how fast more unique examples help' },
    { name: 'gamma', kind: 'exponent', meaning: 'how fast longer training helps' },
  ],
  freedom: 7,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const warnings = powerSumWarnings(solution.parameters, points, names);
    return { ...solution, warnings: [...solution.warnings, ...warnings] };
  },
  predict: predictPowerSum,
  size: ([n = 0, , t = 0]) => n * t,
} as const satisfies Law;
