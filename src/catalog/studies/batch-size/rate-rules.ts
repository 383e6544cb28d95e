// How the best learning rate follows the batch size. The best rate is read off a parabola through the losses around the
// lowest one, seed by seed; its slope over the batch size on log axes is 1 for the linear rule and ½ for the root rule.
import { amounts, type BySeed, slopeBySeed, summaryOf } from '../../../core/arms.ts';
import type { Group, Observed } from '../../../core/measurement.ts';
import { groupsAt, valuesOf } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { Answer, FigureLine, Quantity, Study, Verdict } from '../study.ts';
import { amountWords, answerOf, divergedWords } from '../verdict.ts';

const BATCH = 'train.batchSize';
const RATE = 'optimizer.learningRate';

const x = quantities.batchSize;
const y: Quantity = { label: 'Best learning rate', scale: 'log' };
const loss: Quantity = { label: 'Validation loss', scale: 'log' };

const NAMES: Readonly<Record<string, string>> = { sgd: 'SGD', adamw: 'AdamW', lion: 'Lion' };
const RULES = [
  ['linear', 1],
  ['root', 0.5],
] as const;
/** A slope within this of a rule's counts as the rule's. */
const NEAR = 0.1;
/** Batch sizes that a slope needs. */
const LEAST = 3;

/** Log of the best rate by seed: the vertex of the parabola through the lowest loss and its neighbours. */
export function bestRates(groups: readonly Group[]): BySeed {
  const sorted = groups.toSorted((a, b) => Number(a.cell[RATE]) - Number(b.cell[RATE]));
  const losses = sorted.map((group) => amounts(group, ({ final }) => final['validation/loss'] ?? null));
  const found = new Map<number, number>();
  for (const seed of new Set(losses.flatMap((each) => [...each.keys()]))) {
    const own = sorted.map((group, index) => ({
      at: Math.log(Number(group.cell[RATE])),
      loss: losses[index]?.get(seed) ?? Number.POSITIVE_INFINITY,
    }));
    const lowest = own.reduce((best, one, index) => (one.loss < (own[best]?.loss ?? 0) ? index : best), 0);
    const [before, middle, after] = [own[lowest - 1], own[lowest], own[lowest + 1]];
    if (before && middle && after && Number.isFinite(middle.loss))
      found.set(seed, vertex(before, middle, after));
  }
  return found;
}

interface Point {
  readonly at: number;
  readonly loss: number;
}

/** Of the parabola through three points of log loss; a rate that diverged leaves the middle one. */
function vertex(before: Point, middle: Point, after: Point): number {
  if (!Number.isFinite(before.loss) || !Number.isFinite(after.loss)) return middle.at;
  const left = Math.log(middle.loss / before.loss) / (middle.at - before.at);
  const right = Math.log(after.loss / middle.loss) / (after.at - middle.at);
  const bend = right - left;
  if (!(bend > 0)) return middle.at;
  const [from, to] = [(before.at + middle.at) / 2, (middle.at + after.at) / 2];
  return from + ((to - from) * -left) / bend;
}

interface Ridge {
  readonly name: string;
  readonly line: FigureLine;
  readonly slope: ReturnType<typeof summaryOf>;
  readonly batches: number;
}

function ridgeOf(rows: readonly Observed[], optimizer: string): Ridge {
  const points = valuesOf(rows, BATCH).flatMap((value) => {
    const best = bestRates(groupsAt(rows, { optimizer, [BATCH]: value }));
    return best.size > 0 ? [{ batch: Number(value), best }] : [];
  });
  const seeds = Math.max(0, ...points.map(({ best }) => best.size));
  const whole = points.filter(({ best }) => best.size === seeds);
  const name = NAMES[optimizer] ?? optimizer;
  const rates = ({ best }: { best: BySeed }): BySeed =>
    new Map([...best].map(([seed, log]) => [seed, Math.exp(log)]));
  return {
    name,
    line: lineOf(
      name,
      points.flatMap((point) => pointAt(point.batch, rates(point))),
    ),
    slope:
      whole.length < LEAST
        ? null
        : summaryOf(slopeBySeed(whole.map(({ batch, best }) => ({ x: Math.log(batch), y: best })))),
    batches: whole.length,
  };
}

