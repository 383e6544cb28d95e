// Figure 9 of Scaling MLPs: what each part of the block is worth, one factor against the other.
import type { Preset } from './preset.ts';

export const scalingMlpsFigure9: Preset = {
  label: 'Figure 9: what each part is worth',
  use: 'figure',
  help: 'Activation and norm of the inverted bottleneck in all combinations, three seeds each.',
  source: 'Scaling MLPs, figure 9 and appendix A.2',
  settings: [
    'data=fashion-mnist',
    'model.depth=4',
    'train.epochs=4',
    'sweep.model.activation=gelu,relu',
    'sweep.model.norm=layer,batch,none',
    'sweep.seeds=3',
  ].join('&'),
  published: 'GELU clearly beats ReLU; LayerNorm is better and steadier than BatchNorm here.',
  scaledDown:
    'Four epochs of 12,000 images at one learning rate instead of ImageNet-1k and a probe on CIFAR-100; skips, smoothing and clipping are left as they are.',
};
