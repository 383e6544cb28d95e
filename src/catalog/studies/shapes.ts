// Which shape wins at equal parameters? The width of each family is solved for, so that a difference is the shape's.
import type { Group, Observed } from '../../core/measurement.ts';
import { divergedOf, gainOf, groupsAt, meanOf, valuesOf } from '../../core/observations.ts';
import type { Figure, FigureLine, Quantity, Study, Verdict } from './study.ts';

const METRIC = 'test/accuracy';
const x: Quantity = { label: 'Parameters', scale: 'log' };
const y: Quantity = { label: 'Test accuracy', unit: '%', scale: 'linear' };

const NAMES: Readonly<Record<string, string>> = {
  isotropic: 'Isotropic',
  'inverted-bottleneck': 'Inverted bottleneck',
  hourglass: 'Hourglass',
};

/** A family against parameters, the mean of its seeds at each size. */
function lineOf(rows: readonly Observed[], model: string): FigureLine {
  const points = groupsAt(rows, { model }).flatMap((group) => {
    const mean = meanOf(group, METRIC);
    const [first] = group.measurements;
    if (!mean || !first) return [];
    const interval = mean.interval && ([100 * mean.interval[0], 100 * mean.interval[1]] as const);
    return [{ x: first.parameters.total, y: 100 * mean.mean, interval, runs: mean.n, doubt: null }];
  });
  return { label: NAMES[model] ?? model, points: points.sort((a, b) => a.x - b.x), fit: null };
}

/** The hourglass against the better of the others at one size. */
function duel(rows: readonly Observed[], budget: number): { words: string; sign: -1 | 0 | 1 } | null {
  const at = (model: string): Group | undefined => groupsAt(rows, { model, budget })[0];
  const hourglass = at('hourglass');
  const others = valuesOf(rows, 'model')
    .filter((model) => model !== 'hourglass')
    .flatMap((model) => {
      const group = at(String(model));
      const mean = group && meanOf(group, METRIC);
      return group && mean ? [{ model: String(model), group, mean: mean.mean }] : [];
    });
  const best = others.toSorted((a, b) => b.mean - a.mean)[0];
  const gain = hourglass && best ? gainOf(hourglass, best.group, METRIC) : null;
  if (!best || !gain) return null;
  const points = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`;
  const interval = gain.interval
    ? ` [${points(gain.interval[0])}, ${points(gain.interval[1])}]`
    : ' (one seed)';
  const words = `At ${budget.toLocaleString('en-US')} parameters the hourglass is ${points(gain.mean)}${interval} points of test accuracy against ${NAMES[best.model] ?? best.model}, the better of the others.`;
  return { words, sign: gain.excludesZero ? (gain.mean > 0 ? 1 : -1) : 0 };
}

/** Supported where the hourglass wins somewhere and loses nowhere, beyond its interval. */
function judge(rows: readonly Observed[]): Verdict {
  const duels = valuesOf(rows, 'budget').flatMap((budget) => duel(rows, Number(budget)) ?? []);
  const diverged = divergedOf(rows);
  const evidence = [
    ...duels.map(({ words }) => words),
    ...(diverged > 0 ? [`${diverged} runs diverged and are left out.`] : []),
    'Each family has one learning rate here: a family that needs another one is judged too hard.',
  ];
  const [wins, losses] = [1, -1].map((sign) => duels.filter((one) => one.sign === sign).length) as [
    number,
    number,
  ];
  if (wins > 0 && losses === 0) return { answer: 'supported', evidence };
  if (losses > 0 && wins === 0) return { answer: 'not supported', evidence };
  return { answer: 'undecided', evidence };
}

export const shapes: Study = {
  label: 'Shapes',
  paper: 'hourglass',
  question: 'Which shape wins at equal parameters?',
  claim: 'At equal parameters the hourglass is better than conventional shapes.',
  source: 'Rethinking the shape convention of an MLP, section 4; Scaling MLPs, table 1',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'sweep.model=isotropic,inverted-bottleneck,hourglass',
    'sweep.equal=parameters',
    'sweep.budget=3e4,1e5,3e5',
    'sweep.seeds=3',
  ].join('&'),
  x,
  y,
  law: null,
  scaledDown:
    'Classification of 10,000 images at 30 to 300 thousand parameters, two blocks deep, one learning rate a family; the papers search depth and rate at each size.',
  answer: 'Test accuracy against parameters, the mean of three seeds with its interval, one line a family.',
  async finding(rows) {
    const figure: Figure = {
      title: 'Test accuracy against parameters',
      x,
      y,
      lines: valuesOf(rows, 'model').map((model) => lineOf(rows, String(model))),
    };
    return { figures: [figure], verdict: judge(rows) };
  },
};
