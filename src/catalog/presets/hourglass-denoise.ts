// The hourglass of the paper's figure 5 with a fixed lift, on CIFAR-10 instead of ImageNet at 32 pixels.
import type { Preset } from './preset.ts';

export const hourglassDenoise: Preset = {
  label: 'Hourglass (3546, 270, 5), denoising',
  use: 'recipe',
  help: 'The paper’s central architecture with a random, fixed lift takes noise off small colour images.',
  source: 'Rethinking the shape convention of an MLP, figure 5 and result files',
  settings: [
    'data=cifar-10',
    'augment=flips',
    'task=denoise',
    'model=hourglass',
    'model.width=3546',
    'model.bottleneck=270',
    'model.depth=5',
    'model.lift=fixed',
    'optimizer=adamw',
    'optimizer.learningRate=5e-4',
    'optimizer.weightDecay=0.01',
    'schedule=linear',
    'train.batchSize=512',
    'train.epochs=20',
  ].join('&'),
  published:
    'PSNR 22.08 dB trained and 21.80 dB with a fixed lift (corrected figure 5); 31.4 M parameters, 20.5 M of them trained.',
  scaledDown:
    'CIFAR-10 for 20 epochs: 1 million images seen instead of 10 million of ImageNet-32. Flips are drawn anew; the code trains on all four copies of every image. The rate 5e-4 was the best with a trained lift.',
  effort: '80 hourglass against 8 conventional architectures of at most 4 blocks; four learning rates each.',
};
