// The hourglass against the inverted bottleneck on the paper's own kind of task, at equal parameters and with an equal
// search; seen against parameters and against multiply-adds. The lift and the head are alike in both.
import { type Arm, armsAt, armsOf, type BySeed, effectOf, minus, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { edgeDoubt, lineOf, pointAt } from '../lines.ts';
import { publishedFigures } from '../published-figures.ts';
import { quantities } from '../quantities.ts';
import type { Figure, Quantity, Study } from '../study.ts';
import { amountWords, edgeWords, verdictOn } from '../verdict.ts';

const x = quantities.parameters;
const y = quantities.testPsnr;

const [HOURGLASS, CONVENTIONAL] = ['hourglass', 'inverted-bottleneck'];
const NAMES = [
  [HOURGLASS, 'hourglass'],
  [CONVENTIONAL, 'inverted bottleneck'],
] as const;

const scoreOf = ({ group }: Arm): BySeed => bySeed(group, 'test/psnr');

function figureOf(arms: readonly Arm[], title: string, quantity: Quantity, of: (arm: Arm) => number): Figure {
  return {
    title,
    x: quantity,
    y,
    lines: NAMES.map(([model, label]) =>
      lineOf(
        label,
        armsAt(arms, { model }).flatMap((arm) =>
          pointAt(of(arm), scoreOf(arm), { doubt: edgeDoubt(arm), group: arm.group }),
        ),
      ),
    ),
  };
}

function sizeWords(arms: readonly Arm[], budget: number): readonly string[] {
  const [one] = armsAt(arms, { model: HOURGLASS, budget });
  const [other] = armsAt(arms, { model: CONVENTIONAL, budget });
  const gain = one && other && summaryOf(minus(scoreOf(one), scoreOf(other)));
  return gain ? [`${budget.toLocaleString('en-US')}: ${amountWords(gain)}`] : [];
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['model.depth', 'optimizer.learningRate'], 'validation/psnr');
  const { gain } = effectOf(arms, 'model', [HOURGLASS, CONVENTIONAL], scoreOf);
  const sizes = valuesOf(rows, 'budget').flatMap((budget) => sizeWords(arms, Number(budget)));
  const [arm] = arms;
  const first = (of: (run: Arm['group']['measurements'][number]) => number) => (one: Arm) =>
    one.group.measurements[0] ? of(one.group.measurements[0]) : 0;
  return {
    figures: [
      figureOf(
        arms,
        'Test PSNR against parameters',
        x,
        first(({ parameters }) => parameters.total),
      ),
      figureOf(
        arms,
        'Test PSNR against multiply-adds',
        quantities.multiplyAdds,
        first(({ macsPerExample }) => macsPerExample),
      ),
    ],
    verdict: verdictOn(
      [
        {
          words: ['At equal parameters, over all sizes, the hourglass gains', 'dB of test PSNR'],
          amount: summaryOf(gain),
          claimed: [0, Number.POSITIVE_INFINITY],
          decimals: 3,
        },
      ],
      rows,
      [
        ...(sizes.length > 0 ? [`By parameters, in dB: ${sizes.join('; ')}.`] : []),
        ...(arm
          ? [
              `Each point is the best of ${arm.tried} depths and learning rates, for both alike; in the paper 80 hourglasses stand against 8 conventional networks.`,
            ]
          : []),
        ...edgeWords(arms),
      ],
    ),
  };
}

export const pareto: Study = {
  label: 'Hourglass, equal search',
  paper: 'hourglass',
  question: 'Does an hourglass win when both are searched alike?',
  claim: 'At equal parameters an hourglass takes noise off images better than a conventional MLP.',
  source: 'Rethinking the shape convention of an MLP, section 4 and figure 2',
  settings: [
    'data=digits',
    'data.validationSize=300',
    'task=denoise',
    'model.norm=batch',
    'model.activation=relu',
    'model.bias=false',
    'schedule=linear',
    'train.batchSize=64',
    'train.epochs=60',
    'train.evaluateEvery=60',
    'sweep.model=hourglass,inverted-bottleneck',
    'sweep.equal=parameters',
    'sweep.budget=1.2e4,2.4e4,4.8e4',
    'sweep.model.depth=1,2,4',
    'sweep.optimizer.learningRate=3e-3,1e-2,3e-2',
    'sweep.seeds=3',
    'sweep.tune=model.depth,optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Denoising of 1,197 digits of 8 × 8 pixels at 12 to 48 thousand parameters instead of ImageNet at 32 pixels at 20 to 90 million; inner widths are a quarter and four times the outer one, not searched.',
  answer:
    'Test PSNR against parameters and against multiply-adds, nine networks searched for each point of both.',
  async finding(rows) {
    const { figures, verdict } = findingOf(rows);
    // The paper's own points stand beside the lab's, once there are some.
    const published = rows.length > 0 ? await publishedFigures() : [];
    return { figures: [...figures, ...published], verdict };
  },
};
