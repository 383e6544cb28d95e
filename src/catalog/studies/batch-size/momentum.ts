// Does momentum move the batch size at which larger batches stop paying? Steps to a target with the rate tuned at every
// batch size, with momentum and without, beside what the noisy quadratic model says.
import { fromLog, minus, paired, summaryOf } from '../../../core/arms.ts';
import type { Observed } from '../../../core/measurement.ts';
import { valuesOf } from '../../../core/observations.ts';
import { commonTarget, fastestBy } from '../../../core/steps-to-target.ts';
import { curveLine, lineOf, targetEdges, targetPoints } from '../lines.ts';
import { quantities } from '../quantities.ts';
import type { FigureLine, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.batchSize;
const y = quantities.stepsToTarget;

const MOMENTUM = 'optimizer.momentum';

const nameOf = (momentum: number): string => (momentum === 0 ? 'plain SGD' : `momentum ${momentum}`);

/** Batch sizes and the target of the model: a hundredth of the loss it starts from. */
const MODEL_BATCHES = Array.from({ length: 12 }, (_, index) => 2 ** index);
const MODEL_TARGET = 0.05;

/** The model's steps for both, and how far momentum moves the critical batch size in it. */
async function modelOf(
  momenta: readonly number[],
): Promise<{ lines: readonly FigureLine[]; ratio: number | null }> {
  const [{ tunedSteps }, { hyperbolasOf }] = await Promise.all([
    import('../../../core/fits/noisy-quadratic.ts'),
    import('../../../core/fits/hyperbolas.ts'),
  ]);
  const found = momenta.map((momentum) =>
    tunedSteps(MODEL_TARGET, MODEL_BATCHES, { momentum }).flatMap(({ batch, steps }) =>
      steps === null ? [] : [{ batch, cost: new Map([[0, steps]]), isEdge: false, keys: [] }],
    ),
  );
  const lines = found.map((points, index) =>
    curveLine(
      nameOf(momenta[index] as number),
      points.map(({ batch, cost }) => ({ x: batch, y: cost.get(0) ?? 0, interval: null })),
    ),
  );
  const [without, ...others] = found.map((points) => hyperbolasOf(points).critical.get(0));
  const last = others.at(-1);
  return { lines, ratio: without === undefined || last === undefined ? null : Math.exp(last - without) };
}

async function findingOf(rows: readonly Observed[]) {
  const { hyperbolasOf } = await import('../../../core/fits/hyperbolas.ts');
  const momenta = valuesOf(rows, MOMENTUM).map(Number);
  const sides = momenta.map((momentum) => rows.filter(({ cell }) => cell[MOMENTUM] === momentum));
  const targets = sides.map((side) => commonTarget(side)).filter((one) => one !== null);
  const target = targets.length > 0 ? Math.max(...targets) : null;
  const all = sides.map((side) => (target === null ? [] : fastestBy(side, target)));
  const [plain = [], heavy = []] = momenta.length > 1 ? [all[0], all.at(-1)] : [];
  const moved = minus(hyperbolasOf(heavy).critical, hyperbolasOf(plain).critical);
  const [slow, fast] = [plain[0], heavy[0]];
  const saved =
    slow && fast && slow.batch === fast.batch
      ? paired(slow.cost, fast.cost, (without, with_) => without / with_)
      : new Map<number, number>();
  const model = momenta.length > 1 ? await modelOf(momenta) : { lines: [], ratio: null };
  const parts = [
    {
      words: ['Momentum makes the critical batch size', 'times as large'],
      amount: fromLog(moved),
      claimed: [1, Number.POSITIVE_INFINITY],
      decimals: 1,
    },
    {
      words: [`At the smallest batch plain SGD takes`, 'times as many steps as with momentum'],
      amount: summaryOf(saved),
      claimed: [0.5, 1.5],
    },
  ] as const;
  const notes = [
    ...(model.ratio === null
      ? []
      : [`The noisy quadratic model makes it ${model.ratio.toFixed(1)} times as large.`]),
    ...targetEdges([...plain, ...heavy]),
  ];
  return {
    figures: [
      {
        title: `Steps to validation loss ${target?.toFixed(2) ?? '–'}`,
        x,
        y,
        lines: all.map((points, index) => lineOf(nameOf(momenta[index] as number), targetPoints(points))),
      },
      { title: 'The same in the noisy quadratic model', x, y, lines: model.lines },
    ],
    verdict: verdictOn(parts, rows, notes),
  };
}

export const momentum: Study = {
  label: 'Momentum',
  paper: 'batch-size',
  question: 'Does momentum let larger batches pay?',
  claim: 'Momentum saves nothing at small batches, and larger batches go on paying with it.',
  source: 'Shallue et al. 2019, section 4.4; Zhang et al. 2019',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'model=isotropic',
    'model.width=32',
    'optimizer=sgd',
    'train.evaluateEvery=0.25',
    'sweep.optimizer.momentum=0,0.9',
    'sweep.optimizer.learningRate=4e-3..2.048*2.8284',
    'sweep.train.batchSize=16..1024*2',
    'sweep.horizon=epochs:2,steps:200',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: 'critical-batch-size',
  scaledDown:
    'A network of 27 thousand parameters on 10,000 images, plain SGD against heavy-ball momentum of 0.9 that is not tuned; AdamW and Lion can be added to the sweep. The noisy quadratic model is on its own axes: only the ratio of its batch sizes can be compared.',
  answer:
    'Steps to one validation loss against batch size, with momentum and without; beside it the noisy quadratic model.',
  finding: findingOf,
};
