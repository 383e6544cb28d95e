// CIFAR-100 with its hundred fine labels: fetched or dropped, never part of the page.
import { cifar10 } from './cifar-10.ts';
import type { DatasetEntry } from './dataset.ts';

const fine = [
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle',
  'caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant',
  'flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man',
  'maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree',
  'plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail',
  'snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout',
  'tulip turtle wardrobe whale willow_tree wolf woman worm',
];

const remote = (split: 'train' | 'test', bytes: number, sha256: string) => ({
  split,
  url: `https://huggingface.co/datasets/uoft-cs/cifar100/resolve/aadb3af77e9048adbea6b47c21a81e47dd092ae5/cifar100/${split}-00000-of-00001.parquet`,
  bytes,
  sha256,
});

export const cifar100: DatasetEntry = {
  label: 'CIFAR-100',
  help: 'Small colour photographs of a hundred kinds of things, 500 training images each.',
  source: 'Krizhevsky 2009',
  licence: 'unknown; cite Krizhevsky 2009',
  shape: { channels: 3, height: 32, width: 32 },
  classes: fine.flatMap((line) => line.split(' ')).map((name) => name.replace('_', ' ')),
  train: 50_000,
  test: 10_000,
  // The code of Scaling MLPs normalises CIFAR-100 by CIFAR-10's figures.
  mean: cifar10.mean,
  std: cifar10.std,
  origin: 'external',
  order: 'official',
  fileHint: 'cifar-100-binary.tar.gz, or train.bin and test.bin',
  originals: [
    {
      name: 'cifar-100-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
      bytes: 168_513_733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    },
  ],
  download: {
    order: 'hugging-face',
    imageColumn: 'img',
    labelColumn: 'fine_label',
    files: [
      remote('train', 118_518_617, '694865d6b990e234804f01268586c41e88bcbbb75e20858432c05ad4081aca23'),
      remote('test', 23_772_751, '98776c529bb146a9c791229df74a5cf076be9b43d82dbbd334b6a7788d73dc68'),
    ],
  },
};
