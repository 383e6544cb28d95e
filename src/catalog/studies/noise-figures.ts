// The gradient noise scale of the runs that measured it: over training, a line a batch size, and at the end, with the
// critical batch size across, which it is said to be of the size of.
// Source: McCandlish et al. 2018, section 2.2.
import { amounts } from '../../core/arms.ts';
import type { Fit } from '../../core/fits/law.ts';
import type { Group, Measurement, Observed } from '../../core/measurement.ts';
import { bestBy, groupsAt, meanOf, valuesOf } from '../../core/observations.ts';
import { lineOf, pointAt } from './lines.ts';
import { quantities } from './quantities.ts';
import type { Figure, FigureLine, FigureRule, Quantity } from './study.ts';
import { round } from './verdict.ts';

const BATCH = 'train.batchSize';
const NOISE = 'gradient/noise-scale';

const y: Quantity = { label: 'Gradient noise scale', unit: 'images', scale: 'log' };

/** Values of a run that measured it; none of one that did not. */
export const noiseOf = ({ evaluations }: Measurement): readonly number[] => evaluations[NOISE]?.values ?? [];

/** The noise scale of a cell over training, mean over seeds; `at` says where a step stands. */
export function noiseLine(
  label: string,
  group: Group,
  at = (step: number, _run: Measurement): number => step,
): FigureLine {
  const [first] = group.measurements.filter((run) => noiseOf(run).length > 0);
  if (!first) return lineOf(label, []);
  const points = (first.evaluations[NOISE]?.steps ?? []).flatMap((step) => {
    const values = amounts(group, (run) => {
      const { steps: own = [] } = run.evaluations[NOISE] ?? {};
      return noiseOf(run)[own.indexOf(step)] ?? null;
    });
    return pointAt(at(step, first), values, { group });
  });
  return lineOf(label, points);
}

const places = [
  { word: 'steps', x: { label: 'Steps', scale: 'log' }, at: (step: number) => step },
  {
    word: 'examples',
    x: { label: 'Images seen', unit: 'images', scale: 'log' },
    at: (step: number, { examples, steps }: Measurement) => (examples * step) / steps,
  },
] as const;

/** Nothing where no run measured it. `fit`: the hyperbola of steps to a target. */
export function noiseFigures(rows: readonly Observed[], fit: Fit | null): readonly Figure[] {
  const measured = rows.filter(({ measurement }) => noiseOf(measurement).length > 0);
  const best = valuesOf(measured, BATCH).flatMap((batch) => {
    const found = bestBy(groupsAt(measured, { [BATCH]: batch }), 'optimizer.learningRate', 'validation/loss');
    return found ? [{ batch: Number(batch), group: found.group }] : [];
  });
  if (best.length === 0) return [];
  const critical = fit?.parameters['B_crit'];
  const rules: readonly FigureRule[] =
    critical === undefined
      ? []
      : [
          {
            at: 'y',
            value: critical,
            words: `B crit = ${round(critical)}`,
            interval: fit?.intervals?.['B_crit'] ?? null,
            isShown: true,
          },
        ];
  const notes = [
    ...(critical === undefined ? [] : [`The critical batch size is ${round(critical)} images.`]),
    'Agreement to an order of magnitude is all that is expected. McCandlish et al. 2018.',
  ];
  const overTraining = places.map(
    ({ word, x, at }): Figure => ({
      title: 'Gradient noise scale over training',
      x,
      y,
      lines: best.map(({ batch, group }) => noiseLine(`batch ${batch}`, group, at)),
      rules,
      notes,
      choice: { of: 'noise scale over training', word },
    }),
  );
  const ends = best.flatMap(({ batch, group }) => {
    const mean = meanOf(group, NOISE);
    const keys = group.measurements.map(({ key }) => key);
    return mean ? [{ x: batch, y: mean.mean, interval: mean.interval, runs: mean.n, keys, doubt: null }] : [];
  });
  return [
    ...overTraining,
    {
      title: 'Gradient noise scale at the end',
      x: quantities.batchSize,
      y,
      lines: [{ label: 'best runs', points: ends, fit: null }],
      rules,
      notes,
    },
  ];
}
