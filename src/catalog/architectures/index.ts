// The menu of architectures, in menu order.
import { gmlp } from './gmlp.ts';
import { hourglass } from './hourglass.ts';
import { invertedBottleneck } from './inverted-bottleneck.ts';
import { isotropic } from './isotropic.ts';
import { mlpMixer } from './mlp-mixer.ts';

export const architectures = {
  isotropic,
  'inverted-bottleneck': invertedBottleneck,
  hourglass,
  'mlp-mixer': mlpMixer,
  gmlp,
} as const;
