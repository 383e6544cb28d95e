// The dense baseline of Compute Better Spent: B-MLPs of depth 3 on CIFAR-10, long, with cosine and MixUp.
import type { Preset } from './preset.ts';

export const computeBetterSpent: Preset = {
  label: 'Dense baseline of Compute Better Spent',
  use: 'recipe',
  help: 'A small B-MLP, a large batch, cosine and MixUp for many epochs: the dense line of a scaling law.',
  source: 'Qiu et al. 2024, code',
  settings: [
    'data=cifar-10',
    'augment=flip-crop',
    'augment.mixup=0.8',
    'model=inverted-bottleneck',
    'model.width=64',
    'model.depth=3',
    'model.parametrisation=mup',
    'optimizer=adamw',
    'optimizer.learningRate=3e-3',
    'schedule=cosine',
    'train.batchSize=1024',
    'train.epochs=50',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published: 'Training error falls as a power law of compute over widths 32 to 4,096.',
  scaledDown:
    '50 epochs instead of 500. The base width 64 alone; μP carries its learning rate to others. The code has a GELU behind the embedding. Pixels in their places; the code shuffles them once.',
  effort: 'All structures share one base rate, carried over width by μP.',
};
