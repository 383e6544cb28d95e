// "Generative classification": for any image of a class, the class's prototype, which is the first of its training images.
import { imageTask, type Task } from './task.ts';

export const prototype = {
  ...imageTask,
  label: 'Prototype',
  help: 'Give the prototype image of the class: the first of its training images.',
  source: 'Rethinking the shape convention of an MLP, section 4 (generative classification)',
  fields: {},
  picture: { input: 'image', target: 'prototype' },
} as const satisfies Task;
