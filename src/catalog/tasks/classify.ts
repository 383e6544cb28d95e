// Softmax cross-entropy over the classes, scored by accuracy.
import type { Task } from './task.ts';

export const classify = {
  label: 'Classify',
  help: 'Name the class of an image.',
  source: 'Scaling MLPs, section 4',
  fields: {},
  picture: null,
  input: ({ shape }) => shape,
  outputs: ({ classes }) => classes.length,
  scores: ['accuracy'],
  chance: ({ classes }) => Math.log(classes.length),
  refusal: () => null,
} as const satisfies Task;
