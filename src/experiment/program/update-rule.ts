// The optimizer of a program: its kind and constants, and the few numbers of each step that the host computes.
import { ADAM_EPSILON } from '../../catalog/optimizers/adamw.ts';
import type { Config } from '../config.ts';
import type { settingNames } from './program.ts';

export type UpdateRule =
  | { readonly kind: 'sgd'; readonly decay: number; readonly momentum: number }
  | {
      readonly kind: 'adamw';
      readonly decay: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  | { readonly kind: 'lion'; readonly decay: number; readonly beta1: number; readonly beta2: number };

export function updateRule(config: Config): UpdateRule {
  const kind = config.optimizer;
  const decay = config['optimizer.weightDecay'];
  switch (kind) {
    case 'sgd':
      return { kind, decay, momentum: config['optimizer.momentum'] };
    case 'adamw':
      return {
        kind,
        decay,
        beta1: config['optimizer.beta1'],
        beta2: config['optimizer.beta2'],
        epsilon: ADAM_EPSILON,
      };
    case 'lion':
      return { kind, decay, beta1: config['optimizer.beta1'], beta2: config['optimizer.beta2'] };
    default:
      throw kind satisfies never;
  }
}

/**
 * What the host writes to `settings` before a step, in the order of `settingNames`. `rate` is the scheduled learning
 * rate, `step` counts updates from 1, `row` is the row of `readings` that the step fills, `rows` the examples that count.
 */
export function settingsOf(
  rule: UpdateRule,
  rate: number,
  step: number,
  row: number,
  rows: number,
): Float32Array<ArrayBuffer> {
  const adamw = rule.kind === 'adamw' ? rule : null;
  const values: Record<(typeof settingNames)[number], number> = {
    rate,
    keep: 1 - rate * rule.decay,
    size: adamw ? rate / (1 - adamw.beta1 ** step) : rate,
    root: adamw ? Math.sqrt(1 - adamw.beta2 ** step) : 1,
    row,
    rows,
  };
  return Float32Array.from([values.rate, values.keep, values.size, values.root, values.row, values.rows]);
}
