// A run reduced to what a question of the Guide looks at.
import type { Arm } from '../catalog/questions/index.ts';
import { last, type MetricLog } from '../core/metrics.ts';
import type { Run } from './run.ts';

/** Losses that a noise is taken of; fewer say nothing. */
const LEAST_LOSSES = 20;

/**
 * Standard deviation of a series around its trend, over its later half: from the differences of neighbours, whose
 * variance is twice that of the noise (von Neumann 1941). Null where there are too few.
 */
export function noiseOf(values: Float64Array): number | null {
  const half = values.slice(Math.floor(values.length / 2));
  if (half.length < LEAST_LOSSES) return null;
  let sum = 0;
  for (let i = 1; i < half.length; i++) sum += ((half[i] as number) - (half[i - 1] as number)) ** 2;
  const noise = Math.sqrt(sum / (2 * (half.length - 1)));
  return Number.isFinite(noise) ? noise : null;
}

/** Mean of the last fifth; null where there is nothing finite. */
function endOf(values: Float64Array): number | null {
  const end = values.slice(Math.floor(0.8 * values.length));
  const mean = end.reduce((sum, value) => sum + value, 0) / end.length;
  return Number.isFinite(mean) ? mean : null;
}

/** `value`: of the setting that the question varies. */
export function armOf(value: number, run: Run, log: MetricLog): Arm {
  return {
    value,
    trainLoss: endOf(log.column('train/loss').values),
    testLoss: last(log, 'test/loss'),
    testAccuracy: last(log, 'test/accuracy'),
    lossNoise: noiseOf(log.column('train/loss').values),
    steps: run.step,
    seconds: run.seconds,
    diverged: run.state === 'diverged',
  };
}
