// What each part of the block and the recipe is worth. All combinations are trained, so that every run counts for every
// part: what one value of a part gains is the mean over all combinations of the others, each at its best learning rate.
import { type Arm, armsOf, type BySeed, effectOf, scaled, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed } from '../../../core/observations.ts';
import type { Value } from '../../../core/setting.ts';
import type { Interval } from '../../../core/stats/bootstrap.ts';
import { lineOf, pointAt } from '../lines.ts';
import type { Quantity, Study } from '../study.ts';
import { edgeWords, type Part, verdictOn } from '../verdict.ts';

const y: Quantity = { label: 'Gain in test accuracy', unit: 'points', scale: 'linear' };

interface Factor {
  readonly label: string;
  readonly axis: string;
  readonly values: readonly [Value, Value];
  readonly words: string;
  /** Points of accuracy. */
  readonly claimed: Interval;
}

const BETTER: Interval = [0, Number.POSITIVE_INFINITY];

const factors: readonly Factor[] = [
  {
    label: 'GELU',
    axis: 'model.activation',
    values: ['gelu', 'relu'],
    words: 'GELU gains over ReLU',
    claimed: BETTER,
  },
  {
    label: 'skips',
    axis: 'model.skip',
    values: [true, false],
    words: 'Skip connections gain',
    claimed: BETTER,
  },
  {
    label: 'pre-norm',
    axis: 'model.normPosition',
    values: ['pre', 'post'],
    words: 'A norm before the block gains over one after it',
    claimed: BETTER,
  },
  {
    label: 'layer',
    axis: 'model.norm',
    values: ['layer', 'batch'],
    words: 'LayerNorm gains over BatchNorm',
    claimed: [-0.25, Number.POSITIVE_INFINITY],
  },
  {
    label: 'smooth',
    axis: 'train.labelSmoothing',
    values: [0.1, 0],
    words: 'Label smoothing of 0.1 gains',
    claimed: [-0.25, 2],
  },
  {
    label: 'Lion',
    axis: 'optimizer',
    values: ['lion', 'adamw'],
    words: 'Lion gains over AdamW',
    claimed: BETTER,
  },
];

const x: Quantity = {
  label: 'Part',
  scale: 'linear',
  categories: factors.map(({ label }) => label),
};

const scoreOf = ({ group }: Arm): BySeed => scaled(bySeed(group, 'test/accuracy'), 100);

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['optimizer.learningRate'], 'validation/loss');
  const effects = factors.map(({ axis, values }) => effectOf(arms, axis, values, scoreOf));
  const parts = factors.map(({ words, claimed }, index): Part => {
    const { gain, used, all } = effects[index] as (typeof effects)[number];
    return {
      words: [words, `points of test accuracy over ${used} of ${all} combinations of the others`],
      amount: summaryOf(gain),
      claimed,
    };
  });
  return {
    figures: [
      {
        title: 'What each part gains',
        x,
        y,
        lines: [
          {
            ...lineOf(
              'gain',
              effects.flatMap(({ gain }, index) => pointAt(index, gain)),
            ),
            isScatter: true,
          },
        ],
        rules: [{ at: 'y' as const, value: 0, words: 'no gain', isShown: true }],
      },
    ],
    verdict: verdictOn(parts, rows, [
      'Each interval has 95 % for itself: of six parts without any effect one in seven such studies would find one against the claim.',
      ...edgeWords(arms),
    ]),
  };
}

export const ablations: Study = {
  label: 'What each part is worth',
  paper: 'scaling-mlps',
  question: 'Which parts of the block and the recipe matter?',
  claim:
    'GELU, skip connections, a norm before the block and Lion each help; LayerNorm is no worse than BatchNorm, and label smoothing helps a little at most.',
  source: 'Scaling MLPs, appendix A.2, figure 9, tables 6 and 7',
  settings: [
    'data=fashion-mnist',
    'data.trainSize=4000',
    'data.validationSize=2000',
    'model.width=32',
    'model.depth=3',
    'train.epochs=4',
    'train.evaluateEvery=4',
    'sweep.model.activation=gelu,relu',
    'sweep.model.norm=layer,batch',
    'sweep.model.normPosition=pre,post',
    'sweep.model.skip=true,false',
    'sweep.train.labelSmoothing=0,0.1',
    'sweep.optimizer=adamw,lion',
    'sweep.optimizer.learningRate=2e-4,8e-4,3.2e-3',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Three blocks of 32 features on 4,000 images for four epochs instead of ImageNet-1k and a linear probe on CIFAR-100; three learning rates for both optimizers. Clipping, weight decay and dropout are left as they are.',
  answer:
    'The gain of each part in test accuracy with its interval, over all combinations of the other parts.',
  finding: async (rows) => findingOf(rows),
};
