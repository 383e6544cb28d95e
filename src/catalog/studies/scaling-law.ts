// Does the error follow a power law in compute? Width, images and epochs are varied together; the law goes through the
// best runs at each compute, and the largest of them are held out.
import type { HeldFit } from '../../core/fits/held-rows.ts';
import { type Counting, type Fit, isDetermined, UNDETERMINED } from '../../core/fits/law.ts';
import { computeOf, type Measurement, type Observed } from '../../core/measurement.ts';
import { divergedOf, valuesOf } from '../../core/observations.ts';
import { quantities } from './quantities.ts';
import {
  type Asked,
  type Figure,
  type FigureLine,
  type FigurePoint,
  type Quantity,
  type Study,
  usual,
  type Verdict,
} from './study.ts';

const x = quantities.compute;
const y = quantities.testError;

/** Largest runs of the frontier that the law does not see. */
const HELD_OUT = 2;
/** Points of the frontier below which nothing is fitted: the law has 4 parameters. */
const LEAST = 7;
/** An exponent whose interval reaches further than this share of it is not determined. */
const SPREAD = 0.3;

const errorOf = ({ outcome, final }: Measurement): number | null => {
  const accuracy = final['test/accuracy'];
  return outcome === 'finished' && accuracy !== undefined && accuracy < 1 ? 1 - accuracy : null;
};

/** Runs that no run of the same cost or less beats, by rising cost: compute unless said otherwise. */
export function frontierOf(
  rows: readonly Observed[],
  cost: (one: Measurement) => number = ({ flops }) => flops,
): readonly Measurement[] {
  const ordered = rows
    .map(({ measurement }) => measurement)
    .filter((one) => errorOf(one) !== null)
    .sort((a, b) => cost(a) - cost(b) || (errorOf(a) as number) - (errorOf(b) as number));
  const frontier: Measurement[] = [];
  for (const one of ordered) {
    const best = frontier.at(-1);
    if (!best || (errorOf(one) as number) < (errorOf(best) as number)) frontier.push(one);
  }
  return frontier;
}

/** What a run cost, by what it is counted in. */
interface Cost {
  readonly word: string;
  readonly quantity: Quantity;
  readonly of: (one: Measurement, counting: Counting) => number;
}

const costs: readonly Cost[] = [
  { word: 'FLOPs', quantity: x, of: computeOf },
  {
    word: 'examples',
    quantity: { label: 'Examples seen', unit: 'images', scale: 'log' },
    of: ({ examples }) => examples,
  },
  { word: 'steps', quantity: { label: 'Steps', scale: 'log' }, of: ({ steps }) => steps },
  {
    word: 'seconds',
    quantity: { label: 'Time of training', unit: 's', scale: 'log' },
    of: ({ seconds }) => seconds,
  },
];

type CostOf = (one: Measurement) => number;

const pointOf = (one: Measurement, cost: CostOf): FigurePoint => ({
  x: cost(one),
  y: 100 * (errorOf(one) as number),
  interval: null,
  runs: 1,
  keys: [one.key],
  doubt: null,
});

async function fitOf(
  frontier: readonly Measurement[],
  cost: CostOf,
  { resamples, counting, holdout }: Asked & { readonly holdout: number },
): Promise<HeldFit | null> {
  if (frontier.length < LEAST + HELD_OUT) return null;
  const [{ fitHeld }, { computeLaw }] = await Promise.all([
    import('../../core/fits/held-rows.ts'),
    import('../../core/fits/compute-law.ts'),
  ]);
  const sample = {
    inputs: [frontier.map(cost)],
    y: frontier.map((one) => errorOf(one) as number),
    configuration: frontier.map(({ id }) => id),
  };
  try {
    return fitHeld(computeLaw, sample, { holdout, bootstrap: resamples, counting });
  } catch {
    return null; // Too few different computes.
  }
}

