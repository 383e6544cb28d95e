// The hourglass paper's main claim: at equal parameters, which shape restores images better?
import type { Preset } from './preset.ts';

export const hourglassPareto: Preset = {
  label: 'Pareto front of denoising',
  use: 'figure',
  help: 'Hourglass, inverted bottleneck and isotropic network at equal parameters, the width of each solved for.',
  source: 'Rethinking the shape convention of an MLP, section 4, denoising',
  settings: [
    'data=fashion-mnist',
    'task=denoise',
    'schedule=linear',
    'train.epochs=3',
    'sweep.model=isotropic,inverted-bottleneck,hourglass',
    'sweep.equal=parameters',
    'sweep.budget=3e5,6e5,1.2e6',
  ].join('&'),
  published:
    'On ImageNet at 32 × 32 the hourglass is ahead: 22.31 dB with 66 million parameters against 75 million for the conventional shape. From 76 million on, the two differ by 0.02 dB.',
  scaledDown:
    'A fiftieth of the parameters, three epochs of 12,000 clothes, one learning rate a shape; the paper searched more hourglasses than conventional shapes.',
};
