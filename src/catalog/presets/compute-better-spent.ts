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
    'optimizer=adamw',
    'optimizer.learningRate=3e-3',
    'schedule=cosine',
    'train.batchSize=1024',
    'train.epochs=50',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published: 'Training error falls as a power law of compute over widths 32 to 4,096.',
  scaledDown:
    '50 epochs instead of 500. The base width 64 alone, at which μP changes no learning rate. PyTorch’s start; the code draws N(0, 1/fan-in) and starts second matrices and the head at zero. One learning rate; the code’s embedding has a tenth of it, and a GELU behind it. Pixels in their places; the code shuffles them once.',
  effort: 'All structures share one base rate, carried over width by μP.',
};
