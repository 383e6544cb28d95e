// What a plan has to say in words: where settings of the update do not mean what they would mean elsewhere.
import { walk } from '../core/layers.ts';
import type { Config } from './config.ts';
import { microBatchSize } from './micro-batches.ts';
import type { Plan } from './plan.ts';

/** Sentences for a person; none where there is nothing to say. */
export function planNotes(config: Config, { layers, microBatches }: Plan): readonly string[] {
  const notes: string[] = [];
  const [batch, part] = [config['train.batchSize'], microBatchSize(config)];
  const hasBatchNorm = [...walk(layers)].some(({ kind }) => kind === 'batch-norm');
  if (microBatches > 1 && hasBatchNorm)
    notes.push(
      `BatchNorm normalises each micro-batch of ${part} by itself: ${microBatches} × ${part} are not one batch of ${batch}. Its examples are not independent of each other, which the noise scale takes them to be.`,
    );
  if (microBatches > 1 && config['augment.mixup'] > 0)
    notes.push(`MixUp mixes within each micro-batch of ${part}, with one λ a step.`);
  if (config['train.ema'] > 0 && hasBatchNorm)
    notes.push(
      'The averaged weights are scored with the running statistics of the raw ones, as PyTorch does by default.',
    );
  return notes;
}
