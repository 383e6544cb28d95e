// Images as they are.
import { augmentation } from './augmentation.ts';

export const none = augmentation({
  label: 'None',
  help: 'Images as they are.',
  source: 'Scaling MLPs, table 1, first rows',
  fields: {},
  variation: null,
});
