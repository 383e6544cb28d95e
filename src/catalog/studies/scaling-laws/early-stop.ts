// What stopping the optimiser early does to a fitted loss surface: the same runs, the same form, ever stricter stops. On
// the runs of the study on the scaling law, a fit a seed.
import { type BySeed, paired, scaled, summaryOf } from '../../../core/arms.ts';
import type { Stopped, SurfaceRow } from '../../../core/fits/early-stop.ts';
import type { Observed } from '../../../core/measurement.ts';
import { lineOf, pointAt } from '../lines.ts';
import { scalingLaw } from '../scaling-law.ts';
import type { FigureRule, Quantity, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'Slope at which the search stops', scale: 'log' };
const y: Quantity = { label: 'Exponent', scale: 'linear' };
const excess: Quantity = { label: 'Objective above its minimum', unit: '%', scale: 'linear' };

/** From hardly a search to the last digit. SciPy's default is 1e-5. */
const SLOPES = [1e-3, 1e-4, 1e-5, 1e-6, 1e-8];
const DEFAULT = 1e-5;
const STRICT = 1e-10;
/** Percent that an exponent is off by before it counts as another one. */
const OTHER = 10;
/** The surface has five parameters. */
const LEAST = 9;

type Fits = ReadonlyMap<number, Stopped>;

function surfaceRows(rows: readonly Observed[]): ReadonlyMap<number, readonly SurfaceRow[]> {
  const found = new Map<number, SurfaceRow[]>();
  for (const { measurement } of rows) {
    const accuracy = measurement.final['test/accuracy'];
    if (measurement.outcome !== 'finished' || accuracy === undefined || accuracy >= 1) continue;
    const { parameters, examples, config } = measurement;
    const seed = Number(config['seed'] ?? 0);
    const row = { parameters: parameters.total, examples, loss: 1 - accuracy };
    found.set(seed, [...(found.get(seed) ?? []), row]);
  }
  return found;
}

const amountOf = (fits: Fits, of: (fit: Stopped) => number): BySeed =>
  new Map([...fits].map(([seed, fit]) => [seed, of(fit)]));

/** How far a lies above b, in percent of b. */
const above = (a: BySeed, b: BySeed): BySeed =>
  scaled(
    paired(a, b, (one, other) => one / other - 1),
    100,
  );

async function findingOf(rows: readonly Observed[]) {
  const { stoppedSurface } = await import('../../../core/fits/early-stop.ts');
  const bySeed = surfaceRows(rows);
  const fitAll = (slope: number, scale: 'sum' | 'mean'): Fits => {
    const fits = new Map<number, Stopped>();
    for (const [seed, own] of bySeed) {
      const fit = own.length < LEAST ? null : stoppedSurface(own, { slope, scale });
      if (fit) fits.set(seed, fit);
    }
    return fits;
  };
  const strict = fitAll(STRICT, 'sum');
  const stopped = SLOPES.map((slope) => ({ slope, fits: fitAll(slope, 'mean') }));
  const usual: Fits = stopped.find(({ slope }) => slope === DEFAULT)?.fits ?? new Map();
  const betaOf = ({ beta }: Stopped): number => beta;
  const alphaOf = ({ alpha }: Stopped): number => alpha;
  const excessOf = (fits: Fits): BySeed =>
    above(
      amountOf(fits, ({ objective }) => objective),
      amountOf(strict, ({ objective }) => objective),
    );
  const off = [alphaOf, betaOf].map((of) => above(amountOf(usual, of), amountOf(strict, of)));
  const [ofAlpha, ofBeta] = off as [BySeed, BySeed];
  const moved = paired(ofAlpha, ofBeta, (one, other) => Math.max(Math.abs(one), Math.abs(other)));
  const line = (label: string, of: (fits: Fits) => BySeed) =>
    lineOf(
      label,
      stopped.flatMap(({ slope, fits }) => pointAt(slope, of(fits))),
    );
  const level = (words: string, of: (fit: Stopped) => number): readonly FigureRule[] => {
    const least = summaryOf(amountOf(strict, of));
    return least ? [{ at: 'y', value: least.mean, words, interval: least.interval }] : [];
  };
  const gap = summaryOf(excessOf(usual));
  return {
    figures: [
      {
        title: 'Exponents against where the search stops, mean objective',
        x,
        y,
        lines: [
          line('alpha', (fits) => amountOf(fits, alphaOf)),
          line('beta', (fits) => amountOf(fits, betaOf)),
        ],
        rules: [...level('alpha at the minimum', alphaOf), ...level('beta at the minimum', betaOf)],
      },
      { title: 'Objective above its minimum', x, y: excess, lines: [line('mean objective', excessOf)] },
    ],
    verdict: verdictOn(
      [
        {
          words: [
            'Stopped by a mean objective and the usual tolerance, the worse of the exponents is off by',
            '% of its value at the minimum',
          ],
          amount: summaryOf(moved),
          claimed: [OTHER, Number.POSITIVE_INFINITY],
          decimals: 1,
        },
      ],
      rows,
      [
        ...(gap ? [`Its objective ends ${gap.mean.toFixed(1)} % above the minimum.`] : []),
        'The fits of the lab stop by what a step gains relative to the objective, and do not depend on its scale.',
      ],
    ),
  };
}

export const earlyStop: Study = {
  label: 'Stopped early',
  paper: 'scaling-laws',
  question: 'What does an optimiser that stops early do to a law?',
  claim:
    'A fit of the loss surface whose optimiser stops early, because its objective is small, has other exponents.',
  source: 'Besiroglu et al. 2024, on Hoffmann et al. 2022, approach 3',
  settings: scalingLaw.settings,
  x,
  y,
  law: 'loss-surface',
  scaledDown:
    'The runs of the study on the scaling law instead of the 240 points that were read off a figure of Hoffmann et al., whose licence is not known; 36 starts instead of 4,500; test error instead of loss.',
  answer:
    'The exponents of the surface against the slope at which the search stops, beside those at the minimum.',
  finding: findingOf,
};
