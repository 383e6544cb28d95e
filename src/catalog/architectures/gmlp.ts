// gMLP: blocks whose one matrix over tokens gates half of their features. The residual is the block's input itself, not
// its normalised form. Names of tensors are those of timm (`blocks.0.mlp_channels.gate.proj`).
import { LabError } from '../../core/failure.ts';
import { withDefault } from '../../core/fields.ts';
import type { Layer } from '../../core/layers.ts';
import { tokensOf } from '../../core/layers.ts';
import { architecture } from './architecture.ts';
import { activation, depth, width } from './fields.ts';
import { channelWidth, embedding, head, layerNorm, matrix, patch } from './patches.ts';

/** The gate starts as 1 everywhere, so that a block starts as two plain matrices. */
const OPEN = {
  weightInit: { kind: 'normal', deviation: 1e-6, within: null },
  biasInit: { kind: 'constant', value: 1 },
} as const;

export const gmlp = architecture({
  label: 'gMLP',
  short: 'gMLP',
  help: 'Cuts the image into patches; in each block half of the features, mixed over patches, gates the other half.',
  source: 'Pay attention to MLPs, section 2',
  fields: {
    'model.patch': patch,
    'model.width': { ...width, help: 'Features of each token.' },
    'model.depth': { ...depth, help: 'Number of blocks.' },
    'model.channelWidth': withDefault(
      { ...channelWidth, help: 'Features inside a block, even: one half gates the other.' },
      (config) => 6 * Number(config['model.width']),
    ),
    'model.activation': activation,
  },
  shape: (config) => `${config['model.width']} × ${config['model.depth']}, patch ${config['model.patch']}`,
  layers(config, ends) {
    const size = config['model.width'];
    const inner = config['model.channelWidth'];
    if (inner % 2 !== 0) {
      throw new LabError(
        'config-invalid',
        `model.channelWidth=${inner} cannot be halved for the gate: set model.channelWidth=${inner + 1}.`,
      );
    }
    const stem = embedding(config['model.patch'], size, ends);
    const tokens = tokensOf(stem);
    const half = inner / 2;
    const layers: Layer[] = [stem];
    for (let index = 0; index < config['model.depth']; index++) {
      const name = `blocks.${index}`;
      layers.push({
        kind: 'residual',
        branch: [
          layerNorm(`${name}.norm`, size),
          matrix(`${name}.mlp_channels.fc1`, size, inner),
          { kind: 'activation', function: config['model.activation'] },
          {
            kind: 'gate',
            width: half,
            branch: [
              layerNorm(`${name}.mlp_channels.gate.norm`, half),
              { kind: 'transpose', rows: tokens, columns: half },
              matrix(`${name}.mlp_channels.gate.proj`, tokens, tokens, OPEN),
              { kind: 'transpose', rows: half, columns: tokens },
            ],
          },
          matrix(`${name}.mlp_channels.fc2`, half, size),
        ],
      });
    }
    layers.push(...head(tokens, size, ends.outputs));
    return layers;
  },
});
