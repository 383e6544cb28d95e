// CIFAR-10: fetched or dropped, never part of the page.
import type { DatasetEntry } from './dataset.ts';

export const cifar10: DatasetEntry = {
  label: 'CIFAR-10',
  help: 'Small colour photographs of ten kinds of animals and vehicles.',
  source: 'Krizhevsky 2009',
  licence: 'unknown; cite Krizhevsky 2009',
  shape: { channels: 3, height: 32, width: 32 },
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  train: 50_000,
  test: 10_000,
  mean: [0.49139968, 0.48215827, 0.44653124],
  std: [0.24703233, 0.24348505, 0.26158768],
  origin: 'external',
  order: 'official',
  fileHint: 'cifar-10-binary.tar.gz, or data_batch_1.bin to data_batch_5.bin and test_batch.bin',
  originals: [
    {
      name: 'cifar-10-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      bytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    },
  ],
  download: {
    order: 'hugging-face',
    imageColumn: 'img',
    labelColumn: 'label',
    files: [
      {
        split: 'train',
        url: 'https://huggingface.co/datasets/uoft-cs/cifar10/resolve/0b2714987fa478483af9968de7c934580d0bb9a2/plain_text/train-00000-of-00001.parquet',
        bytes: 119_705_255,
        sha256: '8428b53a88a11ac374111006708df51469e315a22ac6d66470afd9c78d2ae883',
      },
      {
        split: 'test',
        url: 'https://huggingface.co/datasets/uoft-cs/cifar10/resolve/0b2714987fa478483af9968de7c934580d0bb9a2/plain_text/test-00000-of-00001.parquet',
        bytes: 23_940_850,
        sha256: '841389e6f2d64f28bf17310e430aebac20ec3ba611a3c5e231dc93c645ce84de',
      },
    ],
  },
};
