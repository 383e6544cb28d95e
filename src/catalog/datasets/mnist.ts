// MNIST: fetched by `lab data mnist` or dropped, never part of the page.
import type { DatasetEntry } from './dataset.ts';

export const mnist: DatasetEntry = {
  label: 'MNIST',
  help: 'Handwritten digits, the classic: 60,000 training and 10,000 test images.',
  source: 'LeCun, Bottou, Bengio and Haffner 1998',
  licence: 'CC BY-SA 3.0 as stated by its redistributors; cite LeCun et al. 1998',
  shape: { channels: 1, height: 28, width: 28 },
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  train: 60_000,
  test: 10_000,
  mean: [0.1307],
  std: [0.3081],
  origin: 'external',
  order: 'official',
  known: { official: '06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16' },
  fileHint:
    'train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz',
  // torchvision's mirror of the original files.
  originals: [
    'train-images-idx3-ubyte.gz',
    'train-labels-idx1-ubyte.gz',
    't10k-images-idx3-ubyte.gz',
    't10k-labels-idx1-ubyte.gz',
  ].map((name) => ({ name, url: `https://ossci-datasets.s3.amazonaws.com/mnist/${name}` })),
};
