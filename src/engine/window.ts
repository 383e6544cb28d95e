// What happened since the last report: values of each step, gathered until a chunk is due; and the rule of divergence.
import { type Chunk, type Column, columnOf } from '../core/metrics.ts';
import type { Readings } from './runner.ts';

/** Steps whose gradient length is read when it is not needed for clipping: every tenth, counted as in the metrics. */
const NORM_EVERY = 10;

/** Whether the gradient's length is measured at `step` (finished updates, from 1). */
export function wantsNorm(step: number, clipNorm: number): boolean {
  return clipNorm > 0 || step % NORM_EVERY === 0;
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

export interface Window {
  /** Takes readings of the steps after `step`, keeping the first `keep` losses. */
  add(step: number, readings: Readings, clipNorm: number, seconds: number, keep: number): void;
  readonly seconds: number;
  /** The chunk of everything since the last one, and an empty window. Null when there was nothing. */
  take(ends: { step: number; rate: number; batchSize: number; totalSeconds: number }): Chunk | null;
}

export function createWindow(): Window {
  let losses: Pairs = [];
  let norms: Pairs = [];
  let spent = 0;
  return {
    add(step, readings, clipNorm, seconds, keep) {
      let norm = 0;
      for (const [index, loss] of readings.losses.entries()) {
        const label = step + index + 1;
        if (index < keep) losses.push([label, loss]);
        if (!wantsNorm(label, clipNorm)) continue;
        const value = readings.norms[norm++];
        if (index < keep && value !== undefined && Number.isFinite(value)) norms.push([label, value]);
      }
      spent += seconds;
    },
    get seconds() {
      return spent;
    },
    take({ step, rate, batchSize, totalSeconds }) {
      if (losses.length === 0) return null;
      const single = (value: number): Column => columnOf([[step, value]]);
      const chunk: Chunk = {
        'train/loss': columnOf(losses),
        ...(norms.length > 0 ? { 'gradient/norm': columnOf(norms) } : {}),
        'optimizer/learning-rate': single(rate),
        ...(spent > 0 ? { 'speed/examples-per-second': single((losses.length * batchSize) / spent) } : {}),
        'time/seconds': single(totalSeconds),
      };
      losses = [];
      norms = [];
      spent = 0;
      return chunk;
    },
  };
}
