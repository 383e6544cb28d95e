// Do the filters of the first matrix become local, and by what? The score is the share of a filter's squared weights in
// its best window of a quarter of each side; augmentation and the number of images are varied.
import {
  type Arm,
  armsAt,
  armsOf,
  type BySeed,
  effectOf,
  scaled,
  slopeBySeed,
  summaryOf,
} from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities, SHARE } from '../quantities.ts';
import type { Figure, Quantity, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.trainingImages;
const y: Quantity = {
  label: 'Locality of the first filters',
  unit: '%',
  scale: 'linear',
  within: SHARE,
};
const accuracy = quantities.testAccuracy;

const IMAGES = 'data.trainSize';
const [WITH, WITHOUT] = ['flip-crop', 'none'];
/** Of all filters' weights spread evenly: 7 × 7 of 28 × 28. */
const EVEN = '6.25 %';

const localityOf = ({ group }: Arm): BySeed => scaled(bySeed(group, 'filters/locality'), 100);
const accuracyOf = ({ group }: Arm): BySeed => scaled(bySeed(group, 'test/accuracy'), 100);

function figureOf(
  arms: readonly Arm[],
  title: string,
  quantity: Quantity,
  score: (arm: Arm) => BySeed,
): Figure {
  return {
    title,
    x,
    y: quantity,
    lines: [
      [WITH, 'flips and crops'],
      [WITHOUT, 'no augmentation'],
    ].map(([augment, label]) =>
      lineOf(
        label as string,
        armsAt(arms, { augment: augment as string }).flatMap((arm) =>
          pointAt(Number(arm.place[IMAGES]), score(arm), { group: arm.group }),
        ),
      ),
    ),
  };
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, [], 'test/loss');
  const { gain } = effectOf(arms, 'augment', [WITH as string, WITHOUT as string], localityOf);
  const growth = slopeBySeed(
    armsAt(arms, { augment: WITH as string }).map((arm) => ({
      x: Math.log2(Number(arm.place[IMAGES])),
      y: localityOf(arm),
    })),
  );
  const sizes = valuesOf(rows, IMAGES).length;
  const parts = [
    {
      words: [`With flips and crops the score of the filters is, over ${sizes} sizes,`, 'points higher'],
      amount: summaryOf(gain),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
    {
      words: ['With them it rises by', 'points a doubling of the images'],
      amount: summaryOf(growth),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  return {
    figures: [
      figureOf(arms, 'Locality of the first filters against images', y, localityOf),
      figureOf(arms, 'Test accuracy of the same runs', accuracy, accuracyOf),
    ],
    verdict: verdictOn(parts, rows, [
      `Weights that are spread evenly score ${EVEN} on images of 28 × 28 pixels.`,
      'All runs take as many steps: more images are seen less often each.',
    ]),
  };
}

export const localFilters: Study = {
  label: 'Local filters',
  paper: 'scaling-mlps',
  question: 'Do first-layer filters become local?',
  claim:
    'With augmentation the filters of the first matrix become local, the more so the more images there are.',
  source: 'Scaling MLPs, appendix B, figures 11 and 12',
  settings: [
    'data=fashion-mnist',
    'model.width=64',
    'train.batchSize=64',
    'train.steps=3000',
    'train.evaluateEvery=1000000',
    'sweep.data.trainSize=750..12000*4',
    'sweep.augment=none,flip-crop',
    'sweep.seeds=3',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'At most 12,000 grey pictures for 3,000 steps instead of 12 million of ImageNet-21k for 800 epochs; windows of 7 × 7 of 28 × 28 pixels; the source shows pictures of filters and no score.',
  answer: 'The mean locality of all filters against the number of images, with augmentation and without.',
  finding: async (rows) => findingOf(rows),
};
