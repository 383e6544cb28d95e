// Metrics as columns: a chunk is what one reporting window measured, a log is everything a run measured.
// Names are `group/name`; `average-` says that the averaged weights were scored, `tta-` that the
// mean over several versions of each image was. Steps count finished updates: the loss
// of step s is the batch loss before update s.

export const metricNames = [
  'train/loss',
  'train/accuracy',
  'test/loss',
  'test/accuracy',
  'test/psnr',
  'test/ssim',
  'validation/loss',
  'validation/accuracy',
  'validation/psnr',
  'validation/ssim',
  'test/average-loss',
  'test/average-accuracy',
  'test/average-psnr',
  'test/average-ssim',
  'validation/average-loss',
  'validation/average-accuracy',
  'validation/average-psnr',
  'validation/average-ssim',
  'test/tta-loss',
  'test/tta-accuracy',
  'gradient/norm',
  'gradient/noise-scale',
  'gradient/signal',
  'gradient/noise',
  'filters/locality',
  'optimizer/learning-rate',
  'speed/examples-per-second',
  'time/seconds',
] as const;

export type MetricName = (typeof metricNames)[number];

/** Values at steps; steps rise strictly. */
export interface Column {
  readonly steps: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
}

export type Chunk = { readonly [name in MetricName]?: Column };

/** Growing columns of one run. Append is amortised O(1); reading gives views without a copy. */
export interface MetricLog {
  append(chunk: Chunk): void;
  /** Everything measured so far under the name; empty columns when nothing was. */
  column(name: MetricName): Column;
  /** Names that have at least one value. */
  names(): readonly MetricName[];
  /** Drops all values after `step`: a window that turned out void, or a run resumed from an earlier checkpoint. */
  truncate(step: number): void;
}

interface Growing {
  steps: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  length: number;
}

const grow = (array: Float64Array<ArrayBuffer>, needed: number): Float64Array<ArrayBuffer> => {
  if (needed <= array.length) return array;
  const larger = new Float64Array(Math.max(needed, array.length * 2, 256));
  larger.set(array);
  return larger;
};

export function createMetricLog(): MetricLog {
  const columns = new Map<MetricName, Growing>();
  return {
    append(chunk) {
      for (const [name, column] of Object.entries(chunk) as [MetricName, Column][]) {
        const kept = columns.get(name) ?? {
          steps: new Float64Array(0),
          values: new Float64Array(0),
          length: 0,
        };
        const needed = kept.length + column.steps.length;
        kept.steps = grow(kept.steps, needed);
        kept.values = grow(kept.values, needed);
        kept.steps.set(column.steps, kept.length);
        kept.values.set(column.values, kept.length);
        kept.length = needed;
        columns.set(name, kept);
      }
    },
    column(name) {
      const kept = columns.get(name);
      if (!kept) return { steps: new Float64Array(0), values: new Float64Array(0) };
      return { steps: kept.steps.subarray(0, kept.length), values: kept.values.subarray(0, kept.length) };
    },
    names: () => metricNames.filter((name) => (columns.get(name)?.length ?? 0) > 0),
    truncate(step) {
      for (const kept of columns.values()) {
        while (kept.length > 0 && (kept.steps[kept.length - 1] as number) > step) kept.length--;
      }
    },
  };
}

/** A chunk from plain pairs, for small columns. */
export function columnOf(pairs: readonly (readonly [step: number, value: number])[]): Column {
  return {
    steps: Float64Array.from(pairs, ([step]) => step),
    values: Float64Array.from(pairs, ([, value]) => value),
  };
}

/** The last value under a name, or null. */
export function last(log: MetricLog, name: MetricName): number | null {
  const { values } = log.column(name);
  return values.length === 0 ? null : (values[values.length - 1] as number);
}
