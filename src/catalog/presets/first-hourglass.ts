// The other shape: wide between the blocks, narrow inside.
import type { Preset } from './preset.ts';

export const firstHourglass: Preset = {
  label: 'The hourglass',
  use: 'start',
  help: 'The opposite shape: wide between the blocks and narrow inside, so that the skips run at the wide ends.',
  source: 'Rethinking the shape convention of an MLP, section 3',
  settings: 'model=hourglass&model.width=256&model.bottleneck=64&model.depth=4',
  published: null,
  scaledDown: null,
};
