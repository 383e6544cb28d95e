// The way to a target loss by batch size: what it costs in steps, examples, compute and time, the critical batch size, the
// hyperbola of steps against examples, and the noisy quadratic model beside them.
import type { Counting, Fit } from '../../core/fits/law.ts';
import { computeOf, type Observed } from '../../core/measurement.ts';
import { type CostOf, type Fastest, fastestBy } from '../../core/steps-to-target.ts';
import { lineOf, targetPoints } from './lines.ts';
import { quantities } from './quantities.ts';
import type { Asked, Figure, FigureLine, FigurePoint, FigureRule, Quantity } from './study.ts';
import { round } from './verdict.ts';

const x = quantities.batchSize;
const steps = quantities.stepsToTarget;

/** Steps to the target at the fastest rate, and the law through them. */
interface Counted {
  readonly points: readonly FigurePoint[];
  readonly fit: Fit | null;
}

/** What the way to a target costs a run, by what it is counted in. */
interface Cost {
  readonly word: string;
  readonly quantity: Quantity;
  readonly of: CostOf;
}

/** Beside steps. Each is least at a rate of its own. */
const costsOf = (counting: Counting): readonly Cost[] => [
  {
    word: 'examples',
    quantity: { label: 'Examples to target', unit: 'images', scale: 'log' },
    of: (step, one) => (one.examples * step) / one.steps,
  },
  {
    word: 'FLOPs',
    quantity: { label: 'Compute to target', unit: 'FLOP', scale: 'log' },
    of: (step, one) => (computeOf(one, counting) * step) / one.steps,
  },
  {
    word: 'seconds',
    quantity: { label: 'Time to target', unit: 's', scale: 'log' },
    of: (step, one) => (one.seconds * step) / one.steps,
  },
];

/** The critical batch size and where the regimes end. */
async function rulesOf(fit: Fit | null, points: readonly FigurePoint[]): Promise<readonly FigureRule[]> {
  const { regimesOf } = await import('../../core/fits/regimes.ts');
  const { perfectUpTo, flatFrom } = regimesOf(points.map((point) => ({ batch: point.x, steps: point.y })));
  const critical = fit?.parameters['B_crit'];
  const interval = fit?.intervals?.['B_crit'] ?? null;
  const within = interval ? ` [${round(interval[0])}, ${round(interval[1])}]` : '';
  return [
    ...(critical === undefined
      ? []
      : [{ at: 'x' as const, value: critical, words: `B crit = ${round(critical)}${within}`, interval }]),
    ...(perfectUpTo === null ? [] : [{ at: 'x' as const, value: perfectUpTo, words: 'perfect scaling' }]),
    ...(flatFrom === null ? [] : [{ at: 'x' as const, value: flatFrom, words: 'no further gain' }]),
  ];
}

const ofCost = (word: string) => ({ of: 'cost to target', word });

/** The cost of a target against the batch size, counted in four ways; the law goes through steps. */
async function costFigures(
  rows: readonly Observed[],
  target: number,
  { counting }: Asked,
  { fit, points }: Counted,
): Promise<readonly Figure[]> {
  const { noisyQuadraticThrough } = await import('../../core/fits/steps-curves.ts');
  const titleOf = ({ label }: Quantity): string =>
    `${label.replace(' target', '')} validation loss ${target.toFixed(2)}`;
  const others = costsOf(counting).map(
    ({ word, quantity, of }): Figure => ({
      title: titleOf(quantity),
      x,
      y: quantity,
      lines: [lineOf('fastest rate', targetPoints(fastestBy(rows, target, of)))],
      choice: ofCost(word),
    }),
  );
  const model = noisyQuadraticThrough(points.filter(({ doubt }) => doubt === null));
  const lines: readonly FigureLine[] = [
    { label: 'fastest rate', points, fit },
    ...(model ? [{ label: 'noisy quadratic model, moved', points: [], fit: null, curve: model }] : []),
  ];
  const rules = await rulesOf(fit, points);
  return [{ title: titleOf(steps), x, y: steps, lines, rules, choice: ofCost('steps') }, ...others];
}

/** Steps against examples: at the critical batch size twice the least of both. */
async function hyperbolaOf({ fit, points }: Counted): Promise<Figure | null> {
  const [first, last] = [points[0], points.at(-1)];
  if (!fit || !first || !last) return null;
  const { stepsAgainstExamples } = await import('../../core/fits/steps-curves.ts');
  const [fewest, least] = [fit.parameters['S_min'] as number, fit.parameters['E_min'] as number];
  return {
    title: 'Steps against examples',
    x: { label: 'Examples to target', unit: 'images', scale: 'log' },
    y: steps,
    lines: [
      {
        label: 'hyperbola',
        points: points.map((point) => ({ ...point, x: point.x * point.y })),
        fit: null,
        isScatter: true,
        curve: stepsAgainstExamples(fit, [first.x / 2, last.x * 2]),
      },
    ],
    rules: [
      { at: 'y', value: fewest, words: `fewest steps ${round(fewest)}` },
      { at: 'x', value: least, words: `fewest examples ${round(least)}` },
    ],
  };
}

/** All figures of a target, and the law of the steps to it. */
export async function targetFigures(
  rows: readonly Observed[],
  target: number,
  asked: Asked,
): Promise<{
  readonly figures: readonly Figure[];
  readonly fit: Fit | null;
  readonly fastest: readonly Fastest[];
}> {
  const { hyperbolaThrough } = await import('../../core/fits/hyperbolas.ts');
  const fastest = fastestBy(rows, target);
  const fit = hyperbolaThrough(fastest, asked.resamples);
  const counted = { points: targetPoints(fastest), fit };
  const hyperbola = await hyperbolaOf(counted);
  return {
    fit,
    fastest,
    figures: [...(await costFigures(rows, target, asked, counted)), ...(hyperbola ? [hyperbola] : [])],
  };
}
