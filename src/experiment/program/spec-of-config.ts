// What a config says about the program of its run.
import { tasks } from '../../catalog/tasks/index.ts';
import type { Config } from '../config.ts';
import { microBatchCount, microBatchSize } from '../micro-batches.ts';
import type { Plan } from '../plan.ts';
import { updateGroups } from '../update-groups.ts';
import type { ProgramSpec } from './build-program.ts';
import { updateRule } from './update-rule.ts';

/** Rows scored at once; those of a pass in training where they are more. */
const EVALUATION_ROWS = 128;

/** `planned` is the plan of the same config. */
export function specOfConfig(
  config: Config,
  { layers, inputs, shape }: Pick<Plan, 'layers' | 'inputs' | 'shape'>,
): ProgramSpec {
  const { picture } = tasks[config.task];
  const batch = microBatchSize(config);
  return {
    layers,
    inputs,
    batch,
    microBatches: microBatchCount(config),
    evaluationBatch: Math.max(batch, EVALUATION_ROWS),
    rule: updateRule(config),
    groups: updateGroups(config, layers),
    labelSmoothing: config['train.labelSmoothing'],
    clipNorm: config['train.clipNorm'],
    averageDecay: config['train.ema'],
    picture: picture && { ...picture, shape },
  };
}
