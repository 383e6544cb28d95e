// Fewer points that look the same: min-max for noisy traces (no spike is lost), largest triangles for smooth ones.
// Both give indices into the series, rising, so that x and y stay what was measured; values that are not finite are
// left out. One pass over plain numbers: a hundred thousand values take about a millisecond.

/** The part of a series that is looked at, and how it is cut into slices. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  /** Where each of `count` slices of [from, to) begins, and `to` at the end: count + 1 indices that never fall. */
  readonly edges: (count: number) => ArrayLike<number>;
}

/** Slices of as many values each. */
export function evenCut(from: number, to: number): Cut {
  return {
    from,
    to,
    edges: (count) =>
      Array.from({ length: count + 1 }, (_, slice) => from + Math.floor((slice * (to - from)) / count)),
  };
}

const isFiniteAt = (values: Float64Array, index: number): boolean => Number.isFinite(values[index]);

/** Every finite value of the cut. */
function all(values: Float64Array, { from, to }: Cut): number[] {
  const kept: number[] = [];
  for (let index = from; index < to; index++) if (isFiniteAt(values, index)) kept.push(index);
  return kept;
}

/** First and last finite value of the cut; null where there is none. */
function ends(values: Float64Array, cut: Cut): readonly [number, number] | null {
  let [first, last] = [cut.from, cut.to - 1];
  while (first <= last && !isFiniteAt(values, first)) first++;
  while (last > first && !isFiniteAt(values, last)) last--;
  return first <= last ? [first, last] : null;
}

/** Keeps first and last, and the smallest and largest value of each of (limit − 2) / 2 slices. */
export function minMaxIndices(
  values: Float64Array,
  limit: number,
  cut: Cut = evenCut(0, values.length),
): number[] {
  if (cut.to - cut.from <= limit || limit < 4) return all(values, cut).slice(0, limit);
  const outer = ends(values, cut);
  if (!outer) return [];
  const [first, last] = outer;
  const count = Math.floor((limit - 2) / 2);
  const edges = cut.edges(count);
  const kept = [first];
  for (let slice = 0; slice < count; slice++) {
    const to = Math.min(last, edges[slice + 1] as number);
    let [low, high] = [-1, -1];
    for (let at = Math.max(first + 1, edges[slice] as number); at < to; at++) {
      const value = values[at] as number;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < (values[low] as number)) low = at;
      if (high < 0 || value > (values[high] as number)) high = at;
    }
    if (low < 0) continue;
    if (low === high) kept.push(low);
    else kept.push(Math.min(low, high), Math.max(low, high));
  }
  if (last > first) kept.push(last);
  return kept;
}

/**
 * Largest-triangle-three-buckets (Steinarsson 2013): from each slice the point that spans the largest triangle with
 * the point kept before and the mean of the next slice.
 */
export function largestTriangleIndices(
  xs: Float64Array,
  ys: Float64Array,
  limit: number,
  cut: Cut = evenCut(0, ys.length),
): number[] {
  if (cut.to - cut.from <= limit || limit < 3) return all(ys, cut).slice(0, limit);
  const outer = ends(ys, cut);
  if (!outer) return [];
  const [first, last] = outer;
  const count = limit - 2;
  const edges = cut.edges(count);
  const begin = (slice: number): number => Math.max(first + 1, edges[slice] as number);
  const end = (slice: number): number => Math.min(last, edges[slice + 1] as number);
  const kept = [first];
  let previous = first;
  for (let slice = 0; slice < count; slice++) {
    if (begin(slice) >= end(slice)) continue;
    let next = slice + 1;
    while (next < count && begin(next) >= end(next)) next++;
    let [meanX, meanY, size] = [xs[last] as number, ys[last] as number, 0];
    if (next < count) {
      let [sumX, sumY] = [0, 0];
      for (let at = begin(next); at < end(next); at++) {
        if (!isFiniteAt(ys, at)) continue;
        sumX += xs[at] as number;
        sumY += ys[at] as number;
        size++;
      }
      if (size > 0) [meanX, meanY] = [sumX / size, sumY / size];
    }
    const [px, py] = [xs[previous] as number, ys[previous] as number];
    let [best, bestArea] = [-1, -1];
    for (let at = begin(slice); at < end(slice); at++) {
      const y = ys[at] as number;
      const area = Math.abs((px - meanX) * (y - py) - (px - (xs[at] as number)) * (meanY - py));
      if (area > bestArea) [best, bestArea] = [at, area];
    }
    if (best < 0) continue;
    kept.push(best);
    previous = best;
  }
  if (last > first) kept.push(last);
  return kept;
}
