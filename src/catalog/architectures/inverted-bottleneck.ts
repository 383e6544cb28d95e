// The B-MLP of Scaling MLPs: residual blocks that widen by the expansion factor and come back, pre-LayerNorm, GELU.
import { real } from '../../core/fields.ts';
import { architecture } from './architecture.ts';
import {
  activation,
  bias,
  depth,
  dropout,
  lift,
  norm,
  normPosition,
  parametrisation,
  residualNetwork,
  skip,
  width,
} from './fields.ts';

export const invertedBottleneck = architecture({
  label: 'Inverted bottleneck',
  short: 'Inverted',
  help: 'Residual blocks, wide inside and narrow between: the B-MLP of Scaling MLPs.',
  source: 'Scaling MLPs, section 3',
  fields: {
    'model.width': width,
    'model.depth': depth,
    'model.expansion': real([1 / 16, 64], {
      label: 'Expansion',
      unit: '×',
      scale: 'log2',
      help: 'Width inside a block over the width between blocks.',
      source: 'Scaling MLPs, section 3',
      default: 4,
    }),
    'model.norm': norm,
    'model.normPosition': normPosition,
    'model.activation': activation,
    'model.dropout': dropout,
    'model.skip': skip,
    'model.lift': lift,
    'model.bias': bias,
    ...parametrisation,
  },
  shape: (config) => `${config['model.width']} × ${config['model.depth']}`,
  layers: (config, ends) =>
    residualNetwork(config, Math.max(1, Math.round(config['model.width'] * config['model.expansion'])), ends),
});
