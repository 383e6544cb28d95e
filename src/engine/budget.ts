// How far a run goes and how fast it learns on the way there.
import { batchScaledRate } from '../catalog/optimizers/fields.ts';
import { schedules } from '../catalog/schedules/index.ts';
import { rateMultiplier } from '../catalog/schedules/schedule.ts';
import { tasks } from '../catalog/tasks/index.ts';
import { isLowerBetter } from '../core/measurement.ts';
import type { Chunk, MetricName } from '../core/metrics.ts';
import type { Config } from '../experiment/config.ts';
import type { Plan } from '../experiment/plan.ts';

export interface Budget {
  /** Null: the budget is in seconds. */
  readonly totalSteps: number | null;
  /** Is a run with this many finished updates and seconds at its end? */
  isSpent(step: number, seconds: number): boolean;
  /** Learning rate of the update after `step` finished ones; a budget in seconds expects its steps from the pace so far. */
  rate(step: number, seconds: number): number;
  /** The first step after `step` at which the test images are scored. */
  nextEvaluation(step: number): number;
  isEvaluation(step: number): boolean;
  /** Do these scores end the run before its budget? */
  isReached(scores: Chunk): boolean;
}

/** The score that a target is set for: of the validation images, and where there are none of the test images. */
function targetMetric(config: Config): MetricName {
  const score = config['train.targetOf'] === 'loss' ? 'loss' : tasks[config.task].scores[0];
  return config['data.validationSize'] > 0 ? `validation/${score}` : `test/${score}`;
}

export function createBudget(config: Config, planned: Plan): Budget {
  const allowed = config['train.seconds'];
  const schedule = schedules[config.schedule];
  const every = Math.max(1, Math.round(config['train.evaluateEvery'] * planned.stepsPerEpoch));
  const expected = (step: number, seconds: number): number =>
    planned.steps ?? (step === 0 || seconds === 0 ? Number.MAX_SAFE_INTEGER : (step * allowed) / seconds);
  return {
    totalSteps: planned.steps,
    isSpent: (step, seconds) => (planned.steps === null ? seconds >= allowed : step >= planned.steps),
    rate: (step, seconds) =>
      batchScaledRate(config) *
      rateMultiplier(schedule, step, config['schedule.warmupSteps'], expected(step, seconds)),
    nextEvaluation: (step) => (Math.floor(step / every) + 1) * every,
    isEvaluation: (step) => step > 0 && step % every === 0,
    isReached(scores) {
      const target = config['train.target'];
      if (target === 0) return false;
      const metric = targetMetric(config);
      const value = scores[metric]?.values[0];
      if (value === undefined) return false;
      return isLowerBetter(metric) ? value <= target : value >= target;
    },
  };
}
