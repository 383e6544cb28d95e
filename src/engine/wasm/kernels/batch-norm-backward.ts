// BatchNorm without affine parameters, backwards. Chunks are groups of 4 columns.
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

/** dx (+)= root · (dy − mean(dy) − x̂ · mean(dy x̂)), means over rows, from the x̂ that the forward pass left. */
export function batchNormBackward(
  chunk: i32,
  chunks: i32,
  dy: usize,
  normalised: usize,
  root: usize,
  dx: usize,
  rows: i32,
  width: i32,
  accumulates: i32,
): void {
  const bytes = (<usize>width) << 2;
  const groups = (width + 3) >> 2;
  const count = f32x4.splat(<f32>rows);
  const end = share(chunk + 1, chunks, groups);
  for (let group = share(chunk, chunks, groups); group < end; group++) {
    const lanes = width - (group << 2);
    const column: usize = group << 4;
    const reciprocal = loadLanes(root + column, lanes);
    let plain = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      const at = <usize>row * bytes + column;
      const g = loadLanes(dy + at, lanes);
      const normal = loadLanes(normalised + at, lanes);
      plain = f32x4.add(plain, g);
      weighted = f32x4.add(weighted, f32x4.mul(g, normal));
    }
    plain = f32x4.div(plain, count);
    weighted = f32x4.div(weighted, count);
    for (let row = 0; row < rows; row++) {
      const at = <usize>row * bytes + column;
      const normal = loadLanes(normalised + at, lanes);
      let value = f32x4.sub(f32x4.sub(loadLanes(dy + at, lanes), plain), f32x4.mul(normal, weighted));
      value = f32x4.mul(value, reciprocal);
      if (accumulates) value = f32x4.add(loadLanes(dx + at, lanes), value);
      storeLanes(dx + at, value, lanes);
    }
  }
}
