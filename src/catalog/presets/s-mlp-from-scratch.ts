// The S-MLP of Scaling MLPs trained from scratch with augmentation, in the order of its code.
import type { Preset } from './preset.ts';

export const sMlpFromScratch: Preset = {
  label: 'S-MLP from scratch, CIFAR-10',
  use: 'recipe',
  help: 'The plain isotropic MLP under resized crops, MixUp and label smoothing, with Lion.',
  source: 'Scaling MLPs, table 1 and code',
  settings: [
    'data=cifar-10',
    'augment=resized-crop',
    'augment.mixup=0.8',
    'model.preset=S_6-Wi_1024',
    'optimizer=lion',
    'optimizer.learningRate=5e-5',
    'train.batchSize=512',
    'train.epochs=100',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published: 'About 69 % test accuracy after 1,000 epochs and 72 % after 5,000.',
  scaledDown:
    '100 epochs instead of 1,000 to 5,000. Batches of 512; the code’s default is 4,096. GELU before each matrix, as the code has it; the paper writes ReLU behind it (block order “as written”). The paper does not say which depth and width table 1 has.',
  effort: 'As many epochs and the same rates as the B-MLP beside it.',
};
