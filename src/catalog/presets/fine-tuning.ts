// Fine-tuning a pre-trained B-MLP as the README of Scaling MLPs does.
import type { Preset } from './preset.ts';

export const fineTuning: Preset = {
  label: 'Fine-tuning on CIFAR-10',
  use: 'recipe',
  help: 'Plain SGD, the body at a tenth of the head’s rate, with mild crops and clipping, on a pre-trained network.',
  source: 'Scaling MLPs, section 4.2 and README',
  settings: [
    'data=cifar-10',
    'augment=resized-crop',
    'augment.scale=0.4',
    'augment.ratio=1',
    'model.preset=B_6-Wi_512',
    'optimizer=sgd',
    'optimizer.learningRate=1e-2',
    'train.batchSize=512',
    'train.epochs=50',
    'train.labelSmoothing=0.3',
    'train.clipNorm=1',
  ].join('&'),
  published: '88.5 % with B_6-Wi_512 and 94.2 % with B_12-Wi_1024, after 800 epochs of ImageNet-21k.',
  scaledDown:
    'Without a body it starts at random: choose a run of yours under “Start from”, or drop weights on the page (on the command line transfer.from=FILE); the body then learns at a tenth of the head’s rate, as in the paper. Images of 32 × 32 pixels; the published weights are for 64 × 64, and bring that resolution along. Batches of 512 instead of 2,048, and 50 epochs; the README has 100. No weight decay: the README passes 1e-4, but the code never hands it on.',
};
