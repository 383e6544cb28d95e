// Weighted least squares on a few columns: straight lines, parabolas, planes.
import { cholesky, solveCholesky } from '../minimize/cholesky.ts';

/**
 * Coefficients of Σ c_k columns_k ≈ y by weighted least squares; null where the columns do not determine them. Columns
 * are scaled to their size first.
 */
export function leastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
): Float64Array | null {
  const size = columns.length;
  const scales = columns.map((column) => {
    const squares = column.reduce((sum, value, i) => sum + (weights[i] as number) * value * value, 0);
    return squares > 0 ? 1 / Math.sqrt(squares) : 1;
  });
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  for (let row = 0; row < y.length; row++) {
    const weight = weights[row] as number;
    for (let i = 0; i < size; i++) {
      const value = weight * ((columns[i] as Float64Array)[row] as number) * (scales[i] as number);
      moments[i] = (moments[i] as number) + value * (y[row] as number);
      for (let j = 0; j <= i; j++) {
        const product = value * ((columns[j] as Float64Array)[row] as number) * (scales[j] as number);
        gram[i * size + j] = (gram[i * size + j] as number) + product;
      }
    }
  }
  if (!cholesky(gram, size)) return null;
  solveCholesky(gram, size, moments);
  return moments.map((value, k) => value * (scales[k] as number));
}

export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** y ≈ intercept + slope x; a level line where all x are the same. */
export function lineThrough(x: Float64Array, y: Float64Array, weights: Float64Array): Line {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (column: Float64Array): number =>
    column.reduce((sum, value, i) => sum + (weights[i] as number) * value, 0) / total;
  const [middle, level] = [mean(x), mean(y)];
  let [above, below] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const off = (x[i] as number) - middle;
    above += (weights[i] as number) * off * ((y[i] as number) - level);
    below += (weights[i] as number) * off * off;
  }
  const slope = below > 0 ? above / below : 0;
  return { intercept: level - slope * middle, slope };
}
