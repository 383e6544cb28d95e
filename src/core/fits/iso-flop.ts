// N*(C) = G (C/k)^a from iso-FLOP profiles: at each budget a parabola of the loss in log N, a power law through the
// minima. A budget without a minimum between its sizes is refused, not extrapolated.
// Sources: Hoffmann et al. 2022, approach 2; Czech et al. 2026 on its bias.
import { LabError } from '../failure.ts';
import { formatSi } from '../format.ts';
import { type Counting, flopsPerParameterExample, type Law, type Points } from './law.ts';
import { leastSquares, lineThrough } from './line.ts';

/** Budgets closer than this are one. */
const SAME_BUDGET = Math.log(1.1);
/** A profile that spans more than this in compute is no profile. */
const WIDEST = Math.log(1.5);
const SIZES = 3;

/** One budget: what was measured, the parabola, and its minimum or why there is none. */
export interface Profile {
  /** Geometric mean of the compute of its rows. */
  readonly compute: number;
  readonly rows: readonly number[];
  /** loss ≈ c0 + c1 u + c2 u², u = log(N / centre); null with too few sizes. */
  readonly parabola: { readonly centre: number; readonly coefficients: readonly number[] } | null;
  readonly minimum: { readonly parameters: number; readonly loss: number } | null;
  readonly refusal: string | null;
}

/** Rows by budget, smallest first. */
function budgetsOf({ inputs }: Points): readonly (readonly number[])[] {
  const logs = (inputs[0] as Float64Array).map(Math.log);
  const order = [...logs.keys()].sort((a, b) => (logs[a] as number) - (logs[b] as number));
  const budgets: number[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const row of order) {
    const here = logs[row] as number;
    if (here - before > SAME_BUDGET) budgets.push([]);
    budgets.at(-1)?.push(row);
    before = here;
  }
  return budgets;
}

const mean = (values: Float64Array, weights: Float64Array): number => {
  let [sum, total] = [0, 0];
  for (const [i, value] of values.entries()) {
    sum += (weights[i] as number) * value;
    total += weights[i] as number;
  }
  return sum / total;
};

/** The profile of every budget, smallest budget first. `weights` counts rows; 0 leaves one out. */
export function profilesOf(
  points: Points,
  weights: Float64Array = new Float64Array(points.y.length).fill(1),
): readonly Profile[] {
  return budgetsOf(points)
    .map((rows) => rows.filter((row) => (weights[row] as number) > 0))
    .filter((rows) => rows.length > 0)
    .map((rows) => {
      const logC = Float64Array.from(rows, (row) => Math.log(points.inputs[0]?.[row] as number));
      const logN = Float64Array.from(rows, (row) => Math.log(points.inputs[1]?.[row] as number));
      const loss = Float64Array.from(rows, (row) => points.y[row] as number);
      const times = Float64Array.from(rows, (row) => weights[row] as number);
      const compute = Math.exp(mean(logC, times));
      const name = `Budget ${formatSi(compute, 'FLOP')}`;
      const none = { compute, rows, parabola: null, minimum: null };
      if (Math.max(...logC) - Math.min(...logC) > WIDEST) {
        return {
          ...none,
          refusal: `${name}: its rows differ in compute by more than 1.5 ×; there are no budgets here.`,
        };
      }
      const sizes = new Set(logN).size;
      if (sizes < SIZES) {
        return {
          ...none,
          refusal: `${name}: ${sizes} size${sizes === 1 ? '' : 's'}; a parabola takes ${SIZES}.`,
        };
      }
      const centre = mean(logN, times);
      const u = logN.map((value) => value - centre);
      const coefficients = leastSquares([u.map(() => 1), u, u.map((value) => value * value)], loss, times);
      if (!coefficients) return { ...none, refusal: `${name}: its sizes do not determine a parabola.` };
      const [level, slope, bend] = coefficients as unknown as [number, number, number];
      const parabola = { centre: Math.exp(centre), coefficients: [...coefficients] };
      if (!(bend > 0)) {
        return { ...none, parabola, refusal: `${name}: the loss does not turn up on both sides.` };
      }
      const at = -slope / (2 * bend);
      if (at <= Math.min(...u) || at >= Math.max(...u)) {
        const side = at < 0 ? 'smaller' : 'larger';
        return {
          ...none,
          parabola,
          refusal: `${name}: its minimum lies outside its sizes. Add ${side} ones.`,
        };
      }
      const minimum = { parameters: Math.exp(centre + at), loss: level + 0.5 * slope * at };
      return { compute, rows, parabola, minimum, refusal: null };
    });
}

