// A straight line from 1 to 0, the hourglass paper's schedule.
import { type Schedule, warmupSteps } from './schedule.ts';

export const linear: Schedule = {
  label: 'Linear',
  help: 'Falls in a straight line, to zero at the end.',
  source: 'Rethinking the shape convention of an MLP, training code',
  fields: { 'schedule.warmupSteps': warmupSteps },
  multiplier: (progress) => 1 - progress,
};
