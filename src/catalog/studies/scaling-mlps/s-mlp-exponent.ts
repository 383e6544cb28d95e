// Does a plain MLP scale worse than one with inverted bottlenecks? The slope of the frontier of error against compute,
// seed by seed, for both; the runs with bottlenecks are those of the study on the scaling law.
import { type BySeed, minus, summaryOf } from '../../../core/arms.ts';
import { computeOf, type Measurement, type Observed } from '../../../core/measurement.ts';
import { valuesOf } from '../../../core/observations.ts';
import { lineOf } from '../lines.ts';
import { quantities } from '../quantities.ts';
import { frontierOf, scalingLaw } from '../scaling-law.ts';
import { type Asked, type Study, usual } from '../study.ts';
import { amountWords, verdictOn } from '../verdict.ts';

const x = quantities.compute;
const y = quantities.testError;

const NAMES = [
  ['isotropic', 'S-MLP'],
  ['inverted-bottleneck', 'B-MLP'],
] as const;
/** Runs of a frontier below which it has no slope. */
const LEAST = 4;

const errorOf = ({ final }: Measurement): number => 1 - (final['test/accuracy'] ?? 0);

/** The exponent α of error ∝ compute^(−α) along the frontier of one seed; null with too few runs on it. */
function exponentOf(rows: readonly Observed[]): number | null {
  const points = frontierOf(rows).map((one) => ({ at: Math.log(one.flops), to: Math.log(errorOf(one)) }));
  if (points.length < LEAST) return null;
  const mean = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [middle, level] = [mean(({ at }) => at), mean(({ to }) => to)];
  const below = mean(({ at }) => (at - middle) ** 2);
  return below > 0 ? -mean(({ at, to }) => (at - middle) * (to - level)) / below : null;
}

const seedOf = ({ measurement }: Observed): number => Number(measurement.config['seed'] ?? 0);

function exponentsOf(rows: readonly Observed[]): BySeed {
  const found = new Map<number, number>();
  for (const seed of new Set(rows.map(seedOf))) {
    const exponent = exponentOf(rows.filter((row) => seedOf(row) === seed));
    if (exponent !== null) found.set(seed, exponent);
  }
  return found;
}

function findingOf(rows: readonly Observed[], { counting }: Asked = usual) {
  const sides = NAMES.map(([model, name]) => {
    const own = rows.filter(({ cell }) => cell['model'] === model);
    return { name, own, exponents: exponentsOf(own) };
  });
  const [plain, bottleneck] = sides.map(({ exponents }) => exponents) as [BySeed, BySeed];
  return {
    figures: [
      {
        title: 'Frontier of test error against training compute',
        x,
        y,
        lines: sides.map(({ name, own }) =>
          lineOf(
            name,
            frontierOf(own).map((one) => ({
              x: computeOf(one, counting),
              y: 100 * errorOf(one),
              interval: null,
              runs: 1,
              doubt: null,
            })),
          ),
        ),
      },
    ],
    verdict: verdictOn(
      [
        {
          words: ['The exponent of the B-MLP’s frontier is', 'above the S-MLP’s'],
          amount: summaryOf(minus(bottleneck, plain)),
          claimed: [0, Number.POSITIVE_INFINITY],
          decimals: 3,
        },
      ],
      rows,
      [
        ...sides.flatMap(({ name, exponents }) => {
          const summary = summaryOf(exponents);
          return summary ? [`${name}: error falls as compute to the power ${amountWords(summary, 3)}.`] : [];
        }),
        ...(valuesOf(rows, 'model').length > 0
          ? ['The paper has 0.22 and 0.25 for laws with a floor; slopes without one are smaller.']
          : []),
      ],
    ),
  };
}

export const sMlpExponent: Study = {
  label: 'Exponents of two shapes',
  paper: 'scaling-mlps',
  question: 'Does a plain MLP scale worse?',
  claim: 'The error of plain MLPs falls with a smaller power of compute than that of inverted bottlenecks.',
  source: 'Scaling MLPs, appendix B.2',
  settings: `${scalingLaw.settings}&sweep.model=isotropic,inverted-bottleneck`,
  x,
  y,
  law: 'power-law',
  scaledDown:
    'Five widths up to 128 and at most 12,000 images for both shapes; test error of the trained task instead of a linear probe on CIFAR-100; one learning rate.',
  answer: 'The frontier of test error against compute for both shapes, and the slope of each, seed by seed.',
  finding: async (rows, asked) => findingOf(rows, asked),
};
