// What training the input projection of an hourglass is worth, and whether its width matters when it is left as it starts.
import {
  type Arm,
  armsAt,
  armsOf,
  type BySeed,
  effectOf,
  minus,
  slopeBySeed,
  summaryOf,
} from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Figure, Quantity, Study } from '../study.ts';
import { edgeWords, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Trained parameters', scale: 'log' };
const y = quantities.testPsnr;

/** What a fixed lift may cost and still be nearly free: a third of what the corrected figure of the paper shows. */
const FREE = 0.1;

const scoreOf = ({ group }: Arm): BySeed => bySeed(group, 'test/psnr');

/** dB a doubling of the width. */
const slopeOf = (arms: readonly Arm[]): BySeed =>
  slopeBySeed(arms.map((arm) => ({ x: Math.log2(Number(arm.place['model.width'])), y: scoreOf(arm) })));

function figureOf(arms: readonly Arm[], title: string, of: (arm: Arm) => number, quantity: Quantity): Figure {
  return {
    title,
    x: quantity,
    y,
    lines: ['trained', 'fixed'].map((lift) =>
      lineOf(
        `lift ${lift}`,
        armsAt(arms, { 'model.lift': lift }).flatMap((arm) =>
          pointAt(of(arm), scoreOf(arm), { group: arm.group }),
        ),
      ),
    ),
  };
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['optimizer.learningRate'], 'validation/psnr');
  const { gain } = effectOf(arms, 'model.lift', ['trained', 'fixed'], scoreOf);
  const [trained, fixed] = ['trained', 'fixed'].map((lift) =>
    slopeOf(armsAt(arms, { 'model.lift': lift })),
  ) as [BySeed, BySeed];
  const widths = valuesOf(rows, 'model.width').length;
  const parts = [
    {
      words: [`At the same width, over ${widths} widths, a fixed lift costs`, 'dB of test PSNR'],
      amount: summaryOf(gain),
      claimed: [Number.NEGATIVE_INFINITY, FREE],
    },
    {
      words: ['A doubling of the width gains with a fixed lift', 'dB more than with a trained one'],
      amount: summaryOf(minus(fixed, trained)),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  return {
    figures: [
      figureOf(
        arms,
        'Test PSNR against trained parameters',
        ({ group }) => group.measurements[0]?.parameters.trainable ?? 0,
        x,
      ),
      figureOf(arms, 'Test PSNR against width', ({ place }) => Number(place['model.width']), {
        label: 'Width',
        unit: 'units',
        scale: 'log',
      }),
    ],
    verdict: verdictOn(parts, rows, [
      'The published figure shows 0.02 dB, its correction by the authors 0.25 to 0.28 dB.',
      ...edgeWords(arms),
    ]),
  };
}

export const fixedLift: Study = {
  label: 'Fixed lift',
  paper: 'hourglass',
  question: 'Does the input projection of an hourglass have to be trained?',
  claim:
    'A random input projection that is never trained costs an hourglass next to nothing, and the width matters only then.',
  source: 'Rethinking the shape convention of an MLP, figure 5 and result files',
  settings: [
    'data=digits',
    'data.validationSize=300',
    'task=denoise',
    'model=hourglass',
    'model.bottleneck=32',
    'model.depth=3',
    'schedule=linear',
    'train.batchSize=64',
    'train.epochs=60',
    'train.evaluateEvery=60',
    'sweep.model.width=72,96,128,192',
    'sweep.model.lift=trained,fixed',
    'sweep.optimizer.learningRate=3e-3,1e-2,3e-2',
    'sweep.seeds=5',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Denoising of 1,197 digits of 8 × 8 pixels with three blocks 72 to 192 wide instead of ImageNet at 32 pixels with five blocks 3,075 to 4,576 wide.',
  answer:
    'Test PSNR against the parameters that are trained and against the width, lift trained and fixed, five seeds.',
  finding: async (rows) => findingOf(rows),
};
