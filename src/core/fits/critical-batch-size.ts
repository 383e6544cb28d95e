// S(B) = S_min (1 + B_crit/B): steps to a target loss by batch size, and so examples E = B S = E_min (1 + B/B_crit).
// Source: McCandlish et al. 2018, fitted in log space by least squares as there. B_crit = E_min / S_min.
import { type Curve, largest, smallest, solveCurve } from './curve.ts';
import type { Law } from './law.ts';

const STARTS = 12;

const curve: Curve = {
  delta: Number.POSITIVE_INFINITY,
  encode: ([critical = 1, steps = 1]) => [Math.log(critical), Math.log(steps)],
  decode: (theta) => {
    const [critical, steps] = Array.from(theta, Math.exp) as [number, number];
    return [critical, steps, critical * steps];
  },
  logValue(theta, logs, at, gradient) {
    const t = (theta[0] as number) - (logs[at] as number);
    gradient[0] = 1 / (1 + Math.exp(-t));
    gradient[1] = 1;
    return (theta[1] as number) + (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)));
  },
  starts({ inputs, y }, weights) {
    const batch = inputs[0] as Float64Array;
    const [low, high] = [smallest(batch) / 10, largest(batch) * 10];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Array.from({ length: STARTS }, (_, i) => {
      const critical = low * (high / low) ** (i / (STARTS - 1));
      const level = y.reduce(
        (sum, steps, row) =>
          sum + (weights[row] as number) * (Math.log(steps) - Math.log1p(critical / (batch[row] as number))),
        0,
      );
      return [critical, Math.exp(level / total)];
    });
  },
};

export const criticalBatchSize = {
  id: 'critical-batch-size',
  label: 'Critical batch size',
  form: 'S = S_min (1 + B_crit/B)',
  source: 'McCandlish et al. 2018',
  inputs: [{ name: 'B', meaning: 'batch size' }],
  parameters: [
    {
      name: 'B_crit',
      kind: 'amount',
      meaning: 'batch size at twice the fewest steps and twice the fewest examples',
    },
    { name: 'S_min', kind: 'amount', meaning: 'steps with the largest batch' },
    { name: 'E_min', kind: 'amount', meaning: 'examples with the smallest batch' },
  ],
  freedom: 2,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const [critical = 0] = solution.parameters;
    const batch = points.inputs[0] as Float64Array;
    const warnings: string[] = [];
    if (critical < smallest(batch)) {
      warnings.push(
        `B_crit = ${critical.toPrecision(3)} is below the smallest batch: no row is in the region of perfect scaling.`,
      );
    }
    if (critical > largest(batch)) {
      warnings.push(
        `B_crit = ${critical.toPrecision(3)} is above the largest batch: no row has reached the fewest steps.`,
      );
    }
    return { ...solution, warnings: [...solution.warnings, ...warnings] };
  },
  predict: ([critical = 0, steps = 0], [batch = 0]) => steps * (1 + critical / batch),
  size: ([batch = 0]) => batch,
} as const satisfies Law;
