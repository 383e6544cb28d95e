// A gMLP on CIFAR-100 of the size of the Keras example.
import type { Preset } from './preset.ts';

export const gmlpKeras: Preset = {
  label: 'gMLP, CIFAR-100',
  use: 'recipe',
  help: 'Four gMLP blocks on 64 patches, at a high rate.',
  source: 'Keras examples, image classification with modern MLP models',
  settings: [
    'data=cifar-100',
    'augment=flip-crop',
    'model.preset=gmlp-keras',
    'optimizer=adamw',
    'optimizer.learningRate=5e-3',
    'optimizer.weightDecay=1e-4',
    'train.batchSize=128',
    'train.epochs=50',
  ].join('&'),
  published: 'About 51 % on CIFAR-100.',
  scaledDown:
    'Patches of 4 pixels at 32 × 32; the example enlarges images to 64 × 64 and cuts patches of 8: 64 tokens both. No dropout; the example has 0.2. The example adds the residual to the normalised input, which is not the paper’s block; here it is added to the input.',
};
