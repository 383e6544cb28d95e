// What the networks on patches share: their settings, how an image becomes tokens, and the head.
import { LabError } from '../../core/failure.ts';
import { integer } from '../../core/fields.ts';
import type { Init, Layer, LayerNorm, Linear, PatchEmbedding } from '../../core/layers.ts';
import type { Ends } from './architecture.ts';

const MIXER = 'MLP-Mixer, table 1';

export const patch = integer([1, 256], {
  label: 'Patch',
  unit: 'pixels',
  scale: 'log2',
  help: 'Side of the squares that an image is cut into; each becomes a token.',
  source: MIXER,
  default: 4,
});

export const channelWidth = integer([1, 16384], {
  label: 'Channel width',
  unit: 'units',
  scale: 'log2',
  help: 'Features inside a block, for each token by itself.',
  source: MIXER,
  default: (config) => 4 * Number(config['model.width']),
});

export const tokenWidth = integer([1, 16384], {
  label: 'Token width',
  unit: 'units',
  scale: 'log2',
  help: 'Units inside a block that mixes tokens, for each feature by itself.',
  source: MIXER,
  default: (config) => Math.max(1, Math.round(Number(config['model.width']) / 2)),
});

/**
 * The embedding of patches as tokens of `outputs` features. Throws LabError `config-invalid` where the patch does not
 * divide the image.
 */
export function embedding(size: number, outputs: number, { image }: Ends): PatchEmbedding {
  if (!image) throw new LabError('internal', 'A network on patches needs to know the shape of its images.');
  const { channels, height, width } = image;
  if (height % size !== 0 || width % size !== 0) {
    const fitting = Array.from({ length: Math.min(height, width) }, (_, i) => i + 1).filter(
      (side) => height % side === 0 && width % side === 0,
    );
    throw new LabError(
      'config-invalid',
      `model.patch=${size} does not divide images of ${height} × ${width} pixels: choose one of ${fitting.join(', ')}.`,
    );
  }
  return { kind: 'patch-embedding', name: 'stem.proj', channels, height, width, patch: size, outputs };
}

/** With eps 1e-5 as everywhere here; Flax and timm take 1e-6. */
export const layerNorm = (name: string, width: number): LayerNorm => ({ kind: 'layer-norm', name, width });

/** Every matrix has a bias here. */
export function matrix(
  name: string,
  inputs: number,
  outputs: number,
  starts: { readonly weightInit?: Init; readonly biasInit?: Init } = {},
): Linear {
  return { kind: 'linear', name, role: 'block', inputs, outputs, bias: true, trainable: true, ...starts };
}

/** LayerNorm of every token, their mean, one matrix. */
export function head(
  tokens: number,
  width: number,
  outputs: number,
  starts: { readonly weightInit?: Init; readonly biasInit?: Init } = {},
): readonly Layer[] {
  return [
    layerNorm('norm', width),
    { kind: 'token-mean', tokens },
    { ...matrix('head', width, outputs, starts), role: 'head' },
  ];
}
