// Does a larger batch train better? The answer depends on what is held equal and on whether the learning rate is tuned
// at every batch size, so the grid has all of it: fixed rate, rules and tuned rate are paths through one grid.
import type { Study } from './study.ts';

export const batchSize: Study = {
  label: 'Batch size',
  question: 'How large a batch is too large?',
  source: 'Scaling MLPs, figure 5; Shallue et al. 2019; McCandlish et al. 2018',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'model.width=64',
    'model.depth=1',
    'train.evaluateEvery=0.25',
    'sweep.train.batchSize=16..2048*2',
    'sweep.optimizer.learningRate=2.5e-4..0.016*2',
    'sweep.horizon=epochs:4,steps:400',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  scaledDown:
    'A network of 60 thousand parameters on 10,000 images instead of ImageNet-21k; test loss instead of a linear probe; 7 learning rates instead of 100 trials a batch size.',
  answer:
    'Under equal epochs with the learning rate tuned at every batch size, test loss against batch size; and the steps to reach a validation loss, on which the critical batch size is fitted.',
};
