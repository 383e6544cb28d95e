// Does the error follow a power law in compute? Width, images and epochs are varied together.
import type { Study } from './study.ts';

export const scalingLaw: Study = {
  label: 'Scaling law',
  question: 'Does error follow a law in compute?',
  source: 'Scaling MLPs, section 4.3 and figure 6; Hoffmann et al. 2022',
  settings: [
    'data=fashion-mnist',
    'train.batchSize=64',
    'sweep.model.width=16..256*2',
    'sweep.data.trainSize=1500..12000*2',
    'sweep.train.epochs=3,6,12',
  ].join('&'),
  scaledDown:
    'Five widths from 16 to 256 and up to 12,000 images instead of six B-MLPs on subsets of ImageNet-21k; test error of the trained task instead of a linear probe; one learning rate.',
  answer:
    'Test error against training FLOPs with the law fitted to the best runs, the largest runs held out and predicted.',
};
