// Fashion-MNIST: the built-in dataset, a class-balanced part of the original.
import type { DatasetEntry } from './dataset.ts';

export const fashionMnist: DatasetEntry = {
  label: 'Fashion-MNIST',
  help: 'Grey pictures of clothes in ten kinds; a balanced part of the original comes with the page.',
  source: 'Xiao, Rasul and Vollgraf 2017',
  licence: 'MIT',
  shape: { channels: 1, height: 28, width: 28 },
  classes: [
    'T-shirt',
    'trouser',
    'pullover',
    'dress',
    'coat',
    'sandal',
    'shirt',
    'sneaker',
    'bag',
    'ankle boot',
  ],
  train: 12_000,
  test: 2_000,
  mean: [0.286],
  std: [0.353],
  origin: 'built-in',
};