/**
 * A rule is reliable where the slope of every optimizer is near its own, and is not where one is elsewhere. The claim
 * holds where neither rule is reliable.
 */
function judge(ridges: readonly Ridge[], rows: readonly Observed[]): Verdict {
  const reliable = RULES.map(([, slope]): Answer => {
    const answers = ridges.map((ridge) =>
      answerOf({ amount: ridge.slope, claimed: [slope - NEAR, slope + NEAR] }),
    );
    if (answers.includes('not supported')) return 'not supported';
    return answers.length > 0 && answers.every((one) => one === 'supported') ? 'supported' : 'undecided';
  });
  const evidence = [
    ...ridges.map(({ name, slope, batches }) =>
      slope
        ? `With ${name} the best rate follows the batch to the power ${amountWords(slope)} (${batches} batch sizes, ${slope.n} seeds).`
        : `With ${name} fewer than ${LEAST} batch sizes have a best rate inside the grid.`,
    ),
    ...RULES.map(([rule, slope], index) => {
      const words = {
        supported: 'holds for all',
        'not supported': 'fails for one at least',
        undecided: 'cannot be told',
      };
      return `The ${rule} rule, a power of ${slope} ± ${NEAR}, ${words[reliable[index] as Answer]}.`;
    }),
    ...divergedWords(rows),
  ];
  if (ridges.length === 0) return { answer: 'undecided', evidence };
  if (reliable.every((one) => one === 'not supported')) return { answer: 'supported', evidence };
  return { answer: reliable.includes('supported') ? 'not supported' : 'undecided', evidence };
}

function findingOf(rows: readonly Observed[]) {
  const optimizers = valuesOf(rows, 'optimizer').map(String);
  const ridges = optimizers.map((optimizer) => ridgeOf(rows, optimizer));
  const maps = optimizers.map((optimizer) => ({
    title: `Validation loss against learning rate, ${NAMES[optimizer] ?? optimizer}`,
    x: { ...y, label: 'Learning rate' },
    y: loss,
    lines: valuesOf(rows, BATCH).map((batch) =>
      lineOf(
        `batch ${batch}`,
        groupsAt(rows, { optimizer, [BATCH]: batch }).flatMap((group) =>
          pointAt(
            Number(group.cell[RATE]),
            amounts(group, ({ final }) => final['validation/loss'] ?? null),
          ),
        ),
      ),
    ),
  }));
  return {
    figures: [
      { title: 'Best learning rate against batch size', x, y, lines: ridges.map(({ line }) => line) },
      ...maps,
    ],
    verdict: judge(ridges, rows),
  };
}

export const rateRules: Study = {
  label: 'Rules for the learning rate',
  paper: 'batch-size',
  question: 'How does the best learning rate follow the batch size?',
  claim: 'Neither a learning rate in proportion to the batch size nor one to its root is a rule to rely on.',
  source: 'Shallue et al. 2019, section 4.7; McCandlish et al. 2018; Malladi et al. 2022',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'model=isotropic',
    'model.width=32',
    'train.epochs=2',
    'train.evaluateEvery=2',
    'sweep.train.batchSize=16..1024*4',
    'sweep.optimizer=sgd,adamw,lion',
    'sweep.optimizer.learningRate=1e-4..3.1623/10',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'A network of 27 thousand parameters, 10,000 images for two epochs, four batch sizes and ten learning rates for each of three optimizers; momentum and decay are not tuned beside the rate.',
  answer:
    'The best learning rate against batch size, one line an optimizer; and the losses that it is read off.',
  finding: async (rows) => findingOf(rows),
};
