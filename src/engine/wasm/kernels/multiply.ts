// The matrix product itself: C = op(A) op(B) with A packed before and B packed here, column by column panel. A chunk is a
// rectangle of C; every sum over K runs in one order (blocks of 256, each summed from zero), whatever the chunks.
import { BLOCK_K, TILE_COLUMNS, TILE_ROWS } from '../opcodes';
import { finish } from './finish';
import { microTile } from './micro-tile';
import { panelOffset } from './pack';
import { packAcross, packAlong } from './pack-panel';
import { share } from './share';

/** Panels of 8 columns that a thread packs at a time. */
const GROUP = 8;
/** Rows that stay in the second-level cache while a group of panels passes. */
const BLOCK_ROWS = 130;
/** Bytes between packed panels: a full block and one cache line, so that panels do not share cache sets. */
const PANEL_BYTES: usize = BLOCK_K * TILE_COLUMNS * 4 + 64;

/**
 * C[rows × columns] from packed A and B. `transposed` = 0: B is [depth, columns]; 1: B is [columns, depth].
 * `rowChunks` of the chunks cut the rows, the others the columns. The last seven are `finish`'s.
 */
export function multiply(
  chunk: i32,
  chunks: i32,
  scratch: usize,
  packed: usize,
  b: usize,
  stride: i32,
  transposed: i32,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  rowChunks: i32,
  accumulates: i32,
  bias: usize,
  activation: i32,
  backward: i32,
  before: usize,
  residual: usize,
): void {
  const columnChunks = chunks / rowChunks;
  const rowPanels = (rows + TILE_ROWS - 1) / TILE_ROWS;
  const firstRow = share(chunk / columnChunks, rowChunks, rowPanels) * TILE_ROWS;
  const endRow = min(rows, share(chunk / columnChunks + 1, rowChunks, rowPanels) * TILE_ROWS);
  const panels = (columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  const first = share(chunk % columnChunks, columnChunks, panels);
  const end = share((chunk % columnChunks) + 1, columnChunks, panels);
  const tile = scratch + GROUP * PANEL_BYTES;
  const bytes: usize = (<usize>stride) << 2;
  for (let group = first; group < end; group += GROUP) {
    const groupEnd = min(end, group + GROUP);
    for (let k = 0; k < depth; k += BLOCK_K) {
      const length = min(BLOCK_K, depth - k);
      const isFirst = k === 0 && accumulates === 0;
      const isLast = k + length === depth;
      let to = scratch;
      for (let panel = group; panel < groupEnd; panel++) {
        const column = panel * TILE_COLUMNS;
        const present = min(TILE_COLUMNS, columns - column);
        if (transposed) packAlong(b + column * bytes + (k << 2), bytes, to, TILE_COLUMNS, present, length);
        else packAcross(b + k * bytes + (column << 2), bytes, to, TILE_COLUMNS, present, length);
        to += PANEL_BYTES;
      }
      for (let block = firstRow; block < endRow; block += BLOCK_ROWS) {
        const blockEnd = min(endRow, block + BLOCK_ROWS);
        to = scratch;
        for (let panel = group; panel < groupEnd; panel++) {
          const column = panel * TILE_COLUMNS;
          const wide = min(TILE_COLUMNS, columns - column);
          for (let row = block; row < blockEnd; row += TILE_ROWS) {
            microTile(packed + panelOffset(rows, k, row, length), to, tile, length);
            const offset: usize = (<usize>row * columns + column) << 2;
            const high = min(TILE_ROWS, rows - row);
            finish(
              tile,
              offset,
              column,
              c,
              columns,
              high,
              wide,
              isFirst,
              isLast,
              bias,
              activation,
              backward,
              before,
              residual,
            );
          }
          to += PANEL_BYTES;
        }
      }
    }
  }
}
