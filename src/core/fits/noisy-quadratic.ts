// The noisy quadratic model: what batch size, rate, momentum, preconditioning and weight averaging do to the steps to a
// target on a bowl with noisy gradients. Loss ½ Σ h_i w_i², h_i = 1/i, noise of variance h_i/B in each direction,
// w_0 ~ N(0, 1). Overlaid on measured steps to a target.
// Source: Zhang et al. 2019. Second moments are followed exactly; k steps cost log k, by squaring.

/** Eigenvalues in bins: `counts[b]` directions share `values[b]`. */
export interface Spectrum {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** h_i = 1/i, i = 1 … directions, in bins that are even on a log axis; a bin holds the mean of its eigenvalues. */
export function harmonicSpectrum(directions = 10_000, bins = 100): Spectrum {
  const sums = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (let i = 1; i <= directions; i++) {
    const bin = Math.min(bins - 1, Math.floor((bins * Math.log(i)) / Math.log(directions + 1)));
    sums[bin] = (sums[bin] as number) + 1 / i;
    counts[bin] = (counts[bin] as number) + 1;
  }
  const used = [...counts.keys()].filter((bin) => (counts[bin] as number) > 0);
  return {
    values: Float64Array.from(used, (bin) => (sums[bin] as number) / (counts[bin] as number)),
    counts: Float64Array.from(used, (bin) => counts[bin] as number),
  };
}

export interface Method {
  /** Heavy-ball momentum; 0 for plain SGD. Excludes averaging. */
  readonly momentum?: number;
  /** Gradients are multiplied by h^(−power): 0 SGD, 1 Newton. */
  readonly power?: number;
  /** Decay of the running average of the weights, whose loss counts; 0 for none. Excludes momentum. */
  readonly average?: number;
}

/**
 * A number of steps at one rate, for every bin: second moments m = (p, q, r) of two numbers a direction keeps go to
 * M m + n/B. SGD and momentum keep w and the w before; averaging keeps w and the average, whose moment is `r`.
 */
interface Stride {
  /** Nine numbers a bin, row-major. */
  readonly matrix: Float64Array;
  /** Three numbers a bin. */
  readonly noise: Float64Array;
}

const multiply = (matrix: Float64Array, at: number, row: number, column: (k: number) => number): number =>
  (matrix[at + 3 * row] as number) * column(0) +
  (matrix[at + 3 * row + 1] as number) * column(1) +
  (matrix[at + 3 * row + 2] as number) * column(2);

function oneStep(
  { values }: Spectrum,
  rate: number,
  { momentum = 0, power = 0, average = 0 }: Method,
): Stride {
  const matrix = new Float64Array(9 * values.length);
  const noise = new Float64Array(3 * values.length);
  for (const [bin, h] of values.entries()) {
    const scaled = rate * h ** -power;
    const variance = scaled * scaled * h;
    if (average > 0) {
      const keep = 1 - scaled * h;
      const fresh = 1 - average;
      const mixed = fresh * keep;
      matrix.set([keep * keep, 0, 0], 9 * bin);
      matrix.set([keep * mixed, keep * average, 0], 9 * bin + 3);
      matrix.set([mixed * mixed, 2 * mixed * average, average * average], 9 * bin + 6);
      noise.set([variance, fresh * variance, fresh * fresh * variance], 3 * bin);
    } else {
      const now = 1 - scaled * h + momentum;
      matrix.set([now * now, -2 * now * momentum, momentum * momentum], 9 * bin);
      matrix.set([now, -momentum, 0], 9 * bin + 3);
      matrix.set([1, 0, 0], 9 * bin + 6);
      noise[3 * bin] = variance;
    }
  }
  return { matrix, noise };
}

/** Twice as many steps. */
function twice({ matrix, noise }: Stride): Stride {
  const squared = new Float64Array(matrix.length);
  const added = new Float64Array(noise.length);
  for (let bin = 0; 3 * bin < noise.length; bin++) {
    const at = 9 * bin;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        squared[at + 3 * i + j] = multiply(matrix, at, i, (k) => matrix[at + 3 * k + j] as number);
      }
      added[3 * bin + i] =
        multiply(matrix, at, i, (k) => noise[3 * bin + k] as number) + (noise[3 * bin + i] as number);
    }
  }
  return { matrix: squared, noise: added };
}