/** Error against one cost: a line a width (a family where there are several), and the law through the best runs. */
async function figureOf(
  rows: readonly Observed[],
  { word, quantity, of }: Cost,
  asked: Asked,
): Promise<{ readonly figure: Figure; readonly found: HeldFit | null }> {
  const cost: CostOf = (one) => of(one, asked.counting);
  const families = valuesOf(rows, 'model');
  const axis = families.length > 1 ? 'model' : 'model.width';
  const lines: FigureLine[] = valuesOf(rows, axis).map((value) => ({
    label: axis === 'model' ? String(value) : `width ${value}`,
    points: rows
      .filter(({ cell, measurement }) => cell[axis] === value && errorOf(measurement) !== null)
      .map(({ measurement }) => pointOf(measurement, cost))
      .sort((a, b) => a.x - b.x),
    fit: null,
    isScatter: true,
  }));
  const laws: FigureLine[] = [];
  let found: HeldFit | null = null;
  for (const family of families.length > 1 ? families : [null]) {
    const own = family === null ? rows : rows.filter(({ cell }) => cell['model'] === family);
    const frontier = frontierOf(own, cost);
    // The claim is about compute: only there runs are held out, and a first look fits nothing else.
    const isClaim = word === costs[0]?.word;
    const holdout = isClaim ? HELD_OUT : 0;
    const isFitted = isClaim || asked.resamples > 0;
    const fitted = isFitted ? await fitOf(frontier, cost, { ...asked, holdout }) : null;
    found ??= fitted;
    const seen = fitted && holdout > 0 ? frontier.slice(0, -holdout) : frontier;
    laws.push({
      label: family === null ? 'best runs' : `best of ${family}`,
      points: seen.map((one) => pointOf(one, cost)),
      fit: fitted?.fit ?? null,
      factor: 100,
      held: fitted?.held ?? [],
      isScatter: true,
    });
  }
  const floor = found?.fit.intervals?.['E_inf'];
  const figure: Figure = {
    title: `Test error against ${quantity.label.toLowerCase()}`,
    x: quantity,
    y,
    lines: [...lines, ...laws],
    choice: { of: 'test error', word },
    ...(found && floor && families.length < 2
      ? {
          rules: [
            {
              at: 'y' as const,
              value: 100 * (found.fit.parameters['E_inf'] as number),
              words: `floor ${percent(found.fit.parameters['E_inf'] as number)} [${percent(floor[0])}, ${percent(floor[1])}]`,
              interval: [100 * floor[0], 100 * floor[1]] as const,
            },
          ],
        }
      : {}),
  };
  return { figure, found };
}

/** Configurations below which no surface is fitted: it has 5 parameters. */
const LEAST_ROWS = 8;

interface Allocation {
  readonly figure: Figure | null;
  /** Why there is none, where runs are there but do not determine it. */
  readonly words: readonly string[];
}

