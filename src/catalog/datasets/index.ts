// The menu of datasets, in menu order.
import { cifar10 } from './cifar-10.ts';
import { cifar100 } from './cifar-100.ts';
import { custom } from './custom.ts';
import type { DatasetEntry } from './dataset.ts';
import { digits } from './digits.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { mnist } from './mnist.ts';
import { teacher } from './teacher.ts';

export const datasets = {
  'fashion-mnist': fashionMnist,
  digits,
  teacher,
  'cifar-10': cifar10,
  'cifar-100': cifar100,
  mnist,
  custom,
} as const satisfies Readonly<Record<string, DatasetEntry>>;