/** Moments after a stride, written to `out`. */
function advance(moments: Float64Array, { matrix, noise }: Stride, batch: number, out: Float64Array): void {
  for (let bin = 0; 3 * bin < noise.length; bin++) {
    const [p, q, r] = [
      moments[3 * bin] as number,
      moments[3 * bin + 1] as number,
      moments[3 * bin + 2] as number,
    ];
    for (let i = 0; i < 3; i++) {
      const row = 9 * bin + 3 * i;
      out[3 * bin + i] =
        (matrix[row] as number) * p +
        (matrix[row + 1] as number) * q +
        (matrix[row + 2] as number) * r +
        (noise[3 * bin + i] as number) / batch;
    }
  }
}

function lossOf(moments: Float64Array, { values, counts }: Spectrum, { average = 0 }: Method): number {
  const seen = average > 0 ? 2 : 0;
  let loss = 0;
  for (let bin = 0; bin < values.length; bin++) {
    loss += 0.5 * (counts[bin] as number) * (values[bin] as number) * (moments[3 * bin + seen] as number);
  }
  return loss;
}

/** 2^DOUBLINGS − 1 steps, some 10⁹, are the most that are looked at. */
const DOUBLINGS = 30;

/** Strides of 1, 2, 4 … steps. */
function stridesOf(spectrum: Spectrum, rate: number, method: Method): readonly Stride[] {
  const strides = [oneStep(spectrum, rate, method)];
  while (strides.length < DOUBLINGS) strides.push(twice(strides.at(-1) as Stride));
  return strides;
}

const startOf = ({ values }: Spectrum): Float64Array => new Float64Array(3 * values.length).fill(1);

/** Expected loss after `steps` whole steps, fewer than 2^30. */
export function lossAfter(
  steps: number,
  { rate, batch }: { readonly rate: number; readonly batch: number },
  method: Method = {},
  spectrum: Spectrum = harmonicSpectrum(),
): number {
  let moments = startOf(spectrum);
  for (const [level, stride] of stridesOf(spectrum, rate, method).entries()) {
    if (Math.floor(steps / 2 ** level) % 2 === 0) continue;
    const next = new Float64Array(moments.length);
    advance(moments, stride, batch, next);
    moments = next;
  }
  return lossOf(moments, spectrum, method);
}

/**
 * The first step at which the loss is at most `target`, found bit by bit; null where it is not within 2^30 steps. Where
 * momentum rings about the target, one of the steps at which it is crossed.
 */
function stepsTo(
  target: number,
  batch: number,
  strides: readonly Stride[],
  spectrum: Spectrum,
  method: Method,
): number | null {
  let moments = startOf(spectrum);
  let tried = new Float64Array(moments.length);
  let steps = 0;
  for (let level = strides.length - 1; level >= 0; level--) {
    advance(moments, strides[level] as Stride, batch, tried);
    if (lossOf(tried, spectrum, method) <= target) continue;
    [moments, tried] = [tried, moments as Float64Array<ArrayBuffer>];
    steps += 2 ** level;
  }
  return steps === 2 ** strides.length - 1 ? null : steps + 1;
}

/** Rates that are tried, even on a log axis: those of the authors' notebook. */
const RATES = Array.from({ length: 100 }, (_, i) => 1e-5 * (10 ** 5.5) ** (i / 99));

export interface Tuned {
  readonly batch: number;
  /** Null where no rate reaches the target. */
  readonly steps: number | null;
  readonly rate: number | null;
}

/** Steps to a target loss at each batch size, with the rate tuned at each. */
export function tunedSteps(
  target: number,
  batches: readonly number[],
  method: Method = {},
  spectrum: Spectrum = harmonicSpectrum(),
): readonly Tuned[] {
  const best: Tuned[] = batches.map((batch) => ({ batch, steps: null, rate: null }));
  for (const rate of RATES) {
    const strides = stridesOf(spectrum, rate, method);
    for (const [index, batch] of batches.entries()) {
      const steps = stepsTo(target, batch, strides, spectrum, method);
      const before = (best[index] as Tuned).steps;
      if (steps !== null && (before === null || steps < before)) best[index] = { batch, steps, rate };
    }
  }
  return best;
}

/**
 * Loss of one direction after infinitely many steps, in closed form. Stable rates only.
 * SGD: a c/(2B (2 − a h)); with momentum (1 + b) a c/(2B (2b + 2 − a h)(1 − b)); preconditioned a c h^(−p)/(2B (2 − a h^(1−p))).
 */
export function steadyRisk(
  h: number,
  batch: number,
  rate: number,
  { momentum = 0, power = 0 }: Method = {},
): number {
  const scaled = rate * h ** -power;
  return ((1 + momentum) * scaled * h) / (2 * batch * (2 * momentum + 2 - scaled * h) * (1 - momentum));
}
