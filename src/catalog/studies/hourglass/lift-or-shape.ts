// Is it the shape, or the input projection that comes with it? Both shapes of equal parameters, each with a projection
// and without one, at the width of the input, where both exist.
import { type Arm, armsAt, armsOf, type BySeed, effectOf, minus, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Quantity, Study } from '../study.ts';
import { edgeWords, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Shape', scale: 'linear', categories: ['wide inside', 'narrow inside'] };
const y = quantities.testPsnr;

/** Shapes whose blocks have equally many weights: blocks × inner width. */
const SHAPES = [
  { shape: 'wide', 'model.expansion': 2, 'model.depth': 2 },
  { shape: 'narrow', 'model.expansion': 0.5, 'model.depth': 8 },
] as const;

const scoreOf = ({ group }: Arm): BySeed => bySeed(group, 'test/psnr');

/** The arms of equal weights, with the shape as one axis. */
function shaped(arms: readonly Arm[]): readonly Arm[] {
  return SHAPES.flatMap(({ shape, ...place }) =>
    armsAt(arms, place).map((arm) => ({
      ...arm,
      place: { shape, 'model.lift': arm.place['model.lift'] ?? 'trained' },
    })),
  );
}

function findingOf(rows: readonly Observed[]) {
  const arms = shaped(armsOf(rows, ['optimizer.learningRate'], 'validation/psnr'));
  const lift = effectOf(arms, 'model.lift', ['trained', 'none'], scoreOf).gain;
  const shape = effectOf(arms, 'shape', ['narrow', 'wide'], scoreOf).gain;
  const parts = [
    {
      words: ['A trained projection gains', 'dB of test PSNR, mean over both shapes'],
      amount: summaryOf(lift),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
    {
      words: ['That is', 'dB more than the narrow shape gains over the wide one'],
      amount: summaryOf(minus(lift, shape)),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  const alone = summaryOf(shape);
  const words = ({ mean }: { readonly mean: number }): string => mean.toFixed(2).replace('-', '−');
  return {
    figures: [
      {
        title: 'Test PSNR by shape, with a projection and without',
        x,
        y,
        lines: ['trained', 'none'].map((kind) =>
          lineOf(
            kind === 'none' ? 'no projection' : 'trained projection',
            armsAt(arms, { 'model.lift': kind }).flatMap((arm) =>
              pointAt(arm.place['shape'] === 'wide' ? 0 : 1, scoreOf(arm), { group: arm.group }),
            ),
          ),
        ),
      },
    ],
    verdict: verdictOn(parts, rows, [
      ...(alone ? [`The narrow shape alone gains ${words(alone)} dB, mean over both.`] : []),
      'The projection adds 4,096 weights to 32,768 in the blocks.',
      ...edgeWords(arms),
    ]),
  };
}

export const liftOrShape: Study = {
  label: 'Projection or shape',
  paper: 'hourglass',
  question: 'Is it the shape, or the projection that comes with it?',
  claim:
    'What an hourglass gains over a conventional MLP comes from the input projection, not from the shape.',
  source:
    'Rethinking the shape convention of an MLP, result files: conventional networks with and without projections',
  settings: [
    'data=digits',
    'data.validationSize=300',
    'task=prototype',
    'model=inverted-bottleneck',
    'model.width=64',
    'model.norm=batch',
    'model.activation=relu',
    'model.bias=false',
    'schedule=linear',
    'train.batchSize=64',
    'train.epochs=60',
    'train.evaluateEvery=60',
    'sweep.model.depth=2,8',
    'sweep.model.expansion=0.5,2',
    'sweep.model.lift=trained,none',
    'sweep.optimizer.learningRate=1e-3,3e-3,1e-2',
    'sweep.seeds=5',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Digits of 8 × 8 pixels and blocks 64 wide, 2 or 8 of them, instead of MNIST and ImageNet at 32 pixels; half of the grid, depth and shape that do not match in weights, is left out of the verdict.',
  answer:
    'Test PSNR of both shapes at equal weights, with a trained input projection and without one, five seeds.',
  finding: async (rows) => findingOf(rows),
};
