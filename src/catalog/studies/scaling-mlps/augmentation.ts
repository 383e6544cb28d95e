// What augmentation is worth to an MLP, and what happens without it: accuracy along training, and how far the test loss
// climbs from its lowest.
import {
  type Arm,
  amounts,
  armsAt,
  armsOf,
  type BySeed,
  effectOf,
  meanBySeed,
  scaled,
  summaryOf,
} from '../../../core/arms.ts';
import type { Group, Observed } from '../../../core/measurement.ts';
import { bySeed } from '../../../core/observations.ts';
import { curveOf } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Figure, Quantity, Study } from '../study.ts';
import { amountWords, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Epochs', scale: 'linear' };
const y = quantities.testAccuracy;
const loss = quantities.testLoss;

const NAMES: Readonly<Record<string, string>> = { none: 'none', 'flip-crop': 'flips and crops' };
const MODELS: Readonly<Record<string, string>> = { isotropic: 'S-MLP', 'inverted-bottleneck': 'B-MLP' };

const nameOf = ({ cell }: Group): string =>
  `${MODELS[String(cell['model'])] ?? cell['model']}, ${NAMES[String(cell['augment'])] ?? cell['augment']}${Number(cell['augment.mixup']) > 0 ? ' + MixUp' : ''}`;

/** The last test loss over the lowest one, less 1, in percent. */
const climbOf = (group: Group): BySeed =>
  amounts(group, ({ final, best }) => {
    const [last, lowest] = [final['test/loss'], best['test/loss']?.value];
    return last === undefined || lowest === undefined ? null : 100 * (last / lowest - 1);
  });

function figuresOf(groups: readonly Group[]): readonly Figure[] {
  return [
    {
      title: 'Test accuracy along training',
      x,
      y,
      lines: groups.map((group) => curveOf(nameOf(group), group, 'test/accuracy', 100)),
    },
    {
      title: 'Test loss along training',
      x,
      y: loss,
      lines: groups.map((group) => curveOf(nameOf(group), group, 'test/loss')),
    },
  ];
}

/** Points of accuracy from half of training to its end. */
const lateGain = (group: Group): BySeed =>
  amounts(group, ({ final, evaluations, steps }) => {
    const { steps: scored = [], values = [] } = evaluations['test/accuracy'] ?? {};
    const half = values[scored.findIndex((step) => step >= steps / 2)];
    const last = final['test/accuracy'];
    return half === undefined || last === undefined ? null : 100 * (last - half);
  });

function lateWords(arms: readonly Arm[]): readonly string[] {
  const [with_, without] = ['flip-crop', 'none'].map((augment) =>
    summaryOf(meanBySeed(armsAt(arms, { augment }).map(({ group }) => lateGain(group)))),
  );
  if (!with_ || !without) return [];
  return [
    `From half of training to its end accuracy gains ${amountWords(with_, 1)} points with them and ${amountWords(without, 1)} without: where it still rises, longer training may say otherwise.`,
  ];
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, [], 'test/loss');
  const pair = ['flip-crop', 'none'] as const;
  const plain = arms.filter(({ place }) => place['augment.mixup'] === 0);
  const accuracy = effectOf(plain, 'augment', pair, ({ group }) =>
    scaled(bySeed(group, 'test/accuracy'), 100),
  );
  const climb = effectOf(plain, 'augment', ['none', 'flip-crop'], ({ group }) => climbOf(group));
  const parts = [
    {
      words: ['At the end of training flips and crops add', 'points of test accuracy'],
      amount: summaryOf(accuracy.gain),
      claimed: [0, Number.POSITIVE_INFINITY],
      decimals: 1,
    },
    {
      words: ['Without them the test loss climbs', '% further above its lowest than with them'],
      amount: summaryOf(climb.gain),
      claimed: [0, Number.POSITIVE_INFINITY],
      decimals: 0,
    },
  ] as const;
  const notes = [
    ...lateWords(plain),
    'The paper names about 20 points on CIFAR-10 and ImageNet; how many it is depends on the data.',
  ];
  return { figures: figuresOf(arms.map(({ group }) => group)), verdict: verdictOn(parts, rows, notes) };
}

export const augmentation: Study = {
  label: 'Augmentation',
  paper: 'scaling-mlps',
  question: 'What is augmentation worth to an MLP?',
  claim: 'Augmentation adds test accuracy, and without it an MLP soon overfits.',
  source: 'Scaling MLPs, section 4.1 and table 1',
  settings: [
    'data=fashion-mnist',
    'data.trainSize=2000',
    'model.width=64',
    'train.batchSize=64',
    'train.epochs=100',
    'train.evaluateEvery=5',
    'sweep.model=isotropic,inverted-bottleneck',
    'sweep.augment=none,flip-crop',
    'sweep.augment.mixup=0,0.8',
    'sweep.seeds=3',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    '2,000 grey pictures of clothes for 100 epochs instead of all of CIFAR-10 for up to 5,000; networks of at most 115 thousand parameters, two blocks deep, at one learning rate.',
  answer:
    'Test accuracy and test loss along training, the mean of three seeds, one line an augmentation and shape.',
  finding: async (rows) => findingOf(rows),
};
