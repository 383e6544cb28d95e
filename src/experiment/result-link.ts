// A run's result in a link (`r=`): final numbers to the last bit, a thinned curve, and a digest of everything that was
// measured, so that whoever trains the link again can say whether the bits are the same. Reading trusts nothing.
import { z } from 'zod';
import { tasks } from '../catalog/tasks/index.ts';
import { LabError } from '../core/failure.ts';
import { sha256Hex } from '../core/hash.ts';
import { LEVELS, levelOf, valueAt } from '../core/levels.ts';
import { createMetricLog, last, type MetricLog, type MetricName, metricNames } from '../core/metrics.ts';
import { packText } from '../core/packed-text.ts';
import { plainLine } from '../core/plain-text.ts';
import { type Config, runId } from './config.ts';
import { MOST_RESULT_LETTERS, readPacked } from './packed-result.ts';
import { backends, type DeviceInfo, runnerNames } from './protocol.ts';
import type { Run } from './run.ts';

/** Points of a curve; fewer where the link would be too long. */
const POINTS = [200, 150, 100, 60, 30, 10] as const;
const MOST_POINTS = 256;
const HASH_DIGITS = 16;

const digits = z.string().regex(/^[0-9a-f]{0,64}$/);
const finite = z.number();
const step = z.int().min(0).max(1e10);

const curveSchema = z
  .strictObject({
    /** Least and largest value. */
    range: z.tuple([finite, finite]),
    /** Values are on a logarithmic scale. */
    log: z.boolean(),
    /** Steps, each as the distance from the one before. */
    at: z.array(z.int().min(1).max(1e9)).max(MOST_POINTS),
    values: z.array(z.int().min(0).max(LEVELS)).max(MOST_POINTS),
  })
  .refine(({ at, values }) => at.length === values.length, 'as many steps as values')
  .refine(({ range: [low, high], log }) => low <= high && (!log || low > 0), 'a range that rises');

const named = <T extends z.ZodType>(value: T) =>
  z.strictObject(Object.fromEntries(metricNames.map((name) => [name, value.optional()])));

const schema = z.strictObject({
  id: digits,
  end: z.enum(['finished', 'stopped', 'diverged']),
  step,
  seconds: z.number().min(0).max(1e9),
  backend: z.enum(backends),
  runner: z.enum(runnerNames),
  threads: z.int().min(1).max(1024),
  adapter: z.string().max(80),
  kernels: digits,
  data: digits,
  first: finite.nullable(),
  last: named(finite),
  digest: digits,
  curves: named(curveSchema),
});

type Wire = z.infer<typeof schema>;
type WireCurve = z.infer<typeof curveSchema>;

/** What a link says that a run gave. */
export interface LinkedResult {
  readonly outcome: 'finished' | 'stopped' | 'diverged';
  readonly step: number;
  readonly seconds: number;
  readonly device: Pick<DeviceInfo, 'backend' | 'runner' | 'threads' | 'adapter'>;
  /** Digest of what computed the matrix products; empty off the GPU. */
  readonly kernels: string;
  /** Start of the data's SHA-256. */
  readonly data: string;
  /** Loss of the first batch: the same everywhere but for rounding. Null: it was not finite. */
  readonly first: number | null;
  readonly last: Readonly<Partial<Record<MetricName, number>>>;
  /** Of every loss and every score, to the last bit. */
  readonly digest: string;
  /** Train loss and the task's first score on test images, thinned and quantised. */
  readonly curves: MetricLog;
}

/** Start of the id of a config's run: a result belongs to one config only. */
const mark = (config: Config): string => runId(config).slice(0, HASH_DIGITS);

export const kernelsDigest = ({ kernelVariants }: Pick<DeviceInfo, 'kernelVariants'>): string =>
  kernelVariants === undefined
    ? ''
    : sha256Hex(new TextEncoder().encode(JSON.stringify(kernelVariants))).slice(0, HASH_DIGITS);

export const dataMark = (sha256: string): string => sha256.slice(0, HASH_DIGITS);

/** What is reproduced: the losses of all steps, and all that was scored. Speeds and times are another machine's. */
const isReproduced = (name: MetricName): boolean =>
  name === 'train/loss' || /^(test|validation)\//.test(name);

/** SHA-256 of the bits of every loss and score with their steps, shortened. */
export function measuredDigest(log: MetricLog): string {
  const pieces = log
    .names()
    .filter(isReproduced)
    .toSorted()
    .flatMap((name) => {
      const { steps, values } = log.column(name);
      return [new TextEncoder().encode(name), bytesOf(steps), bytesOf(values)];
    });
  return sha256Hex(...pieces).slice(0, HASH_DIGITS);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array<ArrayBuffer>): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Means of equal slices of a series, each at its slice's last step; the last slice is the last value alone. */
