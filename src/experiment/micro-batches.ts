// A batch in parts: micro-batches pass through the network one after the other at the same weights, and their gradients
// are averaged into one update.
import { tasks } from '../catalog/tasks/index.ts';
import { LabError } from '../core/failure.ts';
import type { Sizes } from '../core/noise-scale.ts';
import type { Config } from './config.ts';

type BatchConfig = Pick<Config, 'train.batchSize' | 'train.microBatch' | 'train.accumulation'>;

/** Examples of one pass forward and backward. */
export function microBatchSize(config: BatchConfig): number {
  return config['train.microBatch'] || config['train.batchSize'] / partsOf(config);
}

/** Equal parts of a batch, as many as are asked for or as it allows. */
function partsOf({ 'train.batchSize': batch, 'train.accumulation': asked }: BatchConfig): number {
  let parts = Math.min(asked, batch);
  while (batch % parts !== 0) parts--;
  return parts;
}

/** Passes of a step; 1: the whole batch at once. */
export function microBatchCount(config: BatchConfig): number {
  return config['train.batchSize'] / microBatchSize(config);
}

/** Throws LabError `config-invalid` where the batch is no whole number of micro-batches; names the nearest that fit. */
export function requireMicroBatches(config: BatchConfig): void {
  const { 'train.batchSize': batch, 'train.microBatch': size } = config;
  if (size === 0 || batch % size === 0) return;
  let below = Math.min(size, batch);
  while (batch % below !== 0) below--;
  let above = Math.min(size, batch);
  while (batch % above !== 0) above++;
  const fitting = below === above ? `${below}` : `${below} or ${above}`;
  throw new LabError(
    'config-invalid',
    `train.microBatch=${size} does not divide train.batchSize=${batch}: choose ${fitting}, or 0 for the whole batch at once.`,
  );
}

/**
 * What the gradient noise scale is estimated from; null without micro-batches. Examples that are varied anew each time
 * (augmented, mixed, noisy, with dropout) are as good as new ones: then there is no population that a batch uses up.
 */
export function noiseSizes(config: Config, { trainCount }: { readonly trainCount: number }): Sizes | null {
  if (microBatchCount(config) === 1) return null;
  const isVaried =
    config.augment !== 'none' ||
    config['augment.mixup'] > 0 ||
    config['model.dropout'] > 0 ||
    tasks[config.task].picture?.input === 'noisy';
  const population = isVaried ? null : trainCount;
  return { part: microBatchSize(config), whole: config['train.batchSize'], population };
}
