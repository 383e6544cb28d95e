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
  order: 'built-in',
  known: {
    'built-in': '0065ed5f9f2d2f512ebf7a3d6bebdcb96656db1de81926291197401d8592a015',
    official: 'ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f',
  },
  fileHint:
    'the four idx files of the whole dataset, train-images-idx3-ubyte.gz and so on, for all 70,000 images',
};
