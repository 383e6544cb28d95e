// The optimizer of a program: its kind and constants, and the few numbers of each step that the host computes.
import { ADAM_EPSILON } from '../../catalog/optimizers/adamw.ts';
import type { Config } from '../config.ts';
import type { PlacedGroup, Program } from './program.ts';
import { ALIGNMENT, ELEMENT_BYTES } from './ref.ts';

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

/** The rule as one group has it. */
export function ruleOf(rule: UpdateRule, { decays }: Pick<PlacedGroup, 'decays'>): UpdateRule {
  return decays ? rule : { ...rule, decay: 0 };
}

/** What the host tells a program before a step. */
export interface StepSettings {
  /** The scheduled learning rate. */
  readonly rate: number;
  /** Counts updates from 1. */
  readonly step: number;
  /** Row of `readings` that the step fills. */
  readonly row: number;
  /** Rows of losses that count: examples of the batch, or one where micro-batches have been summed up. */
  readonly rows: number;
}

/**
 * What the average of the weights keeps of itself and takes of the newest ones after update `step` (from 1). After the
 * first it is these weights. Source: torch.optim.swa_utils.AveragedModel, which copies at its first update.
 */
export function averageShares(decay: number, step: number): readonly [old: number, fresh: number] {
  return step <= 1 ? [0, 1] : [decay, 1 - decay];
}

/** The whole of `settings`: `settingNames`, then `groupSettingNames` of each group, every part on its boundary. */
export function settingsOf(
  { rule, groups, averageDecay }: Pick<Program, 'rule' | 'groups' | 'averageDecay'>,
  { rate, step, row, rows }: StepSettings,
): Float32Array<ArrayBuffer> {
  const pitch = ALIGNMENT / ELEMENT_BYTES;
  const settings = new Float32Array((groups.length + 1) * pitch);
  settings.set([row, rows, ...averageShares(averageDecay, step)]);
  for (const [index, group] of groups.entries())
    settings.set(groupSettings(ruleOf(rule, group), rate * group.rate, step), (index + 1) * pitch);
  return settings;
}

/** In the order of `groupSettingNames`. */
function groupSettings(rule: UpdateRule, rate: number, step: number): readonly number[] {
  const keep = 1 - rate * rule.decay;
  if (rule.kind !== 'adamw') return [rate, keep, rate, 1];
  return [rate, keep, rate / (1 - rule.beta1 ** step), Math.sqrt(1 - rule.beta2 ** step)];
}
