// (y − e_inf)/(e_0 − y)^α = β x^c with c ≤ 0: error that starts at chance e_0 and ends at e_inf (M4 of Alabdulmohsin
// et al. 2022, the natural form for error rates). y is the root; it is found in the coordinate t = logit of the share
// of the way from e_inf to e_0, in which the equation is monotone and nearly piecewise linear.
import { lbfgs } from '../minimize/lbfgs.ts';
import { nnls } from '../minimize/nnls.ts';
import { type Curve, largest, logOffset, smallest, solveCurve } from './curve.ts';
import type { Law, Points } from './law.ts';

const softplus = (t: number): number => (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)));
const logistic = (t: number): number => 1 / (1 + Math.exp(-t));

/** The t with log s − α log(1 − s) = right, s = logistic(t). Newton: the left side rises and bends one way only. */
function rootOf(right: number, alpha: number): number {
  let t = right < 0 ? right : right / alpha;
  for (let i = 0; i < 60; i++) {
    const slope = logistic(-t) + alpha * logistic(t);
    const step = (right + softplus(-t) - alpha * softplus(t)) / slope;
    t += step;
    if (Math.abs(step) < 1e-13 * (1 + Math.abs(t))) break;
  }
  return t;
}

/** Order of θ: log e_inf, log(e_0 − e_inf), log α, log β, log(−c). */
const curve: Curve = {
  delta: 'robust',
  encode: ([floor = 0, chance = 1, alpha = 1, beta = 1, c = -1], { y }) => {
    const low = Math.exp(logOffset(floor, smallest(y)));
    return [
      Math.log(low),
      Math.log(Math.max(chance - low, 1e-3 * low)),
      Math.log(Math.max(alpha, 1e-3)),
      Math.log(beta),
      Math.log(Math.max(-c, 1e-3)),
    ];
  },
  decode(theta) {
    const [low, span, alpha, beta, c] = Array.from(theta, Math.exp) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return [low, low + span, alpha, beta, -c];
  },
  logValue(theta, logs, at, gradient) {
    const x = logs[at] as number;
    const [low, span, alpha] = [0, 1, 2].map((k) => Math.exp(theta[k] as number)) as [number, number, number];
    const logSpan = theta[1] as number;
    const c = -Math.exp(theta[4] as number);
    const t = rootOf((theta[3] as number) + c * x - (1 - alpha) * logSpan, alpha);
    const share = logistic(t);
    const y = low + span * share;
    const moved = (span * share * (1 - share)) / (logistic(-t) + alpha * logistic(t));
    gradient[0] = low / y;
    gradient[1] = (span * share - moved * (1 - alpha)) / y;
    gradient[2] = (alpha * moved * (logSpan - softplus(t))) / y;
    gradient[3] = moved / y;
    gradient[4] = (moved * c * x) / y;
    return Math.log(y);
  },
  starts: errorStarts,
};

const FLOORS = [0.02, 0.4, 0.8, 0.97];
const CHANCES = [1.005, 1.1, 1.6];
/** e_0 is looked for up to so many times the largest y. */
const MOST = 10;
/** e_inf and e_0 keep this share of y away from the rows. */
const MARGIN = 1e-3;

/**
 * The published fit, from several places: for given e_inf and e_0 the logarithm of the law is linear in log β, −c and α
 * (the last two not negative); e_inf and e_0 then move down the gradient that is left. Each place twice: with the rows'
 * own weights, and with those that log(y − e_inf) has by its variance, ((y − e_inf)/y)², since rows close to the floor
 * say little more than their noise.
 */
function errorStarts({ inputs, y }: Points, weights: Float64Array): readonly (readonly number[])[] {
  const logX = (inputs[0] as Float64Array).map(Math.log);
  const lowest = smallest(y) * (1 - MARGIN);
  const highest = largest(y) * (1 + MARGIN);
  return FLOORS.flatMap((floorShare) => {
    const floor = lowest * floorShare;
    const byVariance = y.map((value, i) => (weights[i] as number) * ((value - floor) / value) ** 2);
    return CHANCES.flatMap((ratio) =>
      [weights, byVariance].map((own) =>
        startFrom({ logX, y, weights: own, lowest, highest }, floorShare, ratio),
      ),
    );
  });
}

