// The three regimes of steps to a target: slopes on log axes at the small, the middle and the large batch sizes, on the
// runs of the study on batch size.
import { type BySeed, minus, slopeBySeed, summaryOf } from '../../../core/arms.ts';
import { regimesOf } from '../../../core/fits/regimes.ts';
import type { Observed } from '../../../core/measurement.ts';
import { commonTarget, type Fastest, fastestBy } from '../../../core/steps-to-target.ts';
import { batchSize } from '../batch-size.ts';
import { curveLine, lineOf, targetEdges, targetPoints } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Figure, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.batchSize;
const y = quantities.stepsToTarget;

/** Targets, as multiples of the smallest loss that all batch sizes reach: the hardest one decides. */
const TARGETS = [1.02, 1.1, 1.25];
/** Batch sizes whose points make a slope. */
const WINDOW = 3;

const slopeOf = (points: readonly Fastest[]): BySeed =>
  slopeBySeed(
    points.map(({ batch, cost }) => ({
      x: Math.log(batch),
      y: new Map([...cost].map(([seed, steps]) => [seed, Math.log(steps)])),
    })),
  );

/** Where twice the batch would be half the steps, from the smallest batch of a line on. */
function perfect(points: readonly Fastest[]) {
  const [first] = points;
  const steps = first && summaryOf(first.cost)?.mean;
  if (!first || steps === undefined) return curveLine('twice the batch, half the steps', []);
  return curveLine(
    'twice the batch, half the steps',
    points.map(({ batch }) => ({ x: batch, y: (steps * first.batch) / batch, interval: null })),
  );
}

function findingOf(rows: readonly Observed[]) {
  const targets = TARGETS.map((slack) => commonTarget(rows, slack)).filter((target) => target !== null);
  const lines = targets.map((target) => ({ target, points: fastestBy(rows, target) }));
  const points = lines[0]?.points ?? [];
  const isEnough = points.length >= 2 * WINDOW - 1;
  const start = isEnough ? slopeOf(points.slice(0, WINDOW)) : new Map<number, number>();
  const end = isEnough ? slopeOf(points.slice(-WINDOW)) : new Map<number, number>();
  const found = regimesOf(points.map(({ batch, cost }) => ({ batch, steps: summaryOf(cost)?.mean ?? null })));
  const figure: Figure = {
    title: 'Steps to three targets against batch size',
    x,
    y,
    lines: [
      ...lines.map((line) => lineOf(`validation loss ${line.target.toFixed(2)}`, targetPoints(line.points))),
      perfect(points),
    ],
  };
  const parts = [
    {
      words: [`At the ${WINDOW} smallest batches steps follow the batch to the power`, ''],
      amount: summaryOf(start),
      claimed: [-1.2, -0.8],
    },
    {
      words: [`At the ${WINDOW} largest batches they follow it to the power`, ''],
      amount: summaryOf(end),
      claimed: [-0.35, 0.2],
    },
    {
      words: ['From there to there the power rises by', ''],
      amount: summaryOf(minus(end, start)),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  const notes = [
    ...(found.perfectUpTo === null ? [] : [`Scaling is perfect up to a batch of ${found.perfectUpTo}.`]),
    ...(found.flatFrom === null
      ? points.length > 0
        ? ['No batch is so large that nothing is saved.']
        : []
      : [`From a batch of ${found.flatFrom} on nothing is saved.`]),
    ...targetEdges(points),
  ];
  return { figures: [figure], verdict: verdictOn(parts, rows, notes) };
}

export const regimes: Study = {
  label: 'Three regimes',
  paper: 'batch-size',
  question: 'How many steps does a larger batch save?',
  claim:
    'Steps to a target halve as the batch doubles at first, then fall ever less, and in the end do not fall at all.',
  source: 'Shallue et al. 2019, section 4.1',
  settings: batchSize.settings,
  x,
  y,
  law: 'critical-batch-size',
  scaledDown:
    'The runs of the study on batch size: a small network, seven batch sizes and seven learning rates; no tuning of momentum and decay beside the rate, and targets on the validation loss.',
  answer:
    'Steps to three validation losses against batch size at the fastest learning rate, with slope −1 beside them.',
  finding: async (rows) => findingOf(rows),
};
