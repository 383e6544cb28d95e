// Gaussian noise on the pixels, cut off at black and white, and the clean image as the answer. The noise is drawn anew
// at every training step; test images always carry the same.
import { real } from '../../core/fields.ts';
import { imageTask, type Task } from './task.ts';

export const denoise = {
  ...imageTask,
  label: 'Denoise',
  help: 'Give back the clean image of a noisy one.',
  source: 'Rethinking the shape convention of an MLP, section 4',
  fields: {
    'task.noise': real([0, 4], {
      label: 'Noise',
      unit: 'std',
      scale: 'linear',
      help: 'Standard deviation of the noise on pixels between 0 and 1.',
      source: 'Rethinking the shape convention of an MLP, code (0.25)',
      default: 0.25,
    }),
  },
  picture: { input: 'noisy', target: 'image' },
} as const satisfies Task;
