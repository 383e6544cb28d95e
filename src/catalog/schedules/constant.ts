// No schedule: the code of Scaling MLPs trains at one learning rate.
import { type Schedule, warmupSteps } from './schedule.ts';

export const constant: Schedule = {
  label: 'Flat',
  help: 'The same learning rate from start to end.',
  source: 'Scaling MLPs, code default',
  fields: { 'schedule.warmupSteps': warmupSteps },
  multiplier: () => 1,
};