function thinned(log: MetricLog, name: MetricName, limit: number): readonly (readonly [number, number])[] {
  const { steps, values } = log.column(name);
  const all = [...steps.keys()].filter((index) => Number.isFinite(values[index]));
  if (all.length <= limit) return all.map((index) => [steps[index] as number, values[index] as number]);
  const points: [number, number][] = [];
  const inner = all.slice(0, -1);
  for (let slice = 0; slice < limit - 1; slice++) {
    const part = inner.slice(
      Math.floor((slice * inner.length) / (limit - 1)),
      Math.floor(((slice + 1) * inner.length) / (limit - 1)),
    );
    const mean = part.reduce((sum, index) => sum + (values[index] as number), 0) / part.length;
    points.push([steps[part.at(-1) as number] as number, mean]);
  }
  const end = all.at(-1) as number;
  return [...points, [steps[end] as number, values[end] as number]];
}

function wireCurve(points: readonly (readonly [number, number])[]): WireCurve {
  const values = points.map(([, value]) => value);
  const range: [number, number] = [Math.min(...values), Math.max(...values)];
  const log = range[0] > 0 && range[1] / range[0] > 4;
  return {
    range,
    log,
    at: points.map(([at], index) => at - (points[index - 1]?.[0] ?? 0)),
    values: values.map((value) => levelOf({ range, log }, value)),
  };
}

function pointsOf({ range, log, at, values }: WireCurve): {
  steps: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
} {
  let now = 0;
  const steps = Float64Array.from(at, (distance) => {
    now += distance;
    return now;
  });
  return { steps, values: Float64Array.from(values, (level) => valueAt({ range, log }, level)) };
}

/** The curves that a link carries: train loss, and the task's first score. */
const curveNames = (config: Config): readonly MetricName[] => [
  'train/loss',
  `test/${tasks[config.task].scores[0] ?? 'loss'}`,
];

/** The result of a run that has ended, as text of at most `MOST_RESULT_LETTERS`; null where nothing was measured. */
export function encodeResult(run: Run, log: MetricLog): string | null {
  const { config, device, data, state } = run;
  const isEnded = state === 'finished' || state === 'stopped' || state === 'diverged';
  if (!isEnded || !device || !data || run.parent || log.names().length === 0) return null;
  const losses = log.column('train/loss').values;
  const ends = log
    .names()
    .filter(isReproduced)
    .map((name) => [name, last(log, name)])
    .filter(([, value]) => Number.isFinite(value));
  const whole: Omit<Wire, 'curves'> = {
    id: mark(config),
    end: state,
    step: run.step,
    seconds: Math.round(run.seconds * 100) / 100,
    backend: device.backend,
    runner: device.runner,
    threads: device.threads,
    adapter: plainLine(device.adapter, 80),
    kernels: kernelsDigest(device),
    data: dataMark(data.sha256),
    first: Number.isFinite(losses[0]) ? (losses[0] as number) : null,
    last: Object.fromEntries(ends),
    digest: measuredDigest(log),
  };
  for (const limit of POINTS) {
    const curves = curveNames(config)
      .map((name) => [name, thinned(log, name, limit)] as const)
      .filter(([, points]) => points.length > 0)
      .map(([name, points]) => [name, wireCurve(points)]);
    const text = packText(JSON.stringify({ ...whole, curves: Object.fromEntries(curves) } satisfies Wire));
    if (text.length <= MOST_RESULT_LETTERS) return text;
  }
  return null;
}

/** Reads `r=` of a link of this config. Throws LabError `config-invalid` that says why it is not shown. */
export function decodeResult(text: string, config: Config): LinkedResult {
  const wire = readPacked(schema, text);
  if (wire.id !== mark(config))
    throw new LabError('config-invalid', 'it was measured with other settings than the link names');
  const curves = createMetricLog();
  for (const [name, curve] of Object.entries(wire.curves) as [MetricName, WireCurve | undefined][])
    if (curve && curve.at.length > 0) curves.append({ [name]: pointsOf(curve) });
  const { backend, runner, threads, adapter } = wire;
  return {
    outcome: wire.end,
    step: wire.step,
    seconds: wire.seconds,
    device: { backend, runner, threads, adapter: plainLine(adapter, 80) },
    kernels: wire.kernels,
    data: wire.data,
    first: wire.first,
    last: wire.last as LinkedResult['last'],
    digest: wire.digest,
    curves,
  };
}
