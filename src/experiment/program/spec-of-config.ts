// What a config says about the program of its run.
import type { Config } from '../config.ts';
import type { Plan } from '../plan.ts';
import type { ProgramSpec } from './build-program.ts';
import { updateRule } from './update-rule.ts';

/** `planned` is the plan of the same config. */
export function specOfConfig(
  config: Config,
  { layers, inputs }: Pick<Plan, 'layers' | 'inputs'>,
): ProgramSpec {
  return {
    layers,
    inputs,
    batch: config['train.batchSize'],
    rule: updateRule(config),
    labelSmoothing: config['train.labelSmoothing'],
    clipNorm: config['train.clipNorm'],
  };
}
