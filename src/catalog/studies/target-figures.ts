// The way to a target loss by batch size: what it costs in steps, examples, compute and time, the critical batch size, the
// hyperbola of steps against examples, the noisy quadratic model beside them, and the gradient noise scale.
import type { Counting, Fit } from '../../core/fits/law.ts';
import { firstReached, type Group, type Measurement, type Observed } from '../../core/measurement.ts';
import { bestAlong, bestBy, fewestSteps, groupsAt, meanOf, valuesOf } from '../../core/observations.ts';
import type { Asked, Figure, FigureLine, FigurePoint, FigureRule, Quantity } from './study.ts';

const BATCH = 'train.batchSize';
const RATE = 'optimizer.learningRate';
const TUNED_BY = 'validation/loss';
const NOISE = 'gradient/noise-scale';
const EDGE = 'the best learning rate is the first or the last that was tried';

const x: Quantity = { label: 'Batch size', unit: 'images', scale: 'log' };
const steps: Quantity = { label: 'Steps to target', unit: 'steps', scale: 'log' };

/** What the way to a target costs a run, by what it is counted in. */
interface Cost {
  readonly word: string;
  readonly quantity: Quantity;
  readonly of: (step: number, one: Measurement, counting: Counting) => number;
}

const costs: readonly Cost[] = [
  { word: 'steps', quantity: steps, of: (step) => step },
  {
    word: 'examples',
    quantity: { label: 'Examples to target', unit: 'images', scale: 'log' },
    of: (step, one) => (one.examples * step) / one.steps,
  },
  {
    word: 'FLOPs',
    quantity: { label: 'Compute to target', unit: 'FLOP', scale: 'log' },
    of: (step, one, counting) => (one.flops * (counting / 2) * step) / one.steps,
  },
  {
    word: 'seconds',
    quantity: { label: 'Time to target', unit: 's', scale: 'log' },
    of: (step, one) => (one.seconds * step) / one.steps,
  },
];

/** The lowest cost of the target at each batch size, over all rates and budgets. */
function costTo(
  rows: readonly Observed[],
  target: number,
  { of }: Cost,
  counting: Counting,
): readonly FigurePoint[] {
  return valuesOf(rows, BATCH).flatMap((value) => {
    const batch = Number(value);
    // Budgets only say how long a run went on: its steps to the target are the same kind of measurement.
    const groups = groupsAt(
      rows.map(({ cell: { horizon: _, ...cell }, measurement }) => ({ cell, measurement })),
      { [BATCH]: batch },
    );
    const least = (group: Group): number | null =>
      fewestSteps(group, (one) => {
        const step = firstReached(one, TUNED_BY, target);
        return step === null ? null : of(step, one, counting);
      });
    const best = bestAlong(groups, RATE, least, true);
    const found = best && least(best.group);
    if (!best || found === null) return [];
    const { measurements } = best.group;
    return [
      {
        x: batch,
        y: found,
        interval: null,
        runs: measurements.length,
        keys: measurements.map(({ key }) => key),
        doubt: best.isEdge ? EDGE : null,
      },
    ];
  });
}

export const round = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');

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

/** The cost of a target against the batch size, counted in four ways; the law goes through steps. */
async function costFigures(
  rows: readonly Observed[],
  target: number,
  { counting }: Asked,
  fit: Fit | null,
): Promise<readonly Figure[]> {
  const { noisyQuadraticThrough } = await import('../../core/fits/steps-curves.ts');
  const figures = costs.map((cost): Figure => {
    const points = costTo(rows, target, cost, counting);
    return {
      title: `${cost.quantity.label.replace(' target', '')} validation loss ${target.toFixed(2)}`,
      x,
      y: cost.quantity,
      lines: [{ label: 'fastest rate', points, fit: null }],
      choice: { of: 'cost to target', word: cost.word },
    };
  });
  const [first, ...others] = figures as [Figure, ...Figure[]];
  const points = first.lines[0]?.points ?? [];
  const model = noisyQuadraticThrough(points.filter(({ doubt }) => doubt === null));
  const lines: readonly FigureLine[] = [
    { label: 'fastest rate', points, fit },
    ...(model ? [{ label: 'noisy quadratic model, moved', points: [], fit: null, curve: model }] : []),
  ];
  return [{ ...first, lines, rules: await rulesOf(fit, points) }, ...others];
}

/** Steps against examples: at the critical batch size twice the least of both. */
async function hyperbolaOf(fit: Fit | null, points: readonly FigurePoint[]): Promise<Figure | null> {
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

/** The gradient noise scale of the best runs, where it was measured, beside the critical batch size. */
function noiseFigure(rows: readonly Observed[], fit: Fit | null): Figure | null {
  const points = valuesOf(rows, BATCH).flatMap((value) => {
    const groups = groupsAt(rows, { [BATCH]: value }).filter((group) => meanOf(group, NOISE));
    const best = bestBy(groups, RATE, TUNED_BY);
    const mean = best && meanOf(best.group, NOISE);
    if (!best || !mean) return [];
    const keys = best.group.measurements.map(({ key }) => key);
    return [{ x: Number(value), y: mean.mean, interval: mean.interval, runs: mean.n, keys, doubt: null }];
  });
  if (points.length === 0) return null;
  const critical = fit?.parameters['B_crit'];
  return {
    title: 'Gradient noise scale at the end',
    x,
    y: { label: 'Noise scale', unit: 'images', scale: 'log' },
    lines: [{ label: 'best runs', points, fit: null }],
    rules:
      critical === undefined
        ? []
        : [
            {
              at: 'y',
              value: critical,
              words: `B crit = ${round(critical)}`,
              interval: fit?.intervals?.['B_crit'] ?? null,
            },
          ],
    notes: ['Agreement to an order of magnitude is all that is expected. McCandlish et al. 2018.'],
  };
}

async function fitOf(points: readonly FigurePoint[], resamples: number): Promise<Fit | null> {
  const trusted = points.filter(({ doubt }) => doubt === null);
  if (trusted.length < 4) return null;
  const [{ fitLaw }, { criticalBatchSize }] = await Promise.all([
    import('../../core/fits/fitting.ts'),
    import('../../core/fits/critical-batch-size.ts'),
  ]);
  const sample = { inputs: [trusted.map((point) => point.x)], y: trusted.map((point) => point.y) };
  return fitLaw(criticalBatchSize, sample, { bootstrap: resamples });
}

/** All figures of a target, and the law of the steps to it. */
export async function targetFigures(
  rows: readonly Observed[],
  target: number,
  asked: Asked,
): Promise<{ readonly figures: readonly Figure[]; readonly fit: Fit | null }> {
  const points = costTo(rows, target, costs[0] as Cost, asked.counting);
  const fit = await fitOf(points, asked.resamples);
  const others = [await hyperbolaOf(fit, points), noiseFigure(rows, fit)];
  return {
    fit,
    figures: [...(await costFigures(rows, target, asked, fit)), ...others.flatMap((figure) => figure ?? [])],
  };
}
