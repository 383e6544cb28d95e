// MixUp of a gathered batch in place: each row with the one before it, the first with the last.
import { share } from './share';

/**
 * x[r] ← λ · x[r] + (1 − λ) · x[r − 1] with λ the float at `own`. Chunks are columns, in units of four where the width
 * allows; a column is walked from its last row up, so that every row meets the unmixed one before it.
 */
export function mix(chunk: i32, chunks: i32, x: usize, own: usize, rows: i32, columns: i32): void {
  const lambda = load<f32>(own);
  const other = <f32>1 - lambda;
  const pitch = <usize>columns << 2;
  const units = columns >> 2;
  const end = share(chunk + 1, chunks, units);
  for (let unit = share(chunk, chunks, units); unit < end; unit++) {
    const top = x + (<usize>unit << 4);
    const last = v128.load(top + (rows - 1) * pitch);
    for (let row = rows - 1; row >= 0; row--) {
      const at = top + row * pitch;
      const before = row > 0 ? v128.load(at - pitch) : last;
      const kept = f32x4.mul(f32x4.splat(lambda), v128.load(at));
      v128.store(at, f32x4.add(kept, f32x4.mul(f32x4.splat(other), before)));
    }
  }
  if (chunk < chunks - 1) return;
  for (let column = units << 2; column < columns; column++) {
    const top = x + (<usize>column << 2);
    const last = load<f32>(top + (rows - 1) * pitch);
    for (let row = rows - 1; row >= 0; row--) {
      const at = top + row * pitch;
      const before = row > 0 ? load<f32>(at - pitch) : last;
      store<f32>(at, lambda * load<f32>(at) + other * before);
    }
  }
}
