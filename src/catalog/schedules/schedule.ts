// What a learning-rate schedule is: a pure function of how far the run has come, 0 at the first step, towards 1.
import { integer } from '../../core/fields.ts';
import type { Fields } from '../../core/setting.ts';

export interface Schedule {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: Fields;
  /** Multiplier of the learning rate after warm-up; `progress` in [0, 1). */
  readonly multiplier: (progress: number) => number;
}

export const warmupSteps = integer([0, 10_000_000], {
  label: 'Warm-up',
  unit: 'steps',
  scale: 'log10',
  help: 'Steps over which the learning rate rises in a straight line to its full value.',
  source: 'Goyal et al. 2017',
  default: 0,
});

/**
 * Multiplier at `step` (from 0): (step + 1) / warm-up while warming up, then the schedule over what remains of the
 * budget, as PyTorch's SequentialLR of LinearLR and the schedule does.
 * `total` is the number of steps of the run; a run budgeted in seconds gives the steps it expects.
 */
export function rateMultiplier(schedule: Schedule, step: number, warmup: number, total: number): number {
  if (step < warmup) return (step + 1) / warmup;
  const remaining = Math.max(1, total - warmup);
  return schedule.multiplier(Math.min(1, (step - warmup) / remaining));
}
