// The hourglass: residual blocks that are narrow inside and wide between. Affine-free BatchNorm, ReLU and no biases
// are the paper's choices; each can be switched.
import { integer, withDefault } from '../../core/fields.ts';
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

export const hourglass = architecture({
  label: 'Hourglass',
  short: 'Hourglass',
  help: 'Residual blocks, narrow inside and wide between: skip connections at the wide ends.',
  source: 'Rethinking the shape convention of an MLP, section 3',
  fields: {
    'model.width': width,
    'model.depth': depth,
    'model.bottleneck': integer([1, 16384], {
      label: 'Bottleneck',
      unit: 'units',
      scale: 'log2',
      help: 'Width inside a block; the ratio to the width is what makes an hourglass.',
      source: 'Rethinking the shape convention of an MLP, section 3',
      default: (config) => Math.max(1, Math.round(Number(config['model.width']) / 4)),
    }),
    'model.norm': withDefault(norm, 'batch'),
    'model.normPosition': normPosition,
    'model.activation': withDefault(activation, 'relu'),
    'model.dropout': dropout,
    'model.skip': skip,
    'model.lift': lift,
    'model.bias': withDefault(bias, false),
    ...parametrisation,
  },
  shape: (config) => `${config['model.width']}–${config['model.bottleneck']} × ${config['model.depth']}`,
  layers: (config, ends) => residualNetwork(config, config['model.bottleneck'], ends),
});
