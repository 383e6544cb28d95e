// Figure 5 of Scaling MLPs: error against batch size. The grid is the study's, which also tunes the learning rate.
import { studies } from '../studies/index.ts';
import type { Preset } from './preset.ts';

export const scalingMlpsFigure5: Preset = {
  label: 'Figure 5: error against batch size',
  use: 'figure',
  help: 'Is a larger batch better for an MLP? Under equal epochs and equal steps, at a fixed learning rate and at one tuned for every batch size.',
  source: 'Scaling MLPs, figure 5',
  settings: 'study=batch-size',
  published: 'At every training length a larger batch gives a lower error of the linear probe on CIFAR-100.',
  scaledDown: studies['batch-size'].scaledDown,
};
