// y = a + b x^(−c0) (1 + (x/d1)^(1/f1))^(−c1 f1): a power law whose slope changes from −c0 to −(c0 + c1) about d1.
// Source: Caballero et al. 2023, one break. f1 says how sharp the break is.
import { type Curve, logOffset, smallest, solveCurve } from './curve.ts';
import type { Law, Points } from './law.ts';
import { leastSquares } from './line.ts';

const softplus = (u: number): number => (u > 0 ? u + Math.log1p(Math.exp(-u)) : Math.log1p(Math.exp(u)));

/** Places of the break along log x, its sharpness, and the floor as a share of the smallest y, to start from. */
const PLACES = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
const SHARPNESS = [0.1, 0.4, 1.2];
const FLOORS = [0, 0.5, 0.9, 0.98];

/** Order of θ: log a, log b, c0, c1, log d1, log f1. */
const curve: Curve = {
  delta: 'robust',
  encode: ([a = 0, b = 1, c0 = 0, c1 = 0, d1 = 1, f1 = 1], { y }) => [
    logOffset(a, smallest(y)),
    Math.log(b),
    c0,
    c1,
    Math.log(d1),
    Math.log(f1),
  ],
  decode: ([a = 0, b = 0, c0 = 0, c1 = 0, d1 = 0, f1 = 0]: readonly number[]) => [
    Math.exp(a),
    Math.exp(b),
    c0,
    c1,
    Math.exp(d1),
    Math.exp(f1),
  ],
  logValue(theta, logs, at, gradient) {
    const [floor, b, c0, c1, place, logF] = theta as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const x = logs[at] as number;
    const f = Math.exp(logF);
    const u = (x - place) / f;
    const bend = softplus(u);
    const rise = 1 / (1 + Math.exp(-u));
    const term = b - c0 * x - c1 * f * bend;
    const top = Math.max(term, floor);
    const value = top + Math.log(Math.exp(term - top) + Math.exp(floor - top));
    const share = Math.exp(term - value);
    gradient[0] = Math.exp(floor - value);
    gradient[1] = share;
    gradient[2] = -share * x;
    gradient[3] = -share * f * bend;
    gradient[4] = share * c1 * rise;
    gradient[5] = -share * c1 * f * (bend - u * rise);
    return value;
  },
  starts: brokenStarts,
};

/** For a given break and floor the rest is linear in log space. */
function brokenStarts({ inputs, y }: Points, weights: Float64Array): readonly (readonly number[])[] {
  const logX = (inputs[0] as Float64Array).map(Math.log);
  const sorted = logX.slice().sort();
  const [low, high] = [sorted[0] as number, sorted.at(-1) as number];
  const one = logX.map(() => 1);
  const starts: number[][] = [];
  for (const floor of FLOORS) {
    const a = floor * smallest(y);
    const above = y.map((value) => Math.log(value - a));
    for (const place of PLACES) {
      const d = low + place * (high - low);
      for (const f of SHARPNESS) {
        const bend = logX.map((x) => -f * softplus((x - d) / f));
        const found = leastSquares([one, logX.map((x) => -x), bend], above, weights);
        if (found)
          starts.push([
            a,
            Math.exp(found[0] as number),
            found[1] as number,
            found[2] as number,
            Math.exp(d),
            f,
          ]);
      }
    }
  }
  return starts;
}

export const brokenPowerLaw = {
  id: 'broken-power-law',
  label: 'Broken power law',
  form: 'y = a + b x^(-c0) (1 + (x/d1)^(1/f1))^(-c1 f1)',
  source: 'Caballero et al. 2023, one break',
  inputs: [{ name: 'x', meaning: 'what is scaled' }],
  parameters: [
    { name: 'a', kind: 'offset', meaning: 'floor' },
    { name: 'b', kind: 'amount', meaning: 'scale' },
    { name: 'c0', kind: 'exponent', meaning: 'how fast y falls before the break' },
    { name: 'c1', kind: 'exponent', meaning: 'what the break adds' },
    { name: 'd1', kind: 'amount', meaning: 'x of the break' },
    { name: 'f1', kind: 'amount', meaning: 'width of the break, in e-folds of x' },
  ],
  freedom: 6,
  solve(points, options) {
    const solution = solveCurve(curve, points, options);
    const x = points.inputs[0] as Float64Array;
    const [, , , , d1 = 0] = solution.parameters;
    const isOutside = d1 < smallest(x) || x.every((one) => one < d1);
    return {
      ...solution,
      warnings: [
        ...solution.warnings,
        ...(isOutside
          ? [`The break, d1 = ${d1.toPrecision(3)}, lies outside the rows: they show one slope.`]
          : []),
      ],
    };
  },
  predict([a = 0, b = 0, c0 = 0, c1 = 0, d1 = 1, f1 = 1], [x = 0]) {
    return a + Math.exp(Math.log(b) - c0 * Math.log(x) - c1 * f1 * softplus(Math.log(x / d1) / f1));
  },
  size: ([x = 0]) => x,
} as const satisfies Law;
