// A thin hourglass that doubles the resolution, on CIFAR-10 instead of ImageNet at 32 pixels.
import type { Preset } from './preset.ts';

export const hourglassSuperResolve: Preset = {
  label: 'Hourglass (3546, 16, 5), super-resolution',
  use: 'recipe',
  help: 'A bottleneck of 16 units between layers of 3,546 doubles the resolution.',
  source: 'Rethinking the shape convention of an MLP, section 4 and result files',
  settings: [
    'data=cifar-10',
    'augment=flips',
    'task=super-resolve',
    'model=hourglass',
    'model.width=3546',
    'model.bottleneck=16',
    'model.depth=5',
    'optimizer=adamw',
    'optimizer.learningRate=7e-4',
    'optimizer.weightDecay=0.01',
    'schedule=linear',
    'train.batchSize=512',
    'train.epochs=20',
  ].join('&'),
  published: 'PSNR 23.63 dB with 14.2 M parameters; a conventional network of 30.7 M has 23.44.',
  scaledDown:
    'CIFAR-10 for 20 epochs: 1 million images seen instead of 10 million of ImageNet-32. Flips are drawn anew; the code trains on all four copies of every image.',
  effort: '75 hourglass against 11 conventional architectures of at most 4 blocks; four learning rates each.',
};
