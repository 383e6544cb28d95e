// E(C) = a (b + C)^(−α) + E_inf: error along the compute-optimal frontier, all of a, b and E_inf at least 0.
// Source: Scaling MLPs, section 4. With under two decades of C, b and E_inf can hardly be told apart.
import { type Curve, largest, logOffset, smallest, solveCurve } from './curve.ts';
import { exponentGrid, powerSumStarts } from './exponent-grid.ts';
import { type Law, UNDETERMINED } from './law.ts';
import { GRID_HIGH, GRID_LOW } from './power-sum.ts';

/** b to start from, as shares of the smallest C. */
const SHARES = [0, 0.1, 1, 10, 100];
const grid = exponentGrid(GRID_LOW, GRID_HIGH, 0.02);

const curve: Curve = {
  delta: 'robust',
  encode: ([a = 1, b = 0, alpha = 1, floor = 0], { inputs, y }) => [
    Math.log(a),
    logOffset(b, smallest(inputs[0] as Float64Array)),
    Math.log(alpha),
    logOffset(floor, smallest(y)),
  ],
  decode: (theta) => Array.from(theta, Math.exp),
  logValue(theta, logs, at, gradient) {
    const b = Math.exp(theta[1] as number);
    const alpha = Math.exp(theta[2] as number);
    const compute = Math.exp(logs[at] as number);
    const log = Math.log(b + compute);
    const term = (theta[0] as number) - alpha * log;
    const floor = theta[3] as number;
    const top = Math.max(term, floor);
    const value = top + Math.log(Math.exp(term - top) + Math.exp(floor - top));
    const share = Math.exp(term - value);
    gradient[0] = share;
    gradient[1] = (-share * alpha * b) / (b + compute);
    gradient[2] = -share * alpha * log;
    gradient[3] = Math.exp(floor - value);
    return value;
  },
  starts({ inputs, y }, weights) {
    const compute = inputs[0] as Float64Array;
    return SHARES.flatMap((share) => {
      const b = share * smallest(compute);
      return powerSumStarts([compute.map((one) => one + b)], y, weights, {
        grid,
        delta: Number.POSITIVE_INFINITY,
      })
        .slice(0, 3)
        .map(({ offset, amounts: [a = 0], exponents: [alpha = 1] }) => [
          Math.max(a, 1e-6 * smallest(y) * largest(compute) ** alpha),
          b,
          alpha,
          offset,
        ]);
    });
  },
};

export const computeLaw = {
  id: 'compute-law',
  label: 'Error by compute',
  form: 'E = a (b + C)^(-alpha) + E_inf',
  source: 'Scaling MLPs, section 4',
  inputs: [{ name: 'C', meaning: 'training FLOPs' }],
  parameters: [
    { name: 'a', kind: 'amount', meaning: 'scale' },
    { name: 'b', kind: 'offset', meaning: 'compute below which nothing improves' },
    { name: 'alpha', kind: 'exponent', meaning: 'how fast more compute helps' },
    { name: 'E_inf', kind: 'offset', meaning: 'error that no compute removes' },
  ],
  freedom: 4,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const [, b = 0, alpha = 0, floor = 0] = solution.parameters;
    const warnings: string[] = [];
    if (b < 1e-2 * smallest(points.inputs[0] as Float64Array)) {
      warnings.push('b went to 0: no row is small enough to show it.');
    }
    if (floor < 1e-3 * smallest(points.y)) warnings.push('E_inf went to 0: the rows show no floor.');
    if (alpha >= GRID_HIGH || alpha <= GRID_LOW * 1.5) {
      warnings.push(`alpha = ${alpha.toPrecision(3)} is at the edge of what was searched: ${UNDETERMINED}`);
    }
    return { ...solution, warnings: [...solution.warnings, ...warnings] };
  },
  predict: ([a = 0, b = 0, alpha = 0, floor = 0], [compute = 0]) => a * (b + compute) ** -alpha + floor,
  size: ([compute = 0]) => compute,
} as const satisfies Law;
