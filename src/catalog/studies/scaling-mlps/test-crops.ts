// What looking at several versions of each test image is worth: the mean of what one network says of them against what it
// says of the image alone, by the number of versions.
import {
  type Arm,
  amounts,
  armsAt,
  armsOf,
  type BySeed,
  scaled,
  slopeBySeed,
  summaryOf,
} from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Quantity, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Versions of each test image', scale: 'log' };
const y = quantities.testAccuracy;

const CROPS = 'evaluate.tta';

/** Points of accuracy that the versions add to the image alone, in the same run. */
const gainOf = ({ group }: Arm): BySeed =>
  amounts(group, ({ final }) => {
    const [mean, alone] = [final['test/tta-accuracy'], final['test/accuracy']];
    return mean === undefined || alone === undefined ? null : 100 * (mean - alone);
  });

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, [], 'test/loss');
  const most = valuesOf(rows, CROPS).at(-1);
  const [arm] = most === undefined ? [] : armsAt(arms, { [CROPS]: most });
  const growth = slopeBySeed(arms.map((one) => ({ x: Math.log2(Number(one.place[CROPS])), y: gainOf(one) })));
  const parts = [
    {
      words: [`The mean over ${most ?? '…'} versions adds`, 'points of test accuracy'],
      amount: arm ? summaryOf(gainOf(arm)) : null,
      claimed: [0, Number.POSITIVE_INFINITY],
    },
    {
      words: ['A doubling of the versions adds', 'points'],
      amount: summaryOf(growth),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  const line = (label: string, metric: string) =>
    lineOf(
      label,
      arms.flatMap((one) =>
        pointAt(Number(one.place[CROPS]), scaled(bySeed(one.group, metric), 100), { group: one.group }),
      ),
    );
  return {
    figures: [
      {
        title: 'Test accuracy against versions of each image',
        x,
        y,
        lines: [line('mean over versions', 'test/tta-accuracy'), line('the image alone', 'test/accuracy')],
      },
    ],
    verdict: verdictOn(parts, rows, [
      'That versions help more where objects are off the centre is not tested: all pictures here are centred.',
    ]),
  };
}

export const testCrops: Study = {
  label: 'Test-time crops',
  paper: 'scaling-mlps',
  question: 'What are several versions of a test image worth?',
  claim: 'The mean over randomly cropped versions of a test image is more often right than the image alone.',
  source: 'Scaling MLPs, section 4.2 and table 2',
  settings: [
    'data=fashion-mnist',
    'data.trainSize=4000',
    'augment=flip-crop',
    'model.width=64',
    'train.batchSize=64',
    'train.epochs=20',
    'train.evaluateEvery=20',
    'sweep.evaluate.tta=1,4,16,64',
    'sweep.seeds=5',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Windows shifted by up to 4 of 28 pixels and mirrored, at most 64 of them, on centred grey pictures, by networks trained for 20 epochs; the paper takes 100 crops of networks that were trained on ImageNet-21k, and gains most on off-centre photographs.',
  answer:
    'Test accuracy by the mean over versions and by the image alone, against the number of versions, five seeds.',
  finding: async (rows) => findingOf(rows),
};
