// Half a cosine from 1 to 0 (Loshchilov and Hutter 2017), as PyTorch's CosineAnnealingLR stepped every step.
import { type Schedule, warmupSteps } from './schedule.ts';

export const cosine: Schedule = {
  label: 'Cosine',
  help: 'Falls along half a cosine, to zero at the end.',
  source: 'Loshchilov and Hutter 2017',
  fields: { 'schedule.warmupSteps': warmupSteps },
  multiplier: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
};
