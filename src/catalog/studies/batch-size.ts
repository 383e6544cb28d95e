// Does a larger batch train better? The answer depends on what is held equal and on whether the learning rate is tuned
// at every batch size, so the grid has all of it: fixed rate, rules and tuned rate are paths through one grid.
import type { Fit } from '../../core/fits/law.ts';
import type { Group, Observed } from '../../core/measurement.ts';
import {
  type Best,
  bestBy,
  divergedOf,
  gainOf,
  groupsAt,
  meanOf,
  valuesOf,
} from '../../core/observations.ts';
import { commonTarget, type Fastest } from '../../core/steps-to-target.ts';
import { targetEdges } from './lines.ts';
import { noiseFigures } from './noise-figures.ts';
import { quantities } from './quantities.ts';
import { type Figure, type FigureLine, type FigurePoint, type Study, usual, type Verdict } from './study.ts';
import { targetFigures } from './target-figures.ts';
import { round } from './verdict.ts';

const BATCH = 'train.batchSize';
const RATE = 'optimizer.learningRate';
const TUNED_BY = 'validation/loss';
const SHOWN = 'test/loss';

const x = quantities.batchSize;
const y = quantities.testLoss;

const EDGE = 'the best learning rate is the first or the last that was tried';

/** Best cell at each batch size, by the validation loss. */
function tuned(rows: readonly Observed[], horizon: string): ReadonlyMap<number, Best> {
  const found = new Map<number, Best>();
  for (const batch of valuesOf(rows, BATCH).map(Number)) {
    const best = bestBy(groupsAt(rows, { horizon, [BATCH]: batch }), RATE, TUNED_BY);
    if (best) found.set(batch, best);
  }
  return found;
}

function pointOf(batch: number, group: Group, doubt: string | null): FigurePoint[] {
  const mean = meanOf(group, SHOWN);
  const keys = group.measurements.map(({ key }) => key);
  return mean ? [{ x: batch, y: mean.mean, interval: mean.interval, runs: mean.n, keys, doubt }] : [];
}

/** Rates meet a rule although they are rounded. */
const CLOSE = 0.02;

/** The cells whose learning rate is `anchor.value` × (B / B₀)^power: 0 is a fixed rate, 1 and ½ are the rules. */
function along(
  rows: readonly Observed[],
  horizon: string,
  anchor: Best,
  power: number,
): readonly FigurePoint[] {
  const from = Number(anchor.group.cell[BATCH]);
  return valuesOf(rows, BATCH).flatMap((value) => {
    const batch = Number(value);
    const rate = anchor.value * (batch / from) ** power;
    const group = groupsAt(rows, { horizon, [BATCH]: batch }).find(
      ({ cell }) => Math.abs(Math.log(Number(cell[RATE]) / rate)) < CLOSE,
    );
    return group ? pointOf(batch, group, null) : [];
  });
}

/** Loss against batch size under one budget: rate tuned at every batch size, fixed, and by the two rules. */
function figureOf(rows: readonly Observed[], horizon: string): Figure {
  const best = tuned(rows, horizon);
  const lines: FigureLine[] = [
    {
      label: 'rate tuned',
      points: [...best].flatMap(([batch, { group, isEdge }]) => pointOf(batch, group, isEdge ? EDGE : null)),
      fit: null,
    },
  ];
  const anchor = [...best.values()][Math.floor(best.size / 2)];
  if (anchor) {
    const rules = [
      ['rate fixed', 0],
      ['rate ∝ B', 1],
      ['rate ∝ √B', 0.5],
    ] as const;
    for (const [label, power] of rules)
      lines.push({ label, points: along(rows, horizon, anchor, power), fit: null });
  }
  const [unit, amount] = horizon.split(':');
  return { title: `Test loss, ${amount} ${unit} for all`, x, y, lines };
}

/**
 * The claim survives only under equal epochs with the rate tuned: the largest batch whose best rate is not at the edge
 * against the smallest.
 */
