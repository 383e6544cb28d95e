// Does the error follow a power law in compute? Width, images and epochs are varied together; the law goes through the
// best runs at each compute, and the largest of them are held out.
import type { Fit } from '../../core/fits/law.ts';
import type { Measurement, Observed } from '../../core/measurement.ts';
import { divergedOf, valuesOf } from '../../core/observations.ts';
import type { FigurePoint, Quantity, Study, Verdict } from './study.ts';

const x: Quantity = { label: 'Training compute', unit: 'FLOP', scale: 'log' };
const y: Quantity = { label: 'Test error', unit: '%', scale: 'log' };

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

/** Runs that no run with as much compute or less beats, by rising compute. */
export function frontierOf(rows: readonly Observed[]): readonly Measurement[] {
  const ordered = rows
    .map(({ measurement }) => measurement)
    .filter((one) => errorOf(one) !== null)
    .sort((a, b) => a.flops - b.flops || (errorOf(a) as number) - (errorOf(b) as number));
  const frontier: Measurement[] = [];
  for (const one of ordered) {
    const best = frontier.at(-1);
    if (!best || (errorOf(one) as number) < (errorOf(best) as number)) frontier.push(one);
  }
  return frontier;
}

const pointOf = (one: Measurement): FigurePoint => ({
  x: one.flops,
  y: 100 * (errorOf(one) as number),
  interval: null,
  runs: 1,
  doubt: null,
});

async function fitOf(frontier: readonly Measurement[]): Promise<Fit | null> {
  if (frontier.length < LEAST + HELD_OUT) return null;
  const [{ fitLaw }, { computeLaw }] = await Promise.all([
    import('../../core/fits/fitting.ts'),
    import('../../core/fits/compute-law.ts'),
  ]);
  const sample = {
    inputs: [frontier.map(({ flops }) => flops)],
    y: frontier.map((one) => errorOf(one) as number),
    configuration: frontier.map(({ id }) => id),
  };
  try {
    return fitLaw(computeLaw, sample, { holdout: HELD_OUT, bootstrap: 200 });
  } catch {
    return null; // Too few different computes.
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

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
    `Over ${span.toFixed(1)} decades error falls as compute to the power −${alpha.toFixed(2)} [−${interval[1].toFixed(2)}, −${interval[0].toFixed(2)}] toward a floor of ${percent(fit.parameters['E_inf'] as number)}.`,
    ...(holdout
      ? [
          `The ${holdout.rows} largest runs were held out: off by a factor of ${Math.exp(holdout.rmsle).toFixed(2)}, the last value alone by ${Math.exp(holdout.baselines.lastValue).toFixed(2)}.`,
        ]
      : []),
    ...(spread > SPREAD ? [`The exponent is known only to ± ${percent(spread)}.`] : []),
    ...fit.warnings,
    ...left,
  ];
  if (interval[0] <= 0) return { answer: 'not supported', evidence };
  return { answer: spread <= SPREAD && isPredicted ? 'supported' : 'undecided', evidence };
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
    'sweep.model.width=16..256*2',
    'sweep.data.trainSize=1500..12000*2',
    'sweep.train.epochs=3,6,12',
  ].join('&'),
  x,
  y,
  law: 'compute-law',
  scaledDown:
    'Five widths from 16 to 256 and up to 12,000 images instead of six B-MLPs on subsets of ImageNet-21k; test error of the trained task instead of a linear probe; one learning rate.',
  answer:
    'Test error against training FLOPs with the law fitted to the best runs, the largest runs held out and predicted.',
  async finding(rows) {
    const frontier = frontierOf(rows);
    const fit = await fitOf(frontier);
    const lines = valuesOf(rows, 'model.width').map((width) => ({
      label: `width ${width}`,
      points: rows
        .filter(({ cell, measurement }) => cell['model.width'] === width && errorOf(measurement) !== null)
        .map(({ measurement }) => pointOf(measurement))
        .sort((a, b) => a.x - b.x),
      fit: null,
    }));
    return {
      figures: [
        {
          title: 'Test error against training compute',
          x,
          y,
          lines: [...lines, { label: 'best runs', points: frontier.map(pointOf), fit }],
        },
      ],
      verdict: judge(fit, frontier, divergedOf(rows)),
    };
  },
};
