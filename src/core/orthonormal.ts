// Random matrices with orthonormal rows, from Gaussian ones. Gram–Schmidt leaves positive diagonals in its triangular
// factor, so the result is uniform over all such matrices (Mezzadri 2007), as PyTorch's `orthogonal_` is.

/**
 * Orthonormalises the `count` rows of `size` values in place, each against all before it, and again where more than
 * half of it was taken away: twice is enough (Parlett 1980, after Kahan). `count` must be at most `size`.
 */
export function orthonormalise(rows: Float64Array, count: number, size: number): void {
  const rowAt = (row: number): Float64Array => rows.subarray(row * size, (row + 1) * size);
  for (let row = 0; row < count; row++) {
    const own = rowAt(row);
    const full = squares(own);
    project(own, rowAt, row);
    if (squares(own) < full / 2) project(own, rowAt, row);
    const length = Math.sqrt(squares(own));
    for (let i = 0; i < size; i++) own[i] = (own[i] as number) / length;
  }
}

function squares(row: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] as number) * (row[i] as number);
  return sum;
}

/** Takes from `own` what lies along the first `count` rows, four at a time, so that it is read and written less often. */
function project(own: Float64Array, rowAt: (row: number) => Float64Array, count: number): void {
  const size = own.length;
  for (let first = 0; first < count; first += 4) {
    const last = count - 1;
    const a = rowAt(first);
    const b = rowAt(Math.min(first + 1, last));
    const c = rowAt(Math.min(first + 2, last));
    const d = rowAt(Math.min(first + 3, last));
    let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
    for (let i = 0; i < size; i++) {
      const value = own[i] as number;
      alongA += value * (a[i] as number);
      alongB += value * (b[i] as number);
      alongC += value * (c[i] as number);
      alongD += value * (d[i] as number);
    }
    if (first + 1 > last) alongB = 0;
    if (first + 2 > last) alongC = 0;
    if (first + 3 > last) alongD = 0;
    for (let i = 0; i < size; i++) {
      const taken =
        alongA * (a[i] as number) +
        alongB * (b[i] as number) +
        (alongC * (c[i] as number) + alongD * (d[i] as number));
      own[i] = (own[i] as number) - taken;
    }
  }
}

/** The transpose of a rows × columns matrix. */
export function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = matrix[row * columns + column] as number;
  return result;
}
