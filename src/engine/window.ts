// What happened since the last report: values of each step, gathered until a chunk is due; and the rule of divergence.
import { type Chunk, type Column, columnOf, type MetricName } from '../core/metrics.ts';
import {
  addEstimates,
  type EstimateSum,
  gradientEstimates,
  meanEstimates,
  noEstimates,
  noiseScale,
  type Sizes,
  type SquaredLengths,
} from '../core/noise-scale.ts';
import type { Readings } from './runner.ts';

/** Steps whose gradient length is read when it is not needed for clipping: every tenth, counted as in the metrics. */
const NORM_EVERY = 10;

/** Steps over which estimates of gradient noise are averaged: from one multiple to the next, whenever they are reported. */
const NOISE_STEPS = 20;

/** Whether the gradient's length is measured at `step` (finished updates, from 1); `isNeeded` says that at every step. */
export function wantsNorm(step: number, isNeeded: boolean): boolean {
  return isNeeded || step % NORM_EVERY === 0;
}

/** Where a curve stops being worth keeping, or null: the index of the first loss that is not a number. */
export function firstNonFinite(losses: readonly number[]): number | null {
  const index = losses.findIndex((loss) => !Number.isFinite(loss));
  return index === -1 ? null : index;
}

/** A window whose mean loss exceeds 100 × the larger of the first loss and that of an answer that knows nothing. */
export function isRunaway(losses: readonly number[], firstLoss: number, chance: number): boolean {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return mean > 100 * Math.max(firstLoss, chance);
}

type Pairs = (readonly [step: number, value: number])[];

export interface WindowOptions {
  /** The gradient's length is measured at every step. */
  readonly needsNorm: boolean;
  /** Sizes that the noise scale is estimated from; null without micro-batches. */
  readonly sizes: Sizes | null;
  /** Estimates since the last multiple of `NOISE_STEPS`: what a resumed run goes on from. */
  readonly estimates: EstimateSum;
}

export interface Window {
  /** Takes readings of the steps after `step`, keeping the first `keep` losses. */
  add(step: number, readings: Readings, seconds: number, keep: number): void;
  readonly seconds: number;
  readonly estimates: EstimateSum;
  /** The chunk of everything since the last one, and an empty window. Null when there was nothing. */
  take(ends: { step: number; rate: number; batchSize: number; totalSeconds: number }): Chunk | null;
}

export function createWindow({ needsNorm, sizes, estimates: first }: WindowOptions): Window {
  let losses: Pairs = [];
  let norms: Pairs = [];
  let signals: Pairs = [];
  let noises: Pairs = [];
  let scales: Pairs = [];
  let estimates = first;
  let spent = 0;

  function estimate(label: number, of: Sizes, lengths: SquaredLengths): void {
    if (Number.isFinite(lengths.parts + lengths.whole))
      estimates = addEstimates(estimates, gradientEstimates(of, lengths));
    if (label % NOISE_STEPS !== 0) return;
    const mean = meanEstimates(estimates);
    estimates = noEstimates;
    if (!mean) return;
    signals.push([label, mean.signal]);
    noises.push([label, mean.noise]);
    const scale = noiseScale(mean);
    if (scale !== null) scales.push([label, scale]);
  }

  return {
    add(step, readings, seconds, keep) {
      let norm = 0;
      for (const [index, loss] of readings.losses.entries()) {
        const label = step + index + 1;
        if (index < keep) losses.push([label, loss]);
        if (!wantsNorm(label, needsNorm)) continue;
        const value = readings.norms[norm++];
        if (index >= keep || value === undefined || !Number.isFinite(value)) continue;
        norms.push([label, value]);
        const parts = readings.squares[index];
        if (sizes && parts !== undefined) estimate(label, sizes, { parts, whole: value ** 2 });
      }
      spent += seconds;
    },
    get seconds() {
      return spent;
    },
    get estimates() {
      return estimates;
    },
    take({ step, rate, batchSize, totalSeconds }) {
      if (losses.length === 0) return null;
      const single = (value: number): Column => columnOf([[step, value]]);
      const some = (name: MetricName, pairs: Pairs): Chunk =>
        pairs.length > 0 ? { [name]: columnOf(pairs) } : {};
      const chunk: Chunk = {
        'train/loss': columnOf(losses),
        ...some('gradient/norm', norms),
        ...some('gradient/noise-scale', scales),
        ...some('gradient/signal', signals),
        ...some('gradient/noise', noises),
        'optimizer/learning-rate': single(rate),
        ...(spent > 0 ? { 'speed/examples-per-second': single((losses.length * batchSize) / spent) } : {}),
        'time/seconds': single(totalSeconds),
      };
      losses = [];
      norms = [];
      signals = [];
      noises = [];
      scales = [];
      spent = 0;
      return chunk;
    },
  };
}
