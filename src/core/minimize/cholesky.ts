// Small symmetric systems by Cholesky's factorisation: the inner solves of the minimisers.

/** Row-major square matrices of `size` × `size` are plain arrays of size². */
export type Square = Float64Array;

/**
 * Writes the lower factor L of a = L Lᵀ over `a` (the upper triangle keeps what it held).
 * @returns false where `a` is not positive definite beyond rounding
 */
export function cholesky(a: Square, size: number): boolean {
  for (let j = 0; j < size; j++) {
    const before = a[j * size + j] as number;
    let pivot = before;
    for (let k = 0; k < j; k++) pivot -= (a[j * size + k] as number) ** 2;
    if (!(pivot > before * 1e-14) || !Number.isFinite(pivot)) return false;
    const root = Math.sqrt(pivot);
    a[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = a[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * size + k] as number) * (a[j * size + k] as number);
      a[i * size + j] = sum / root;
    }
  }
  return true;
}

/** Solves L Lᵀ x = b in place, `l` being the factor that `cholesky` wrote. */
export function solveCholesky(l: Square, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (l[i * size + k] as number) * (b[k] as number);
    b[i] = sum / (l[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (l[k * size + i] as number) * (b[k] as number);
    b[i] = sum / (l[i * size + i] as number);
  }
}
