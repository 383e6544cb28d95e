// Where to start a sum of powers y = E + Σ A_k x_k^(−α_k): for fixed exponents it is linear in E and A_k, so the exponents
// are searched on a grid, and the coefficients of each cell solved exactly, none negative (variable projection).
// Source: Czech et al. 2026 (VPNLS), here with residuals relative to y, which log residuals are close to.
import { huberWeight } from '../minimize/huber.ts';
import { lbfgs } from '../minimize/lbfgs.ts';
import { nnls } from '../minimize/nnls.ts';

export interface PowerSum {
  readonly offset: number;
  readonly amounts: readonly number[];
  readonly exponents: readonly number[];
}

interface Rows {
  /** Log inputs about their means, one column a term. */
  readonly logs: readonly Float64Array[];
  readonly means: readonly number[];
  readonly y: Float64Array;
  /** Weight over y². */
  readonly weights: Float64Array;
}

/** More rows than this do not make better starts: every n-th is taken. */
const MAX_ROWS = 1000;
/** The grid is cut in so many blocks along each exponent; the best cell of each is a start. */
const BLOCKS = 5;
const REFINED = 4;
const REWEIGHTED = 6;

function rowsOf(inputs: readonly Float64Array[], y: Float64Array, weights: Float64Array): Rows {
  const stride = Math.ceil(y.length / MAX_ROWS);
  const rows = [...y.keys()].filter((row) => row % stride === 0 && (weights[row] as number) > 0);
  const logs = inputs.map((column) => Float64Array.from(rows, (row) => Math.log(column[row] as number)));
  const means = logs.map((column) => column.reduce((sum, value) => sum + value, 0) / rows.length);
  return {
    logs: logs.map((column, k) => column.map((value) => value - (means[k] as number))),
    means,
    y: Float64Array.from(rows, (row) => y[row] as number),
    weights: Float64Array.from(rows, (row) => (weights[row] as number) / (y[row] as number) ** 2),
  };
}

const weighted = (a: Float64Array, b: Float64Array | null, { weights }: Rows): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (weights[i] as number) * (a[i] as number) * (b ? (b[i] as number) : 1);
  }
  return sum;
};

const powersOf = (column: Float64Array, exponent: number): Float64Array =>
  column.map((log) => Math.exp(-exponent * log));

interface Cell {
  readonly exponents: readonly number[];
  readonly value: number;
}

/** Solves the coefficients at given exponents: half the weighted squares, and E followed by the amounts. */
function project(rows: Rows, exponents: readonly number[]) {
  const columns = [
    rows.y.map(() => 1),
    ...exponents.map((one, k) => powersOf(rows.logs[k] as Float64Array, one)),
  ];
  const size = columns.length;
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    moments[i] = weighted(columns[i] as Float64Array, rows.y, rows);
    for (let j = 0; j <= i; j++) {
      gram[i * size + j] = weighted(columns[i] as Float64Array, columns[j] as Float64Array, rows);
      gram[j * size + i] = gram[i * size + j] as number;
    }
  }
  const { coefficients, value } = nnls(gram, moments, size);
  return { columns, coefficients, value: value + 0.5 * weighted(rows.y, rows.y, rows) };
}

