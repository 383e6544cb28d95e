// A run and its log reduced to a measurement: one row for studies, tables and exports.
import type { Curve, Ending, Measurement, Reading } from '../core/measurement.ts';
import { isLowerBetter } from '../core/measurement.ts';
import { last, type MetricLog, type MetricName } from '../core/metrics.ts';
import { addEstimates, meanEstimates, noEstimates, noiseScale } from '../core/noise-scale.ts';
import { effective } from './config.ts';
import { plan } from './plan.ts';
import type { Run } from './run.ts';

const isEvaluation = (name: MetricName): boolean => /^(test|validation)\//.test(name);
const NOISE: MetricName = 'gradient/noise-scale';
/** Most values of the noise scale that a measurement keeps. */
const MOST = 50;

/**
 * The noise scale over training in at most 50 values: where there are more, those of a stretch are pooled, noise and signal
 * apart as everywhere (docs/math.md). A stretch without a ratio is left out.
 */
function noiseCurve(log: MetricLog): Curve | null {
  const [noise, signal] = [log.column('gradient/noise'), log.column('gradient/signal')];
  const length = Math.ceil(noise.steps.length / MOST);
  const steps: number[] = [];
  const values: number[] = [];
  for (let from = 0; from < noise.steps.length; from += length) {
    const to = Math.min(from + length, noise.steps.length);
    let sum = noEstimates;
    for (let at = from; at < to; at++)
      sum = addEstimates(sum, { noise: noise.values[at] as number, signal: signal.values[at] as number });
    const mean = meanEstimates(sum);
    const scale = mean && noiseScale(mean);
    if (scale === null) continue;
    steps.push(noise.steps[to - 1] as number);
    values.push(scale);
  }
  return steps.length === 0 ? null : { steps, values };
}

function bestOf(metric: string, { steps, values }: Curve): Reading | null {
  let best: Reading | null = null;
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const isBetter = best === null || (isLowerBetter(metric) ? value < best.value : value > best.value);
    if (isBetter) best = { step: steps[index] as number, value };
  }
  return best;
}

function endingOf({ state }: Measurable): Ending {
  switch (state) {
    case 'finished':
    case 'diverged':
    case 'failed':
      return state;
    case 'queued':
    case 'running':
    case 'stopped':
      return 'stopped';
    default:
      throw state satisfies never;
  }
}

/** What of a run is measured: a run of the store, or one read back from its folder. */
export type Measurable = Pick<Run, 'config' | 'key' | 'id' | 'name' | 'state' | 'step' | 'seconds' | 'data'>;

/** Reduces a run; a run that goes on is measured as far as it is. Throws where its config cannot be planned. */
export function measure(run: Measurable, log: MetricLog): Measurement {
  const { config, key, id, name, step, seconds } = run;
  const planned = plan(config, run.data?.facts);
  const examples = step * config['train.batchSize'];
  const final: Record<string, number> = {};
  const best: Record<string, Reading> = {};
  const evaluations: Record<string, Curve> = {};
  for (const metric of log.names()) {
    const value = last(log, metric);
    if (value !== null && Number.isFinite(value)) final[metric] = value;
    if (!isEvaluation(metric)) continue;
    const { steps, values } = log.column(metric);
    const curve: Curve = { steps: [...steps], values: [...values] };
    evaluations[metric] = curve;
    const top = bestOf(metric, curve);
    if (top) best[metric] = top;
  }
  const noise = noiseCurve(log);
  if (noise) evaluations[NOISE] = noise;
  return {
    key,
    id,
    name,
    config: effective(config),
    parameters: planned.parameters,
    macsPerExample: planned.macsPerExample,
    images: planned.trainCount,
    steps: step,
    examples,
    flops: (planned.flopsPerStep / config['train.batchSize']) * examples,
    seconds,
    outcome: endingOf(run),
    final,
    best,
    evaluations,
  };
}
