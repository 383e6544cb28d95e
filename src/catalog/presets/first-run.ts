// The defaults: what Train does when nobody has chosen anything.
import type { Preset } from './preset.ts';

export const firstRun: Preset = {
  label: 'A first run',
  use: 'start',
  help: 'The default inverted bottleneck learns the clothes of Fashion-MNIST, which come with the page.',
  source: 'Xiao et al. 2017, Fashion-MNIST',
  settings: '',
  published: null,
  scaledDown: null,
};
