// One run of the scaling law of Scaling MLPs: what its grid varies are width, depth, images and epochs.
import type { Preset } from './preset.ts';

export const scalingLawRun: Preset = {
  label: 'Scaling-law run',
  use: 'recipe',
  help: 'One cell of the grid: the smallest model of the law for its shortest time, with Lion at a small rate.',
  source: 'Scaling MLPs, section 4.3',
  settings: [
    'data=cifar-10',
    'augment=flip-crop',
    'augment.mixup=0.8',
    'model.preset=B_6-Wi_256',
    'optimizer=lion',
    'optimizer.learningRate=1e-5',
    'optimizer.weightDecay=1e-3',
    'train.batchSize=1024',
    'train.epochs=50',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published:
    'Error of a linear probe falls as a (b + C)^−α + E with α of 0.12, 0.25 and 0.35 on three tasks.',
  scaledDown:
    'CIFAR-10 instead of up to 11.8 million images of ImageNet-21k. The trained task is scored, not a linear probe on another one. Batches of 1,024 instead of 16,384, at the paper’s learning rate.',
  effort: 'Six sizes, five lengths of training and several subsets, each with one learning rate.',
};
