// The B-MLP of Scaling MLPs trained from scratch with augmentation.
import type { Preset } from './preset.ts';

export const bMlpFromScratch: Preset = {
  label: 'B-MLP from scratch, CIFAR-10',
  use: 'recipe',
  help: 'The inverted bottleneck under resized crops, MixUp and label smoothing, with Lion.',
  source: 'Scaling MLPs, table 1 and code',
  settings: [
    'data=cifar-10',
    'augment=resized-crop',
    'augment.mixup=0.8',
    'model.preset=B_6-Wi_512',
    'optimizer=lion',
    'optimizer.learningRate=5e-5',
    'train.batchSize=512',
    'train.epochs=100',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published: 'About 70 % test accuracy after 1,000 epochs and 75 % after 5,000.',
  scaledDown:
    '100 epochs instead of 1,000 to 5,000. Batches of 512; the code’s default is 4,096, and the learning rate is the paper’s all the same. The paper does not say which depth and width table 1 has.',
  effort: 'The S-MLP beside it has the same rates and epochs, with depth and width not stated.',
};