/** The best cell of each block of the grid, best first. All products of two columns are made once. */
function bestCells(rows: Rows, grid: readonly number[]): readonly Cell[] {
  const terms = rows.logs.length;
  const size = terms + 1;
  const powers = rows.logs.map((column) => grid.map((exponent) => powersOf(column, exponent)));
  const withOne = powers.map((columns) => columns.map((column) => weighted(column, null, rows)));
  const withY = powers.map((columns) => columns.map((column) => weighted(column, rows.y, rows)));
  const squares = powers.map((columns) => columns.map((column) => weighted(column, column, rows)));
  /** Of term k > l: the product of cell i of k and cell j of l at i × cells + j. */
  const pairs = powers.map((first, k) =>
    powers
      .slice(0, k)
      .map((second) => Float64Array.from(first.flatMap((a) => second.map((b) => weighted(a, b, rows))))),
  );
  const half = 0.5 * weighted(rows.y, rows.y, rows);
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  gram[0] = rows.weights.reduce((sum, weight) => sum + weight, 0);
  moments[0] = weighted(rows.y, null, rows);
  const best = new Map<number, Cell>();
  const at = new Array<number>(terms).fill(0);
  for (;;) {
    let block = 0;
    for (let k = 0; k < terms; k++) {
      const cell = at[k] as number;
      block = block * BLOCKS + Math.floor((cell * BLOCKS) / grid.length);
      moments[k + 1] = (withY[k] as number[])[cell] as number;
      gram[k + 1] = gram[(k + 1) * size] = (withOne[k] as number[])[cell] as number;
      gram[(k + 1) * size + k + 1] = (squares[k] as number[])[cell] as number;
      for (let l = 0; l < k; l++) {
        const product = pairs[k]?.[l]?.[cell * grid.length + (at[l] as number)] as number;
        gram[(k + 1) * size + l + 1] = gram[(l + 1) * size + k + 1] = product;
      }
    }
    const value = half + nnls(gram, moments, size).value;
    if (value < (best.get(block)?.value ?? Number.POSITIVE_INFINITY)) {
      best.set(block, { exponents: at.map((cell) => grid[cell] as number), value });
    }
    let k = 0;
    while (k < terms && (at[k] as number) === grid.length - 1) at[k++] = 0;
    if (k === terms) break;
    at[k] = (at[k] as number) + 1;
  }
  return [...best.values()].sort((a, b) => a.value - b.value);
}

/**
 * Moves the exponents of a cell to the minimum near it. The coefficients are at their minimum already, so that only the
 * direct effect of an exponent is left in the gradient (the envelope theorem).
 */
function refine(rows: Rows, { exponents, value }: Cell): Cell {
  const { x, value: refined } = lbfgs(
    (logExponents, gradient) => {
      const here = [...logExponents].map(Math.exp);
      const { columns, coefficients, value: half } = project(rows, here);
      const residual = rows.y.map(
        (y, i) =>
          columns.reduce((sum, column, k) => sum + (coefficients[k] as number) * (column[i] as number), 0) -
          y,
      );
      for (const [k, exponent] of here.entries()) {
        const column = columns[k + 1] as Float64Array;
        const slope = column.map((power, i) => power * ((rows.logs[k] as Float64Array)[i] as number));
        gradient[k] = -exponent * (coefficients[k + 1] as number) * weighted(residual, slope, rows);
      }
      return half;
    },
    exponents.map(Math.log),
    { tolerance: 1e-8, maxIterations: 40 },
  );
  return refined < value ? { exponents: [...x].map(Math.exp), value: refined } : { exponents, value };
}

/** Coefficients that outliers do not carry: weights by Huber's loss of relative residuals, a few times over. */
function robustly(rows: Rows, exponents: readonly number[], delta: number): Float64Array {
  let weights = rows.weights;
  let { columns, coefficients } = project(rows, exponents);
  for (let pass = 0; pass < REWEIGHTED; pass++) {
    const before = coefficients;
    weights = rows.weights.map((weight, i) => {
      const y = rows.y[i] as number;
      const fitted = columns.reduce(
        (sum, column, k) => sum + (before[k] as number) * (column[i] as number),
        0,
      );
      return weight * huberWeight((fitted - y) / y, delta);
    });
    ({ columns, coefficients } = project({ ...rows, weights }, exponents));
  }
  return coefficients;
}

/**
 * Sums of powers to start from, one for each block of the exponent grid, the best first.
 * @param inputs one column a term
 * @param grid exponents to try for every term, rising
 * @param delta δ of Huber's loss, in shares of y
 */
export function powerSumStarts(
  inputs: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
  { grid, delta }: { readonly grid: readonly number[]; readonly delta: number },
): readonly PowerSum[] {
  const rows = rowsOf(inputs, y, weights);
  const cells = bestCells(rows, grid);
  return [...cells.slice(0, REFINED).map((cell) => refine(rows, cell)), ...cells].map(({ exponents }) => {
    const [offset = 0, ...amounts] = robustly(rows, exponents, delta);
    return {
      offset,
      exponents,
      amounts: amounts.map(
        (amount, k) => amount * Math.exp((exponents[k] as number) * (rows.means[k] as number)),
      ),
    };
  });
}

/** `from`, `from + step`, … up to `to`. */
export const exponentGrid = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
