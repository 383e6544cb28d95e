// Which networks know where a pixel is? One fixed order of all pixels takes nothing from a dense network and everything
// local from one that reads patches.
import { type Arm, armsAt, armsOf, type BySeed, effectOf, scaled, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { bySeed, valuesOf } from '../../../core/observations.ts';
import { edgeDoubt, lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Quantity, Study } from '../study.ts';
import { edgeWords, type Part, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Pixels', scale: 'linear', categories: ['in order', 'shuffled'] };
const y = quantities.testAccuracy;

const NAMES: Readonly<Record<string, string>> = {
  'inverted-bottleneck': 'B-MLP',
  'mlp-mixer': 'MLP-Mixer',
  gmlp: 'gMLP',
};
const DENSE = 'inverted-bottleneck';
/** Points of accuracy that count as none. */
const SAME = 1;

const scoreOf = ({ group }: Arm): BySeed => scaled(bySeed(group, 'test/accuracy'), 100);

function partOf(arms: readonly Arm[], model: string): Part {
  const own = armsAt(arms, { model });
  const { gain } = effectOf(own, 'data.shufflePixels', [false, true], scoreOf);
  return {
    words: [`Shuffling takes`, `points of test accuracy from ${NAMES[model] ?? model}`],
    amount: summaryOf(gain),
    claimed: model === DENSE ? [-SAME, SAME] : [SAME, Number.POSITIVE_INFINITY],
    decimals: 1,
  };
}

function findingOf(rows: readonly Observed[]) {
  const arms = armsOf(rows, ['optimizer.learningRate'], 'validation/loss');
  const models = valuesOf(rows, 'model').map(String);
  const parts = ['inverted-bottleneck', 'mlp-mixer', 'gmlp'].map((model) => partOf(arms, model));
  return {
    figures: [
      {
        title: 'Test accuracy with pixels in order and shuffled',
        x,
        y,
        lines: models.map((model) =>
          lineOf(
            NAMES[model] ?? model,
            armsAt(arms, { model }).flatMap((arm) =>
              pointAt(arm.place['data.shufflePixels'] === true ? 1 : 0, scoreOf(arm), {
                doubt: edgeDoubt(arm),
                group: arm.group,
              }),
            ),
          ),
        ),
      },
    ],
    verdict: verdictOn(parts, rows, [
      `A dense network starts differently on another order of its inputs, so that its two runs are not equal to the bit: ${SAME} point counts as the same.`,
      ...edgeWords(arms),
    ]),
  };
}

export const shuffledPixels: Study = {
  label: 'Shuffled pixels',
  paper: 'scaling-mlps',
  question: 'Which networks know where a pixel is?',
  claim: 'An MLP does not care about the order of the pixels; MLP-Mixer and gMLP do.',
  source: 'Scaling MLPs, section 1; Compute Better Spent, code; MLP-Mixer, section 3',
  settings: [
    'data=fashion-mnist',
    'data.trainSize=3000',
    'data.validationSize=1000',
    'model.width=32',
    'model.depth=2',
    'train.epochs=6',
    'train.evaluateEvery=6',
    'sweep.model=inverted-bottleneck,mlp-mixer,gmlp',
    'sweep.data.shufflePixels=false,true',
    'sweep.optimizer.learningRate=1e-3,3e-3,1e-2,3e-2',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    '3,000 images of 28 × 28 pixels in 49 patches, networks of two blocks and 32 features, six epochs, four learning rates.',
  answer: 'Test accuracy with the pixels in their order and in one random order, one line a family.',
  finding: async (rows) => findingOf(rows),
};
