// Which shape wins at equal parameters? The width of each family is solved for, so that a difference is the shape's.
import type { Group, Measurement, Observed } from '../../core/measurement.ts';
import { bySeed, divergedOf, gainOf, groupsAt, meanOf, valuesOf } from '../../core/observations.ts';
import { publishedFigures } from './published-figures.ts';
import { quantities } from './quantities.ts';
import type { Figure, FigurePoint, Quantity, Study, Verdict } from './study.ts';

const METRIC = 'test/accuracy';
const x = quantities.parameters;
const y = quantities.testAccuracy;

const NAMES: Readonly<Record<string, string>> = {
  isotropic: 'Isotropic',
  'inverted-bottleneck': 'Inverted bottleneck',
  hourglass: 'Hourglass',
};

/** What a network costs, by what it is counted in. */
const costs: readonly {
  readonly word: string;
  readonly quantity: Quantity;
  readonly of: (one: Measurement) => number;
}[] = [
  { word: 'all parameters', quantity: x, of: ({ parameters }) => parameters.total },
  {
    word: 'trainable',
    quantity: { label: 'Trainable parameters', scale: 'log' },
    of: ({ parameters }) => parameters.trainable,
  },
  {
    word: 'multiply-adds',
    quantity: quantities.multiplyAdds,
    of: ({ macsPerExample }) => macsPerExample,
  },
];

/** Every cell against one cost, a line a family; what a cheaper cell beats beyond its seeds is drawn hollow. */
async function frontFigure(
  rows: readonly Observed[],
  { word, quantity, of }: (typeof costs)[number],
): Promise<Figure> {
  const { paretoFront } = await import('../../core/pareto.ts');
  const candidates = groupsAt(rows, {}).flatMap((group) => {
    const [first] = group.measurements;
    const scores = bySeed(group, METRIC);
    return first && scores.size > 0
      ? [{ name: JSON.stringify(group.cell), group, cost: of(first), scores }]
      : [];
  });
  const placed = new Map(paretoFront(candidates, 'higher').map((one) => [one.name, one]));
  const points = (model: string): readonly FigurePoint[] =>
    candidates
      .filter(({ group }) => group.cell['model'] === model)
      .flatMap(({ name, group }) => {
        const one = placed.get(name);
        if (!one) return [];
        const { mean, interval, n } = one.score;
        return [
          {
            x: one.cost,
            y: 100 * mean,
            interval: interval && ([100 * interval[0], 100 * interval[1]] as const),
            runs: n,
            keys: group.measurements.map(({ key }) => key),
            doubt: one.place === 'dominated' ? 'beaten by one that costs no more' : null,
          },
        ];
      })
      .sort((a, b) => a.x - b.x);
  const front = [...placed.values()].filter(({ place }) => place === 'front');
  return {
    title: `Test accuracy against ${quantity.label.toLowerCase()}`,
    x: quantity,
    y,
    lines: [
      ...valuesOf(rows, 'model').map((model) => ({
        label: NAMES[String(model)] ?? String(model),
        points: points(String(model)),
        fit: null,
      })),
      {
        label: 'Pareto front',
        points: [],
        fit: null,
        isUnder: true,
        curve: front.map(({ cost, score }) => ({ x: cost, y: 100 * score.mean, interval: null })),
      },
    ],
    choice: { of: 'test accuracy', word },
  };
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
    const fronts: Figure[] = [];
    for (const cost of costs) fronts.push(await frontFigure(rows, cost));
    const published = rows.length > 0 ? await publishedFigures() : [];
    return { figures: [...fronts, ...published], verdict: judge(rows) };
  },
};