function judge(
  rows: readonly Observed[],
  target: number | null,
  { fit, fastest }: { readonly fit: Fit | null; readonly fastest: readonly Fastest[] },
): Verdict {
  const epochs = valuesOf(rows, 'horizon').find((horizon) => String(horizon).startsWith('epochs:'));
  const best = [...tuned(rows, String(epochs))].filter(([, { isEdge }]) => !isEdge);
  const [small, large] = [best[0], best.at(-1)];
  const gain = small && large && small !== large ? gainOf(large[1].group, small[1].group, SHOWN) : null;
  const interval = fit?.intervals?.['B_crit'];
  const diverged = divergedOf(rows);
  const context = [
    ...(fit && interval && target !== null
      ? [
          `The critical batch size at validation loss ${target.toFixed(2)} is ${round(fit.parameters['B_crit'] as number)} [${round(interval[0])}, ${round(interval[1])}]: there a run takes twice the fewest steps and twice the fewest images.`,
        ]
      : []),
    ...(fit?.warnings ?? []),
    ...targetEdges(fastest),
    ...(diverged > 0 ? [`${diverged} runs diverged and are left out.`] : []),
  ];
  if (!small || !large || !gain) {
    const words = 'Under equal epochs fewer than two batch sizes have a best learning rate inside the grid.';
    return { answer: 'undecided', evidence: [words, ...context] };
  }
  const words = `Under equal epochs with the rate tuned, batch ${round(large[0])} is ${gain.mean >= 0 ? 'better' : 'worse'} than batch ${round(small[0])} by ${Math.abs(gain.mean).toFixed(3)} in test loss${
    gain.interval ? ` [${gain.interval[0].toFixed(3)}, ${gain.interval[1].toFixed(3)}]` : ', with one seed'
  }.`;
  const evidence = [words, ...context];
  if (!gain.excludesZero) return { answer: 'undecided', evidence };
  return { answer: gain.mean > 0 ? 'supported' : 'not supported', evidence };
}

export const batchSize: Study = {
  label: 'Batch size',
  paper: 'batch-size',
  question: 'How large a batch is too large?',
  claim: 'A larger batch trains a better MLP when all see the data equally often.',
  source: 'Scaling MLPs, figure 5; Shallue et al. 2019; McCandlish et al. 2018',
  settings: [
    'data=fashion-mnist',
    'data.validationSize=2000',
    'model.width=32',
    'model.depth=1',
    'train.accumulation=2',
    'train.evaluateEvery=0.25',
    'sweep.train.batchSize=16..1024*2',
    'sweep.optimizer.learningRate=2.5e-4..0.016*2',
    'sweep.horizon=epochs:4,steps:400',
    'sweep.seeds=3',
    'sweep.tune=optimizer.learningRate',
  ].join('&'),
  x,
  y,
  law: 'critical-batch-size',
  scaledDown:
    'A network of 34 thousand parameters on 10,000 images instead of ImageNet-21k; test loss instead of a linear probe; 7 learning rates instead of 100 trials a batch size.',
  answer:
    'Under equal epochs with the learning rate tuned at every batch size, test loss against batch size; and the steps to reach a validation loss, on which the critical batch size is fitted.',
  async finding(rows, asked = usual) {
    // Equal epochs first: the claim is about them.
    const horizons = valuesOf(rows, 'horizon').map(String).toSorted();
    const figures = horizons.map((horizon) => figureOf(rows, horizon));
    const target = commonTarget(rows);
    if (target === null) {
      const verdict = judge(rows, null, { fit: null, fastest: [] });
      return { figures: [...figures, ...noiseFigures(rows, null)], verdict };
    }
    const { figures: toTarget, ...counted } = await targetFigures(rows, target, asked);
    const [first, ...others] = figures;
    return {
      figures: [...(first ? [first] : []), ...toTarget, ...noiseFigures(rows, counted.fit), ...others],
      verdict: judge(rows, target, counted),
    };
  },
};
