// The menu of datasets, in menu order.
import { cifar10 } from './cifar-10.ts';
import { fashionMnist } from './fashion-mnist.ts';

export const datasets = {
  'fashion-mnist': fashionMnist,
  'cifar-10': cifar10,
} as const;
