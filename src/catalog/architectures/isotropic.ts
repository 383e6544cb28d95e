// The standard MLP of Scaling MLPs: embedding, hidden matrices of one width, no skip connections. The paper writes a
// block as norm → matrix → activation; its code has norm → activation → matrix, which is the default here.

import { choice, withDefault } from '../../core/fields.ts';
import type { Layer } from '../../core/layers.ts';
import { architecture } from './architecture.ts';
import {
  activation,
  bias,
  depth,
  dropout,
  dropoutLayers,
  linear,
  norm,
  normLayers,
  parametrisation,
  parametrised,
  width,
} from './fields.ts';

const order = choice(
  [
    {
      value: 'coded',
      label: 'As coded',
      help: 'Norm, activation, matrix; the last matrix reaches the head as it is',
    },
    { value: 'written', label: 'As written', help: 'Norm, matrix, activation; the head reads activations' },
  ],
  {
    label: 'Block order',
    help: 'What a hidden layer does first: the paper and its code differ.',
    source: 'Scaling MLPs, section 3 and code',
    default: 'coded',
  },
);

export const isotropic = architecture({
  label: 'Isotropic',
  short: 'Isotropic',
  help: 'One width throughout, no skip connections: the plainest deep MLP.',
  source: 'Scaling MLPs, S-MLP',
  fields: {
    'model.width': width,
    'model.depth': {
      ...withDefault(depth, 2),
      unit: 'layers',
      help: 'Linear layers before the head, the embedding included.',
    },
    'model.norm': norm,
    'model.order': order,
    'model.activation': withDefault(activation, (config) =>
      config['model.order'] === 'written' ? 'relu' : 'gelu',
    ),
    'model.dropout': {
      ...dropout,
      help: 'Share of features set to zero in training, after each activation.',
    },
    'model.bias': bias,
    ...parametrisation,
  },
  shape: (config) => `${config['model.width']} × ${config['model.depth']}`,
  layers(config, { inputs, outputs }) {
    const size = config['model.width'];
    const hasBias = config['model.bias'];
    const layers: Layer[] = [linear('linear_in', 'lift', inputs, size, hasBias)];
    for (let index = 0; index < config['model.depth'] - 1; index++) {
      const matrix = linear(`layers.${index}`, 'block', size, size, hasBias);
      const activated: readonly Layer[] = [
        { kind: 'activation', function: config['model.activation'] },
        ...dropoutLayers(config['model.dropout'], index),
      ];
      layers.push(
        ...normLayers(config['model.norm'], index, size),
        ...(config['model.order'] === 'coded' ? [...activated, matrix] : [matrix, ...activated]),
      );
    }
    layers.push(linear('linear_out', 'head', size, outputs, hasBias));
    return parametrised(config, layers);
  },
});
