// Do steps and examples to a target trade off along a hyperbola, and where is its middle? On the runs of the study on
// batch size; a fit a seed, so that the intervals are those of repeated experiments.
import { type BySeed, fromLog, minus, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { commonTarget, fastestBy } from '../../../core/steps-to-target.ts';
import { batchSize } from '../batch-size.ts';
import { lineOf, targetEdges, targetPoints } from '../lines.ts';
import { quantities } from '../quantities.ts';
import { type Asked, type FigurePoint, type Quantity, type Study, usual } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.batchSize;
const y = quantities.stepsToTarget;
const examples: Quantity = { label: 'Images to target', unit: 'images', scale: 'log' };

/** A curve through points is good where it is off by no more than this, in percent. */
const GOOD = 20;

const percent = (amount: BySeed): BySeed =>
  new Map([...amount].map(([seed, misfit]) => [seed, 100 * (Math.exp(misfit) - 1)]));

/** Images against steps: each batch size a point on the curve of what can be had. */
const tradeOf = (points: readonly FigurePoint[]): readonly FigurePoint[] =>
  points.map(({ x: batch, y: steps, interval, ...rest }) => ({
    ...rest,
    x: steps,
    y: batch * steps,
    interval: interval && [batch * interval[0], batch * interval[1]],
  }));

async function findingOf(rows: readonly Observed[], { resamples }: Asked = usual) {
  const { hyperbolasOf, hyperbolaThrough } = await import('../../../core/fits/hyperbolas.ts');
  const target = commonTarget(rows);
  const fastest = target === null ? [] : fastestBy(rows, target);
  const { critical, misfit, straight } = hyperbolasOf(fastest);
  const batches = fastest.map(({ batch }) => batch);
  const points = targetPoints(fastest);
  const title = `validation loss ${target?.toFixed(2) ?? '–'}`;
  const parts = [
    {
      words: ['The hyperbola through steps and images to the target is off by', '%'],
      amount: summaryOf(percent(misfit)),
      claimed: [Number.NEGATIVE_INFINITY, GOOD],
      decimals: 0,
    },
    {
      words: ['A straight line on log axes is off by', '% more'],
      amount: summaryOf(minus(percent(straight), percent(misfit))),
      claimed: [0, Number.POSITIVE_INFINITY],
      decimals: 0,
    },
    {
      words: ['Its middle, the critical batch size, is at', 'images'],
      amount: fromLog(critical),
      claimed: [batches[0] ?? 0, batches.at(-1) ?? 0],
      decimals: 0,
    },
  ] as const;
  return {
    figures: [
      {
        title: `Steps to ${title} against batch size`,
        x,
        y,
        lines: [{ label: 'fastest learning rate', points, fit: hyperbolaThrough(fastest, resamples) }],
      },
      {
        title: `Images against steps to ${title}`,
        x: { ...y },
        y: examples,
        lines: [lineOf('one point a batch size', tradeOf(points))],
      },
    ],
    verdict: verdictOn(parts, rows, targetEdges(fastest)),
  };
}

export const criticalBatch: Study = {
  label: 'Critical batch size',
  paper: 'batch-size',
  question: 'Where does a larger batch stop paying?',
  claim:
    'Steps and images to a target trade off along a hyperbola, whose middle is the critical batch size: twice the fewest steps and twice the fewest images.',
  source: 'McCandlish et al. 2018, section 2.3 and appendix A',
  settings: batchSize.settings,
  x,
  y,
  law: 'critical-batch-size',
  scaledDown:
    'The runs of the study on batch size: a small network, seven batch sizes, seven learning rates; the target is on the validation loss, in the source on the training loss.',
  answer:
    'Steps to one validation loss against batch size with the hyperbola fitted, and images against steps.',
  finding: findingOf,
};
