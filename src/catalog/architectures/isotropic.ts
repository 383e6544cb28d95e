// The standard MLP of Scaling MLPs as its code lays it out: embedding, then norm → activation → matrix, one width
// throughout, no skip connections. The last hidden output reaches the head without an activation.

import { withDefault } from '../../core/fields.ts';
import type { Layer } from '../../core/layers.ts';
import { architecture } from './architecture.ts';
import { activation, bias, depth, linear, norm, normLayers, width } from './fields.ts';

export const isotropic = architecture({
  label: 'Isotropic',
  short: 'Isotropic',
  help: 'One width throughout, no skip connections: the plainest deep MLP.',
  source: 'Scaling MLPs, S-MLP, code layout',
  fields: {
    'model.width': width,
    'model.depth': {
      ...withDefault(depth, 2),
      unit: 'layers',
      help: 'Linear layers before the head, the embedding included.',
    },
    'model.norm': norm,
    'model.activation': activation,
    'model.bias': bias,
  },
  shape: (config) => `${config['model.width']} × ${config['model.depth']}`,
  layers(config, { inputs, outputs }) {
    const size = config['model.width'];
    const hasBias = config['model.bias'];
    const layers: Layer[] = [linear('linear_in', 'lift', inputs, size, hasBias)];
    for (let index = 0; index < config['model.depth'] - 1; index++) {
      layers.push(
        ...normLayers(config['model.norm'], index, size),
        { kind: 'activation', function: config['model.activation'] },
        linear(`layers.${index}`, 'block', size, size, hasBias),
      );
    }
    layers.push(linear('linear_out', 'head', size, outputs, hasBias));
    return layers;
  },
});
