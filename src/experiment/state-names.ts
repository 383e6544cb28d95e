// Names of what a checkpoint keeps beside each trainable tensor: the optimizer's slots, and the average of the weights.
import { optimizers } from '../catalog/optimizers/index.ts';
import type { Config } from './config.ts';

/** The slot that holds the average of the weights. */
export const AVERAGE = 'average';

/** Slots of every trainable tensor of the config's run, in the order of a checkpoint. */
export function slotsOf(config: Config): readonly string[] {
  const { slots } = optimizers[config.optimizer];
  return config['train.ema'] > 0 ? [...slots, AVERAGE] : slots;
}

export const slotName = (slot: string, tensor: string): string => `optimizer.${slot}.${tensor}`;
