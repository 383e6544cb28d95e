// Softmax cross-entropy over the classes, scored by accuracy.
import type { Task } from './task.ts';

export const classify: Task = {
  label: 'Classify',
  help: 'Name the class of an image.',
  source: 'Scaling MLPs, section 4',
  fields: {},
  outputs: ({ classes }) => classes,
};
