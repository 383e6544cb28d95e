// Figure 5 of the hourglass paper: is a fixed, random input projection nearly free? Its authors corrected it later.
import type { Preset } from './preset.ts';

export const hourglassFigure5: Preset = {
  label: 'Figure 5: a fixed lift',
  use: 'figure',
  help: 'Denoising with an hourglass whose input projection is trained, or left as it was drawn.',
  source: 'Rethinking the shape convention of an MLP, figure 5',
  settings: [
    'data=fashion-mnist',
    'task=denoise',
    'model=hourglass',
    'model.width=896',
    'model.bottleneck=64',
    'model.depth=3',
    'optimizer.weightDecay=0.01',
    'schedule=linear',
    'train.epochs=5',
    'sweep.model.lift=trained,fixed',
    'sweep.seeds=2',
  ].join('&'),
  published:
    '21.807 dB trained against 21.787 dB fixed. The authors’ own notes correct it: 22.076 dB against 21.800 dB, a gap of a quarter of a decibel.',
  scaledDown:
    'Clothes of 28 × 28 grey pixels instead of ImageNet at 32 × 32; width 896 for 3,546, bottleneck 64 for 270, 3 blocks for 5, five epochs of 12,000 images.',
};
