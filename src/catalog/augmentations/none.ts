// Images as they are.
import type { Augmentation } from './augmentation.ts';

export const none: Augmentation = {
  label: 'None',
  help: 'Images as they are.',
  source: 'Scaling MLPs, table 1, first rows',
  fields: {},
  draw: null,
};
