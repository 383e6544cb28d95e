// Fewer points that look the same: min-max for noisy traces (no spike is lost), largest triangles for smooth ones.
// Both give indices into the series, rising, so that x and y stay what was measured.

/** Indices of finite values. */
function finite(values: Float64Array): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) kept.push(i);
  return kept;
}

/** Keeps first and last, and the smallest and largest value of each of (limit − 2) / 2 equal slices. */
export function minMaxIndices(values: Float64Array, limit: number): number[] {
  const all = finite(values);
  if (all.length <= limit || limit < 4) return limit < 4 ? all.slice(0, limit) : all;
  const slices = Math.floor((limit - 2) / 2);
  const inner = all.length - 2;
  const kept: number[] = [all[0] as number];
  for (let slice = 0; slice < slices; slice++) {
    const from = 1 + Math.floor((slice * inner) / slices);
    const to = 1 + Math.floor(((slice + 1) * inner) / slices);
    let low = all[from] as number;
    let high = low;
    for (let at = from; at < to; at++) {
      const index = all[at] as number;
      if ((values[index] as number) < (values[low] as number)) low = index;
      if ((values[index] as number) > (values[high] as number)) high = index;
    }
    if (low === high) kept.push(low);
    else kept.push(Math.min(low, high), Math.max(low, high));
  }
  kept.push(all[all.length - 1] as number);
  return kept;
}

/**
 * Largest-triangle-three-buckets (Steinarsson 2013): from each bucket the point that spans the largest triangle with
 * the point kept before and the mean of the next bucket.
 */
export function largestTriangleIndices(xs: Float64Array, ys: Float64Array, limit: number): number[] {
  const all = finite(ys);
  if (all.length <= limit || limit < 3) return limit < 3 ? all.slice(0, limit) : all;
  const size = (all.length - 2) / (limit - 2);
  const kept: number[] = [all[0] as number];
  let previous = all[0] as number;
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const from = 1 + Math.floor(bucket * size);
    const to = 1 + Math.floor((bucket + 1) * size);
    const end = Math.min(all.length, 1 + Math.floor((bucket + 2) * size));
    let meanX = 0;
    let meanY = 0;
    for (let at = to; at < end; at++) {
      meanX += xs[all[at] as number] as number;
      meanY += ys[all[at] as number] as number;
    }
    const count = Math.max(1, end - to);
    meanX /= count;
    meanY /= count;
    const px = xs[previous] as number;
    const py = ys[previous] as number;
    let best = all[from] as number;
    let bestArea = -1;
    for (let at = from; at < to; at++) {
      const index = all[at] as number;
      const area = Math.abs(
        (px - meanX) * ((ys[index] as number) - py) - (px - (xs[index] as number)) * (meanY - py),
      );
      if (area > bestArea) {
        bestArea = area;
        best = index;
      }
    }
    kept.push(best);
    previous = best;
  }
  kept.push(all[all.length - 1] as number);
  return kept;
}
