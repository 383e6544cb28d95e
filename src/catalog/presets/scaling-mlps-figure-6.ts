// Figure 6 of Scaling MLPs: error against compute. The grid is the study's.
import { studies } from '../studies/index.ts';
import type { Preset } from './preset.ts';

export const scalingMlpsFigure6: Preset = {
  label: 'Figure 6: error against compute',
  use: 'figure',
  help: 'Width, images and epochs together: does the best error at each compute follow a power law?',
  source: 'Scaling MLPs, section 4.3 and figure 6',
  settings: 'study=scaling-law',
  published: 'A power law with an exponent of 0.25 for CIFAR-100, and of 0.12 to 0.35 over the three tasks.',
  scaledDown: studies['scaling-law'].scaledDown,
};
