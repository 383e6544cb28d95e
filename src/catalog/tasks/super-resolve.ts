// The image at half its resolution in, the image out: a quarter of the features enter the network.
import { halved } from '../../core/halve.ts';
import { imageTask, type Task } from './task.ts';

export const superResolve = {
  ...imageTask,
  label: 'Super-resolve',
  help: 'Give back the image at twice the resolution.',
  source: 'Rethinking the shape convention of an MLP, section 4',
  fields: {},
  picture: { input: 'halved', target: 'image' },
  input: ({ shape }) => halved(shape),
  refusal: ({ shape: { height, width } }) =>
    height % 2 === 0 && width % 2 === 0
      ? null
      : `task=super-resolve halves images, and ${height} × ${width} pixels cannot be halved: choose a dataset of even height and width.`,
} as const satisfies Task;
