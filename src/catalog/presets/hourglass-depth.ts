// The hourglass paper's depth ablation, with the depths that its published plot leaves out.
import type { Preset } from './preset.ts';

export const hourglassDepth: Preset = {
  label: 'Depth of the hourglass',
  use: 'figure',
  help: 'The same width and bottleneck with ever more blocks: does depth keep helping?',
  source: 'Rethinking the shape convention of an MLP, ablation of depth',
  settings: [
    'data=fashion-mnist',
    'task=denoise',
    'model=hourglass',
    'model.width=448',
    'model.bottleneck=48',
    'schedule=linear',
    'train.epochs=3',
    'sweep.model.depth=1,2,4,8,16',
  ].join('&'),
  published:
    '21.38 dB with 1 block, 22.08 with 5, 22.18 with 10; then it falls: 21.92 with 20. The published plot ends at 10.',
  scaledDown: 'Width 448 for 3,546, bottleneck 48 for 270, three epochs of 12,000 clothes, one seed.',
};
