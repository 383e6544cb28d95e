// How deep an hourglass should be when all train equally long: what the first blocks gain, what more of them add, and
// what too many cost.
import {
  type Arm,
  armsAt,
  armsOf,
  type BySeed,
  meanBySeed,
  minus,
  paired,
  summaryOf,
} from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed } from '../../../core/observations.ts';
import { edgeDoubt, lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Quantity, Study } from '../study.ts';
import { edgeWords, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Blocks', scale: 'log' };
const y = quantities.testPsnr;

const scoreOf = ({ group }: Arm): BySeed => bySeed(group, 'test/psnr');

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['optimizer.learningRate'], 'validation/psnr');
  const at = (depth: number): BySeed => {
    const [arm] = armsAt(arms, { 'model.depth': depth });
    return arm ? scoreOf(arm) : new Map();
  };
  const first = minus(at(5), at(1));
  const parts = [
    {
      words: ['From 1 block to 5 the test PSNR gains', 'dB'],
      amount: summaryOf(first),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
    {
      words: ['From 5 blocks to 10 it gains', 'times as much as from 1 to 5'],
      amount: summaryOf(paired(minus(at(10), at(5)), first, (more, less) => more / less)),
      claimed: [Number.NEGATIVE_INFINITY, 0.5],
    },
    {
      words: ['With 30 blocks it loses against 5 and 10', 'dB'],
      amount: summaryOf(minus(meanBySeed([at(5), at(10)]), at(30))),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  return {
    figures: [
      {
        title: 'Test PSNR against depth',
        x,
        y,
        lines: [
          lineOf(
            'best learning rate',
            arms.flatMap((arm) =>
              pointAt(Number(arm.place['model.depth']), scoreOf(arm), {
                doubt: edgeDoubt(arm),
                group: arm.group,
              }),
            ),
          ),
        ],
      },
    ],
    verdict: verdictOn(parts, rows, edgeWords(arms)),
  };
}

export const depth: Study = {
  label: 'Depth of an hourglass',
  paper: 'hourglass',
  question: 'How deep should an hourglass be?',
  claim: 'With as much training for all, depth pays up to 5 to 10 blocks, and more of them hurt.',
  source:
    'Rethinking the shape convention of an MLP, depth figure (up to 10 blocks) and result files (up to 30)',
  settings: [
    'data=digits',
    'data.validationSize=300',
    'task=denoise',
    'model=hourglass',
    'model.width=96',
    'model.bottleneck=24',
    'schedule=linear',
    'train.batchSize=64',
    'train.epochs=60',
    'train.evaluateEvery=60',
    'sweep.model.depth=1,2,5,10,20,30',
    'sweep.optimizer.learningRate=1e-3,3e-3,1e-2,3e-2',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Denoising of 1,197 digits of 8 × 8 pixels with blocks of 96 and 24 features instead of ImageNet at 32 pixels with 3,546 and 270; the width stays, so that parameters grow with depth, as in the source.',
  answer: 'Test PSNR against the number of blocks, the learning rate tuned at each, mean of three seeds.',
  finding: async (rows) => findingOf(rows),
};
