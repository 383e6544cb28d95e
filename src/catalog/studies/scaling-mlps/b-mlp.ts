// Is the inverted bottleneck better than the plain MLP at equal cost? Width is solved for; depth and learning rate are
// searched over the same values for both.
import {
  type Arm,
  armsAt,
  armsOf,
  type BySeed,
  effectOf,
  minus,
  scaled,
  summaryOf,
} from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { edgeDoubt, lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { FigureLine, Study } from '../study.ts';
import { amountWords, edgeWords, verdictOn } from '../verdict.ts';

const x = quantities.multiplyAdds;
const y = quantities.testError;

const [S, B] = ['isotropic', 'inverted-bottleneck'];

const errorOf = ({ group }: Arm): BySeed =>
  new Map([...bySeed(group, 'test/accuracy')].map(([seed, accuracy]) => [seed, 100 * (1 - accuracy)]));

const lineAt = (arms: readonly Arm[], model: string, label: string): FigureLine =>
  lineOf(
    label,
    armsAt(arms, { model }).flatMap((arm) =>
      pointAt(arm.group.measurements[0]?.macsPerExample ?? 0, errorOf(arm), {
        doubt: edgeDoubt(arm),
        group: arm.group,
      }),
    ),
  );

function sizeWords(arms: readonly Arm[], budget: number): readonly string[] {
  const [plain] = armsAt(arms, { model: S, budget });
  const [bottleneck] = armsAt(arms, { model: B, budget });
  const gain = plain && bottleneck && summaryOf(minus(errorOf(plain), errorOf(bottleneck)));
  return gain ? [`${budget.toLocaleString('en-US')}: ${amountWords(gain, 1)}`] : [];
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['model.depth', 'optimizer.learningRate'], 'validation/loss');
  const { gain } = effectOf(arms, 'model', [B, S], (arm) => scaled(errorOf(arm), -1));
  const sizes = valuesOf(rows, 'budget').flatMap((budget) => sizeWords(arms, Number(budget)));
  const [arm] = arms;
  const notes = [
    ...(sizes.length > 0 ? [`By multiply-adds of an image, in points: ${sizes.join('; ')}.`] : []),
    ...(arm ? [`Each point is the best of ${arm.tried} depths and learning rates, for both alike.`] : []),
    ...edgeWords(arms),
  ];
  return {
    figures: [
      {
        title: 'Test error at equal cost',
        x,
        y,
        lines: [lineAt(arms, S, 'S-MLP'), lineAt(arms, B, 'B-MLP')],
      },
    ],
    verdict: verdictOn(
      [
        {
          words: ['At equal cost, over all sizes, the B-MLP has', 'points less test error than the S-MLP'],
          amount: summaryOf(gain),
          claimed: [0, Number.POSITIVE_INFINITY],
        },
      ],
      rows,
      notes,
    ),
  };
}

export const bMlp: Study = {
  label: 'B-MLP against S-MLP',
  paper: 'scaling-mlps',
  question: 'Is an inverted bottleneck better at equal cost?',
  claim: 'An MLP with inverted bottlenecks and skip connections beats a plain one at equal cost.',
  source: 'Scaling MLPs, section 3 and table 1',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'train.epochs=5',
    'train.evaluateEvery=5',
    'sweep.model=isotropic,inverted-bottleneck',
    'sweep.equal=macs',
    'sweep.budget=3e4..2.4e5*2',
    'sweep.model.depth=2,4',
    'sweep.optimizer.learningRate=5e-4..2e-3*2',
    'sweep.seeds=3',
    'sweep.tune=model.depth,optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    '10,000 images for five epochs at 30 to 240 thousand multiply-adds; the paper trains on CIFAR and ImageNet for up to 5,000 epochs with augmentation.',
  answer:
    'Test error against multiply-adds, depth and learning rate searched alike for both, mean of three seeds.',
  finding: async (rows) => findingOf(rows),
};