/** How the loss surface of the runs with most epochs would spend a compute on parameters and examples. */
async function allocationOf(rows: readonly Observed[], { resamples, counting }: Asked): Promise<Allocation> {
  const epochs = valuesOf(rows, 'train.epochs').at(-1);
  const own = rows
    .filter(({ cell }) => cell['train.epochs'] === epochs)
    .map(({ measurement }) => measurement)
    .filter(({ outcome, final }) => outcome === 'finished' && final['test/loss'] !== undefined);
  if (own.length < LEAST_ROWS) return { figure: null, words: [] };
  const [{ fitLaw }, { lossSurface }, { allocationCurves }] = await Promise.all([
    import('../../core/fits/fitting.ts'),
    import('../../core/fits/loss-surface.ts'),
    import('../../core/fits/allocation-curves.ts'),
  ]);
  const sample = {
    inputs: [own.map(({ parameters }) => parameters.total), own.map(({ examples }) => examples)],
    y: own.map(({ final }) => final['test/loss'] as number),
  };
  try {
    const fit = fitLaw(lossSurface, sample, { bootstrap: resamples, counting });
    if (!isDetermined(fit)) {
      const why = fit.warnings.filter((words) => words.endsWith(UNDETERMINED));
      return {
        figure: null,
        words: [`How a compute is best spent cannot be said. Loss surface: ${why.join(' ')}`],
      };
    }
    const computes = own.map((one) => computeOf(one, counting));
    const curves = allocationCurves(fit, [Math.min(...computes), 4 * Math.max(...computes)], counting);
    const figure: Figure = {
      title: 'Best use of a compute',
      x,
      y: { label: 'Parameters, examples seen', scale: 'log' },
      lines: curves.map((curve) => ({ ...curve, points: [], fit: null })),
      notes: [
        `By the loss surface through ${own.length} runs of ${epochs ?? 'equal'} epochs. Scaling MLPs, figure 8, has parameters ∝ C^0.35 and examples ∝ C^0.65; transformers share evenly.`,
        ...fit.warnings,
      ],
    };
    return { figure, words: [] };
  } catch {
    return { figure: null, words: [] }; // The runs do not carry a surface.
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** The power of compute, which is −alpha. */
const power = (alpha: number): string => `${alpha < 0 ? '+' : '−'}${Math.abs(alpha).toFixed(2)}`;

/** Supported where the exponent is determined, is not 0, and the held-out runs are predicted better than by no law. */
function judge(fit: Fit | null, frontier: readonly Measurement[], diverged: number): Verdict {
  const left = diverged > 0 ? [`${diverged} runs diverged and are left out.`] : [];
  const interval = fit?.intervals?.['alpha'];
  if (!fit || !interval) {
    const words = `${frontier.length} runs are on the frontier of error against compute; the law needs ${LEAST + HELD_OUT}.`;
    return { answer: 'undecided', evidence: [words, ...left] };
  }
  const alpha = fit.parameters['alpha'] as number;
  const spread = (interval[1] - interval[0]) / 2 / Math.abs(alpha);
  const span = Math.log10((frontier.at(-1)?.flops ?? 1) / (frontier[0]?.flops ?? 1));
  const { holdout } = fit;
  const isPredicted = holdout !== null && holdout.rmsle < holdout.baselines.lastValue;
  const evidence = [
    `Over ${span.toFixed(1)} decades error falls as compute to the power ${power(alpha)} [${power(interval[1])}, ${power(interval[0])}] toward a floor of ${percent(fit.parameters['E_inf'] as number)}.`,
    ...(holdout
      ? [
          `The ${holdout.rows} largest runs were held out: off by a factor of ${Math.exp(holdout.rmsle).toFixed(2)}, the last value alone by ${Math.exp(holdout.baselines.lastValue).toFixed(2)}.`,
        ]
      : []),
    ...(spread > SPREAD ? [`The exponent is known only to ± ${percent(spread)}.`] : []),
    ...fit.warnings,
    ...left,
  ];
  if (interval[1] <= 0) return { answer: 'not supported', evidence };
  const isKnown = interval[0] > 0 && spread <= SPREAD && isDetermined(fit);
  return { answer: isKnown && isPredicted ? 'supported' : 'undecided', evidence };
}

export const scalingLaw: Study = {
  label: 'Scaling law',
  paper: 'scaling-mlps',
  question: 'Does error follow a law in compute?',
  claim: 'The test error of the best runs falls as a power of training compute toward a floor.',
  source: 'Scaling MLPs, section 4.3 and figure 6; Hoffmann et al. 2022',
  settings: [
    'data=fashion-mnist',
    'train.batchSize=64',
    'sweep.model.width=8..128*2',
    'sweep.data.trainSize=1500..12000*2',
    'sweep.train.epochs=3,6,12',
    'sweep.seeds=3',
  ].join('&'),
  x,
  y,
  law: 'compute-law',
  scaledDown:
    'Five widths from 8 to 128 and up to 12,000 images instead of six B-MLPs on subsets of ImageNet-21k; test error of the trained task instead of a linear probe; one learning rate.',
  answer:
    'Test error against training FLOPs with the law fitted to the best runs, the largest runs held out and predicted.',
  async finding(rows, asked = usual) {
    const made: { readonly figure: Figure; readonly found: HeldFit | null }[] = [];
    for (const cost of costs) made.push(await figureOf(rows, cost, asked));
    const allocation = await allocationOf(rows, asked);
    const verdict = judge(made[0]?.found?.fit ?? null, frontierOf(rows), divergedOf(rows));
    return {
      figures: [...made.map(({ figure }) => figure), ...(allocation.figure ? [allocation.figure] : [])],
      verdict: { ...verdict, evidence: [...verdict.evidence, ...allocation.words] },
    };
  },
};
