// MLP-Mixer: blocks that mix tokens for each feature, then features for each token. Names of tensors are those of timm
// (`stem.proj`, `blocks.0.mlp_tokens.fc1`), starts those of the official code.
import type { Init, Layer } from '../../core/layers.ts';
import { tokensOf } from '../../core/layers.ts';
import { architecture } from './architecture.ts';
import { activation, depth, width } from './fields.ts';
import { channelWidth, embedding, head, layerNorm, matrix, patch, tokenWidth } from './patches.ts';

/** The deviation of a standard normal distribution cut off at ±2, by which Flax divides. */
const CUT = 0.87962566103423978;

/** LeCun's normal start, N(0, 1/fan-in) cut off at two deviations, and zero biases: Flax's `Dense`. */
const lecun = (inputs: number): { readonly weightInit: Init; readonly biasInit: Init } => ({
  weightInit: { kind: 'normal', deviation: 1 / Math.sqrt(inputs) / CUT, within: 2 },
  biasInit: zero,
});
const zero: Init = { kind: 'constant', value: 0 };

export const mlpMixer = architecture({
  label: 'MLP-Mixer',
  short: 'Mixer',
  help: 'Cuts the image into patches; blocks mix patches for each feature, then features for each patch.',
  source: 'MLP-Mixer: an all-MLP architecture for vision, section 2 and code',
  fields: {
    'model.patch': patch,
    'model.width': { ...width, help: 'Features of each token.' },
    'model.depth': { ...depth, help: 'Number of blocks: one over tokens, one over features each.' },
    'model.tokenWidth': tokenWidth,
    'model.channelWidth': channelWidth,
    'model.activation': activation,
  },
  shape: (config) => `${config['model.width']} × ${config['model.depth']}, patch ${config['model.patch']}`,
  layers(config, ends) {
    const size = config['model.width'];
    const stem = embedding(config['model.patch'], size, ends);
    const tokens = tokensOf(stem);
    const layers: Layer[] = [{ ...stem, ...lecun(stem.channels * stem.patch ** 2) }];
    const mlp = (name: string, outer: number, inner: number): readonly Layer[] => [
      matrix(`${name}.fc1`, outer, inner, lecun(outer)),
      { kind: 'activation', function: config['model.activation'] },
      matrix(`${name}.fc2`, inner, outer, lecun(inner)),
    ];
    for (let index = 0; index < config['model.depth']; index++) {
      const name = `blocks.${index}`;
      layers.push(
        {
          kind: 'residual',
          branch: [
            layerNorm(`${name}.norm1`, size),
            { kind: 'transpose', rows: tokens, columns: size },
            ...mlp(`${name}.mlp_tokens`, tokens, config['model.tokenWidth']),
            { kind: 'transpose', rows: size, columns: tokens },
          ],
        },
        {
          kind: 'residual',
          branch: [
            layerNorm(`${name}.norm2`, size),
            ...mlp(`${name}.mlp_channels`, size, config['model.channelWidth']),
          ],
        },
      );
    }
    layers.push(...head(tokens, size, ends.outputs, { weightInit: zero, biasInit: zero }));
    return layers;
  },
});
