// Figure 7 of Scaling MLPs: what limits the error, parameters or examples, each varied while the other is plenty.
import type { Preset } from './preset.ts';

export const scalingMlpsFigure7: Preset = {
  label: 'Figure 7: what is the bottleneck?',
  use: 'figure',
  help: 'One network of 1.3 million parameters on ever more images: how the test error falls where examples are the limit.',
  source: 'Scaling MLPs, figure 7',
  settings: [
    'data=fashion-mnist',
    'model.width=256',
    'train.batchSize=64',
    'sweep.data.trainSize=375..12000*2',
    'sweep.seeds=2',
  ].join('&'),
  published:
    'Error falls as examples to the power −0.35 where examples are the limit, and about as 1/parameters.',
  scaledDown:
    'At most 12,000 images and 10 epochs instead of ImageNet-21k; test error instead of a linear probe.',
};
