// LayerNorm backwards: towards its input (chunks are rows) and towards γ and β (chunks are columns).
import { keepLanes, loadLanes, storeLanes, sumLanes } from './lanes';
import { share } from './share';

/** Rows whose sum is added up before it joins the total: keeps long sums exact to a few ulp. */
const BLOCK = 64;

/** dx (+)= root · (g − mean(g) − x̂ · mean(g x̂)) with g = dy · γ, means over the row. */
export function layerNormBackward(
  chunk: i32,
  chunks: i32,
  dy: usize,
  x: usize,
  gamma: usize,
  mean: usize,
  root: usize,
  dx: usize,
  rows: i32,
  width: i32,
  accumulates: i32,
): void {
  const bytes = (<usize>width) << 2;
  const end = share(chunk + 1, chunks, rows);
  for (let row = share(chunk, chunks, rows); row < end; row++) {
    const offset = <usize>row * bytes;
    const mu = v128.load_splat<f32>(mean + (row << 2));
    const reciprocal = v128.load_splat<f32>(root + (row << 2));
    let plain = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    for (let i = 0; i < width; i += 4) {
      const at: usize = i << 2;
      const lanes = width - i;
      const g = f32x4.mul(loadLanes(dy + offset + at, lanes), loadLanes(gamma + at, lanes));
      const centred = keepLanes(f32x4.sub(loadLanes(x + offset + at, lanes), mu), lanes);
      plain = f32x4.add(plain, g);
      weighted = f32x4.add(weighted, f32x4.mul(g, f32x4.mul(centred, reciprocal)));
    }
    const meanPlain = f32x4.splat(sumLanes(plain) / <f32>width);
    const meanWeighted = f32x4.splat(sumLanes(weighted) / <f32>width);
    for (let i = 0; i < width; i += 4) {
      const at: usize = i << 2;
      const lanes = width - i;
      const g = f32x4.mul(loadLanes(dy + offset + at, lanes), loadLanes(gamma + at, lanes));
      const normal = f32x4.mul(f32x4.sub(loadLanes(x + offset + at, lanes), mu), reciprocal);
      let value = f32x4.sub(f32x4.sub(g, meanPlain), f32x4.mul(normal, meanWeighted));
      value = f32x4.mul(value, reciprocal);
      if (accumulates) value = f32x4.add(loadLanes(dx + offset + at, lanes), value);
      storeLanes(dx + offset + at, value, lanes);
    }
  }
}

/** dγ = Σ_rows dy · x̂ and dβ = Σ_rows dy. */
export function layerNormGradient(
  chunk: i32,
  chunks: i32,
  dy: usize,
  x: usize,
  mean: usize,
  root: usize,
  dGamma: usize,
  dBeta: usize,
  rows: i32,
  width: i32,
): void {
  const bytes = (<usize>width) << 2;
  const groups = (width + 3) >> 2;
  const end = share(chunk + 1, chunks, groups);
  for (let group = share(chunk, chunks, groups); group < end; group++) {
    const lanes = width - (group << 2);
    const column: usize = group << 4;
    let gamma = f32x4.splat(0);
    let beta = f32x4.splat(0);
    for (let block = 0; block < rows; block += BLOCK) {
      let gammaPart = f32x4.splat(0);
      let betaPart = f32x4.splat(0);
      for (let row = block; row < min(rows, block + BLOCK); row++) {
        const at = <usize>row * bytes + column;
        const g = loadLanes(dy + at, lanes);
        const centred = f32x4.sub(loadLanes(x + at, lanes), v128.load_splat<f32>(mean + (row << 2)));
        betaPart = f32x4.add(betaPart, g);
        gammaPart = f32x4.add(
          gammaPart,
          f32x4.mul(g, f32x4.mul(centred, v128.load_splat<f32>(root + (row << 2)))),
        );
      }
      gamma = f32x4.add(gamma, gammaPart);
      beta = f32x4.add(beta, betaPart);
    }
    storeLanes(dGamma + column, gamma, lanes);
    storeLanes(dBeta + column, beta, lanes);
  }
}
