// Sums over rows: the gradient of a bias. Chunks are groups of 4 columns.
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

/** Rows whose sum is added up before it joins the total. */
const BLOCK = 64;

/** out[c] = Σ_r x[r, c]. */
export function columnSums(chunk: i32, chunks: i32, x: usize, out: usize, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  const groups = (width + 3) >> 2;
  const end = share(chunk + 1, chunks, groups);
  for (let group = share(chunk, chunks, groups); group < end; group++) {
    const lanes = width - (group << 2);
    const column: usize = group << 4;
    let total = f32x4.splat(0);
    for (let block = 0; block < rows; block += BLOCK) {
      let part = f32x4.splat(0);
      for (let row = block; row < min(rows, block + BLOCK); row++)
        part = f32x4.add(part, loadLanes(x + <usize>row * bytes + column, lanes));
      total = f32x4.add(total, part);
    }
    storeLanes(out + column, total, lanes);
  }
}
