// Packs the left operand of a matrix product once for all threads: panels of 5 rows, blocks of 256 along K.
import { BLOCK_K, TILE_ROWS } from '../opcodes';
import { packAcross, packAlong } from './pack-panel';
import { share } from './share';

/** Floats before the panel of row `row` in the block that starts at `k`. */
@inline
export function panelOffset(rows: i32, k: i32, row: i32, length: i32): usize {
  return (<usize>k * (((rows + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS) + <usize>row * length) << 2;
}

/**
 * Packs op(A)[rows × depth]. `transposed` = 0: A is [rows, depth]; 1: A is [depth, rows]. `stride` is A's row in floats.
 */
export function pack(
  chunk: i32,
  chunks: i32,
  a: usize,
  stride: i32,
  transposed: i32,
  to: usize,
  rows: i32,
  depth: i32,
): void {
  const panels = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const first = share(chunk, chunks, panels);
  const last = share(chunk + 1, chunks, panels);
  const bytes: usize = (<usize>stride) << 2;
  for (let k = 0; k < depth; k += BLOCK_K) {
    const length = min(BLOCK_K, depth - k);
    for (let panel = first; panel < last; panel++) {
      const row = panel * TILE_ROWS;
      const present = min(TILE_ROWS, rows - row);
      const target = to + panelOffset(rows, k, row, length);
      if (transposed) packAcross(a + k * bytes + (row << 2), bytes, target, TILE_ROWS, present, length);
      else packAlong(a + row * bytes + (k << 2), bytes, target, TILE_ROWS, present, length);
    }
  }
}