/** The minima as points: compute in, N* out. */
function minimaOf(points: Points, weights?: Float64Array): Points {
  const accepted = profilesOf(points, weights).flatMap(({ compute, minimum }) =>
    minimum ? [{ compute, parameters: minimum.parameters }] : [],
  );
  return {
    inputs: [Float64Array.from(accepted, ({ compute }) => compute)],
    y: Float64Array.from(accepted, ({ parameters }) => parameters),
    configuration: Int32Array.from(accepted, (_, index) => index),
    configurations: accepted.length,
  };
}

export const isoFlop = {
  id: 'iso-flop',
  label: 'Iso-FLOP profiles',
  form: 'N* = G (C/k)^a, D* = (C/k)^b / G',
  source: 'Hoffmann et al. 2022, approach 2',
  inputs: [
    { name: 'C', meaning: 'training FLOPs' },
    { name: 'N', meaning: 'parameters' },
  ],
  parameters: [
    { name: 'a', kind: 'exponent', meaning: 'N* grows as C^a' },
    { name: 'b', kind: 'exponent', meaning: 'D* grows as C^b' },
    { name: 'G', kind: 'amount', meaning: 'N* at C = k' },
  ],
  freedom: 2,
  solve(points, { weights, counting }) {
    const minima = minimaOf(points, weights);
    if (minima.y.length < 2) {
      const refusals = profilesOf(points, weights).flatMap(({ refusal }) => refusal ?? []);
      throw new LabError(
        'dataset-invalid',
        `Iso-FLOP profiles need two budgets with a minimum between their sizes; ${minima.y.length} found. ${refusals.join(' ')}`,
      );
    }
    const fitted = throughOptima(minima, counting);
    return {
      ...fitted,
      method: `parabolas of loss in log N at ${minima.y.length} budgets; least squares through their minima on log axes`,
      warnings: [
        ...profilesOf(points, weights).flatMap(({ refusal }) => (refusal ? [`Refused. ${refusal}`] : [])),
        ...(minima.y.length === 2
          ? ['Two budgets: the line through their minima is exact and says nothing of its error.']
          : []),
        'Minima of parabolas are biased where parameters and examples help at different rates, even without noise: a visual aid. The loss surface has no such bias.',
      ],
    };
  },
  predict: ([a = 0, , G = 0], [compute = 0], counting) =>
    G * (compute / flopsPerParameterExample(counting)) ** a,
  size: ([compute = 0]) => compute,
  reduce: (points) => minimaOf(points),
  strata: (points) =>
    budgetsOf(points).map((rows) => [...new Set(rows.map((row) => points.configuration[row] as number))]),
  taken: (points) => 3 * minimaOf(points).y.length,
} as const satisfies Law;

/** a, b and G of the line through optimal sizes on log axes, and half its squares. */
export function throughOptima({ inputs, y }: Points, counting?: Counting) {
  const x = (inputs[0] as Float64Array).map((compute) =>
    Math.log(compute / flopsPerParameterExample(counting)),
  );
  const logs = y.map(Math.log);
  const { intercept, slope } = lineThrough(
    x,
    logs,
    y.map(() => 1),
  );
  const objective = logs.reduce(
    (sum, log, i) => sum + 0.5 * (intercept + slope * (x[i] as number) - log) ** 2,
    0,
  );
  return { parameters: [slope, 1 - slope, Math.exp(intercept)], objective };
}
