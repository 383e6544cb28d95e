// The paper's own model and rule on the images that it reports: from scratch, with augmentation, far shorter.
import type { Preset } from './preset.ts';

export const scalingMlpsCifar10: Preset = {
  label: 'B_6-Wi_512 on CIFAR-10',
  use: 'start',
  help: 'The model of Scaling MLPs with Lion, flips and crops and label smoothing, for twenty epochs.',
  source: 'Scaling MLPs, table 1 and section 3',
  settings: [
    'model.preset=B_6-Wi_512',
    'data=cifar-10',
    'augment=flip-crop',
    'optimizer=lion',
    'optimizer.learningRate=5e-5',
    'train.batchSize=512',
    'train.epochs=20',
    'train.labelSmoothing=0.3',
  ].join('&'),
  published:
    'With augmentation, from scratch, some 70 % test accuracy after a thousand epochs and 75 % after five thousand.',
  scaledDown:
    'Twenty epochs instead of thousands; flips and shifted crops instead of resized crops and MixUp.',
};
