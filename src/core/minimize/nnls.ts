// Small least squares with non-negative coefficients, from the normal equations: min ½ xᵀ G x − hᵀ x, x ≥ 0.
// With at most a handful of unknowns every active set can be tried: exact, and without a loop that might cycle.
import { cholesky, type Square, solveCholesky } from './cholesky.ts';

export interface NonNegative {
  readonly coefficients: Float64Array;
  /** ½ xᵀ G x − hᵀ x at the answer; add ½ yᵀ y for half the squared residual. */
  readonly value: number;
}

/** Sets of columns of 2^size − 1 … 0, larger sets first: the unclamped answer is tried first. */
const setsOf = (size: number): readonly (readonly number[])[] =>
  Array.from({ length: 1 << size }, (_, mask) =>
    Array.from({ length: size }, (__, column) => column).filter((column) => mask & (1 << column)),
  ).sort((a, b) => b.length - a.length);

const setsBySize = new Map<number, readonly (readonly number[])[]>();

/**
 * The minimum over x ≥ 0. `gram` is G = XᵀX (symmetric, size × size, row-major), `moments` is h = Xᵀy. Columns may be
 * linearly dependent: a set that is singular is passed over for its subsets.
 * @param size at most 6 unknowns
 */
export function nnls(gram: Square, moments: Float64Array, size: number): NonNegative {
  if (size > 6) throw new RangeError(`nnls takes at most 6 unknowns, not ${size}`);
  const sets = setsBySize.get(size) ?? setsOf(size);
  setsBySize.set(size, sets);
  let best: NonNegative = { coefficients: new Float64Array(size), value: 0 };
  for (const set of sets) {
    const found = solveSet(gram, moments, size, set);
    if (!found) continue;
    if (found.value < best.value) best = found;
    if (set.length === size) break;
  }
  return best;
}

/** The unconstrained minimum on one set of columns; null where it is singular or has a negative coefficient. */
function solveSet(
  gram: Square,
  moments: Float64Array,
  size: number,
  set: readonly number[],
): NonNegative | null {
  const n = set.length;
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    b[i] = moments[set[i] as number] as number;
    for (let j = 0; j < n; j++) a[i * n + j] = gram[(set[i] as number) * size + (set[j] as number)] as number;
  }
  if (!cholesky(a, n)) return null;
  solveCholesky(a, n, b);
  const coefficients = new Float64Array(size);
  let value = 0;
  for (let i = 0; i < n; i++) {
    if ((b[i] as number) < 0) return null;
    coefficients[set[i] as number] = b[i] as number;
    value -= 0.5 * (b[i] as number) * (moments[set[i] as number] as number);
  }
  return { coefficients, value };
}
