// The menu of architectures, in menu order.
import { hourglass } from './hourglass.ts';
import { invertedBottleneck } from './inverted-bottleneck.ts';
import { isotropic } from './isotropic.ts';

export const architectures = {
  isotropic,
  'inverted-bottleneck': invertedBottleneck,
  hourglass,
} as const;
