// The user's own images: what they are stands in the file alone, so everything that is counted here is zero.
import type { DatasetEntry } from './dataset.ts';

export const custom: DatasetEntry = {
  label: 'Own data',
  help: 'A file of yours: arrays x and y (npz, safetensors), or a zip of PNG pictures in class folders.',
  source: 'your file',
  licence: 'yours',
  shape: { channels: 0, height: 0, width: 0 },
  classes: [],
  train: 0,
  test: 0,
  mean: [],
  std: [],
  origin: 'own',
  fileHint: 'one .npz, .safetensors or .zip file',
};