interface Rows {
  readonly logX: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array;
  readonly lowest: number;
  readonly highest: number;
}

/** Parameters of the linear problem's best e_inf and e_0, near `floorShare` of the lowest y and `ratio` of the largest. */
function startFrom(
  { logX, y, weights, lowest, highest }: Rows,
  floorShare: number,
  ratio: number,
): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const product = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + (weights[i] as number) * value * (b[i] as number), 0);
  const meanOf = (column: Float64Array): number =>
    column.reduce((sum, value, i) => sum + (weights[i] as number) * value, 0) / total;
  const centred = (column: Float64Array): Float64Array => {
    const mean = meanOf(column);
    return column.map((value) => value - mean);
  };
  const falling = centred(logX.map((x) => -x));
  const linear = (floor: number, chance: number) => {
    const left = y.map((value) => Math.log(value - floor));
    const right = y.map((value) => Math.log(chance - value));
    const [a, b, target] = [falling, centred(right), centred(left)];
    const cross = product(a, b);
    const gram = Float64Array.of(product(a, a), cross, cross, product(b, b));
    const { coefficients } = nnls(gram, Float64Array.of(product(a, target), product(b, target)), 2);
    const [drop, alpha] = coefficients as unknown as [number, number];
    const residual = target.map((value, i) => value - drop * (a[i] as number) - alpha * (b[i] as number));
    const logBeta = meanOf(left) + drop * meanOf(logX) - alpha * meanOf(right);
    return { drop, alpha, logBeta, residual };
  };
  const place = (p: ArrayLike<number>) => {
    const share = logistic(p[0] as number);
    const rise = logistic(p[1] as number);
    return { floor: lowest * share, chance: highest * (1 + MOST * rise), share, rise };
  };
  const rise = (ratio - 1) / MOST;
  const { x } = lbfgs(
    (p, gradient) => {
      const { floor, chance, share, rise: here } = place(p);
      const { residual, alpha } = linear(floor, chance);
      const byFloor = y.map((value) => lowest / (value - floor));
      const byChance = y.map((value) => (highest * MOST * alpha) / (chance - value));
      gradient[0] = -product(residual, byFloor) * share * (1 - share);
      gradient[1] = -product(residual, byChance) * here * (1 - here);
      return 0.5 * product(residual, residual);
    },
    [Math.log(floorShare / (1 - floorShare)), Math.log(rise / (1 - rise))],
    { tolerance: 1e-6, maxIterations: 30 },
  );
  const { floor, chance } = place(x);
  const { drop, alpha, logBeta } = linear(floor, chance);
  return [floor, chance, alpha, Math.exp(logBeta), -drop];
}

export const errorLaw = {
  id: 'error-law',
  label: 'Error from chance to floor',
  form: '(y - e_inf)/(e_0 - y)^alpha = beta x^c',
  source: 'M4 of Alabdulmohsin et al. 2022',
  inputs: [{ name: 'x', meaning: 'what is scaled' }],
  parameters: [
    { name: 'e_inf', kind: 'offset', meaning: 'error that no x removes' },
    { name: 'e_0', kind: 'amount', meaning: 'error of a guess' },
    { name: 'alpha', kind: 'amount', meaning: 'how long y stays near e_0' },
    { name: 'beta', kind: 'amount', meaning: 'scale' },
    { name: 'c', kind: 'exponent', meaning: 'slope once y has left e_0' },
  ],
  freedom: 5,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const [floor = 0] = solution.parameters;
    return {
      ...solution,
      warnings: [
        ...solution.warnings,
        ...(floor < 1e-3 * smallest(points.y) ? ['e_inf went to 0: the rows show no floor.'] : []),
      ],
    };
  },
  predict([floor = 0, chance = 1, alpha = 1, beta = 1, c = 0], [x = 0]) {
    const span = chance - floor;
    const t = rootOf(Math.log(beta) + c * Math.log(x) - (1 - alpha) * Math.log(span), alpha);
    return floor + span * logistic(t);
  },
  size: ([x = 0]) => x,
} as const satisfies Law;
