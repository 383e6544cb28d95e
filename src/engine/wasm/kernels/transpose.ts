// 4 × 4 transposition in registers, the step that both packers share.

/** Reads 4 values of each of 4 rows (`stride` bytes apart) and writes 4 columns, `step` bytes apart. */
@inline
export function transpose4(from: usize, stride: usize, to: usize, step: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride);
  const r3 = v128.load(from + 3 * stride);
  const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2));
  v128.store(to + step, v128.shuffle<i64>(t0, t1, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<i64>(t2, t3, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<i64>(t2, t3, 1, 3));
}
