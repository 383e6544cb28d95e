// Which shape wins at equal parameters? The width of each family is solved for, so that a difference is the shape's.
import type { Study } from './study.ts';

export const shapes: Study = {
  label: 'Shapes',
  question: 'Which shape wins at equal parameters?',
  source: 'Rethinking the shape convention of an MLP, section 4; Scaling MLPs, table 1',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'sweep.model=isotropic,inverted-bottleneck,hourglass',
    'sweep.equal=parameters',
    'sweep.budget=3e4,1e5,3e5',
    'sweep.seeds=3',
  ].join('&'),
  scaledDown:
    'Classification of 10,000 images at 30 to 300 thousand parameters, two blocks deep, one learning rate a family; the papers search depth and rate at each size.',
  answer: 'Test accuracy against parameters, the mean of three seeds with its interval, one line a family.',
};
