// Does the gradient noise scale, which one run measures, say where larger batches stop paying, which takes a whole grid?
// Both are of the same runs: micro-batches measure the noise, the grid the critical batch size.
import { amounts, type BySeed, fromLog, meanBySeed, minus } from '../../../core/arms.ts';
import type { Group, Observed } from '../../../core/measurement.ts';
import { bestBy, groupsAt, valuesOf } from '../../../core/observations.ts';
import { commonTarget, fastestBy } from '../../../core/steps-to-target.ts';
import { lineOf, pointAt, targetEdges } from '../lines.ts';
import { noiseLine, noiseOf } from '../noise-figures.ts';
import { quantities } from '../quantities.ts';
import type { Quantity, Study } from '../study.ts';
import { amountWords, verdictOn } from '../verdict.ts';

const BATCH = 'train.batchSize';
const RATE = 'optimizer.learningRate';

const x: Quantity = { label: 'Steps', scale: 'log' };
const y: Quantity = { label: 'Gradient noise scale', unit: 'images', scale: 'log' };

/** Values of the curve that stand for its start and for its end. */
const WINDOW = 3;

const meanLog = (values: readonly number[]): number | null =>
  values.length < WINDOW ? null : values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;

/** log B_simple by seed: over all of the run, over its first values and over its last. */
const over = (group: Group, part: (values: readonly number[]) => readonly number[]): BySeed =>
  amounts(group, (run) => meanLog(part(noiseOf(run))));

async function findingOf(rows: readonly Observed[]) {
  const { hyperbolasOf } = await import('../../../core/fits/hyperbolas.ts');
  const target = commonTarget(rows);
  const fastest = target === null ? [] : fastestBy(rows, target);
  const { critical } = hyperbolasOf(fastest);
  const tuned = valuesOf(rows, BATCH).flatMap((batch) => {
    const best = bestBy(groupsAt(rows, { [BATCH]: batch }), RATE, 'validation/loss');
    return best ? [{ batch, group: best.group }] : [];
  });
  const sides = tuned.map(({ group }) => ({
    whole: over(group, (values) => values),
    start: over(group, (values) => values.slice(0, WINDOW)),
    end: over(group, (values) => values.slice(-WINDOW)),
  }));
  const simple = meanBySeed(sides.map(({ whole }) => whole));
  const grown = meanBySeed(sides.map(({ start, end }) => minus(end, start)));
  const ratio = minus(simple, critical);
  const lines = tuned.map(({ batch, group }) => noiseLine(`batch ${batch}`, group));
  const crossing = fromLog(critical);
  const parts = [
    {
      words: ['Over training the noise scale is', 'times the critical batch size'],
      amount: fromLog(ratio),
      claimed: [0.1, 10],
    },
    {
      words: ['From the start to the end of training it grows', 'fold'],
      amount: fromLog(grown),
      claimed: [1, Number.POSITIVE_INFINITY],
      decimals: 1,
    },
  ] as const;
  const level = fromLog(simple);
  const notes = [
    ...(crossing ? [`The critical batch size is ${amountWords(crossing, 0)} images.`] : []),
    ...(level
      ? [`The noise scale is ${amountWords(level, 0)} images, mean over batch sizes at their best rate.`]
      : []),
    ...targetEdges(fastest),
  ];
  return {
    figures: [
      {
        title: 'Gradient noise scale along training, at the best learning rate of each batch size',
        x,
        y,
        lines,
        rules: crossing
          ? [
              {
                at: 'y' as const,
                value: crossing.mean,
                words: 'critical batch size',
                interval: crossing.interval,
                isShown: true,
              },
            ]
          : [],
      },
      {
        title: 'Gradient noise scale by batch size',
        x: quantities.batchSize,
        y,
        lines: [
          lineOf(
            'mean over training',
            tuned.flatMap(({ batch }, index) =>
              pointAt(
                Number(batch),
                new Map([...(sides[index]?.whole ?? [])].map(([seed, log]) => [seed, Math.exp(log)])),
              ),
            ),
          ),
        ],
      },
    ],
    verdict: verdictOn(parts, rows, notes),
  };
}

export const noiseScale: Study = {
  label: 'Gradient noise scale',
  paper: 'batch-size',
  question: 'Does the noise of the gradient say how large a batch may be?',
  claim:
    'The gradient noise scale predicts the critical batch size to about a factor of ten, and grows in training.',
  source: 'McCandlish et al. 2018, section 2.2, table 1 and appendix A.1',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'model=isotropic',
    'model.width=32',
    'train.steps=400',
    'train.microBatch=8',
    'train.evaluateEvery=0.25',
    'sweep.train.batchSize=16..512*2',
    'sweep.optimizer.learningRate=5e-4..0.032*4',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: 'critical-batch-size',
  scaledDown:
    'A network of 27 thousand parameters, 400 steps at each of six batch sizes and four learning rates; AdamW instead of the SGD that the theory is of; the target of the critical batch size is on the validation loss.',
  answer:
    'The noise scale along training at the best rate of each batch size, with the critical batch size across it.',
  finding: findingOf,
};
