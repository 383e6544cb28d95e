// How compute should be split between parameters and images when all train for as many epochs: the surface of the error
// over both, and the best size at each compute.
import { allocationOf } from '../../../core/fits/amount.ts';
import type { Counting, Fit } from '../../../core/fits/law.ts';
import { GRID_HIGH, GRID_LOW } from '../../../core/fits/power-sum.ts';
import { computeOf, type Group, type Observed } from '../../../core/measurement.ts';
import { groupsAt, meanOf, valuesOf } from '../../../core/observations.ts';
import { curveLine, lineOf } from '../lines.ts';
import { quantities } from '../quantities.ts';
import { scalingLaw } from '../scaling-law.ts';
import { type Asked, type CurvePoint, type FigurePoint, type Quantity, type Study, usual } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.compute;
const y: Quantity = { label: 'Best number of parameters', scale: 'log' };
const images: Quantity = { label: 'Best number of images seen', scale: 'log' };

const EPOCHS = 'train.epochs';
/** The surface has five parameters. */
const LEAST = 9;

interface Cell {
  readonly compute: number;
  readonly parameters: number;
  readonly examples: number;
  readonly error: number;
  readonly runs: number;
}

function cellsOf(groups: readonly Group[], counting: Counting): readonly Cell[] {
  return groups.flatMap((group) => {
    const mean = meanOf(group, 'test/accuracy');
    const [first] = group.measurements;
    if (!mean || !first || mean.mean >= 1) return [];
    const { parameters, examples } = first;
    const compute = computeOf(first, counting);
    return [{ compute, parameters: parameters.total, examples, error: 1 - mean.mean, runs: mean.n }];
  });
}

async function surfaceOf(rows: readonly Observed[], { resamples, counting }: Asked): Promise<Fit | null> {
  const { fitLaw } = await import('../../../core/fits/fitting.ts');
  const { lossSurface } = await import('../../../core/fits/loss-surface.ts');
  const finished = rows.flatMap(({ cell: { seed: _, ...cell }, measurement }) => {
    const accuracy = measurement.final['test/accuracy'];
    const isWhole = measurement.outcome === 'finished' && accuracy !== undefined && accuracy < 1;
    return isWhole ? [{ key: JSON.stringify(cell), measurement, error: 1 - accuracy }] : [];
  });
  if (new Set(finished.map(({ key }) => key)).size < LEAST) return null;
  const sample = {
    inputs: [
      finished.map(({ measurement }) => measurement.parameters.total),
      finished.map(({ measurement }) => measurement.examples),
    ],
    y: finished.map(({ error }) => error),
    configuration: finished.map(({ key }) => key),
  };
  try {
    return fitLaw(lossSurface, sample, { bootstrap: resamples, counting });
  } catch {
    return null; // The rows cannot carry the surface.
  }
}

/** Cells that none with as much compute or less beats. */
function frontOf(cells: readonly Cell[]): readonly Cell[] {
  let lowest = Number.POSITIVE_INFINITY;
  return cells
    .toSorted((a, b) => a.compute - b.compute || a.error - b.error)
    .filter(({ error }) => {
      if (error >= lowest) return false;
      lowest = error;
      return true;
    });
}

const pointsOf = (cells: readonly Cell[], of: (cell: Cell) => number): readonly FigurePoint[] =>
  cells.map((cell) => ({ x: cell.compute, y: of(cell), interval: null, runs: cell.runs, doubt: null }));

function surfacePoints(
  fit: Fit | null,
  cells: readonly Cell[],
  { what, counting }: { readonly what: 'parameters' | 'examples'; readonly counting: Counting },
): readonly CurvePoint[] {
  if (!fit) return [];
  return cells.flatMap(({ compute }) => {
    const { estimate, interval } = allocationOf(fit, compute, counting)[what];
    if (!(estimate > 0) || !Number.isFinite(estimate)) return [];
    return [{ x: compute, y: estimate, interval }];
  });
}

async function findingOf(rows: readonly Observed[], asked: Asked = usual) {
  const { counting } = asked;
  const epochs = valuesOf(rows, EPOCHS).at(-1);
  const own = epochs === undefined ? [] : rows.filter(({ cell }) => cell[EPOCHS] === epochs);
  const cells = epochs === undefined ? [] : cellsOf(groupsAt(own, {}), counting);
  const front = frontOf(cells);
  const fit = await surfaceOf(own, asked);
  const exponent = fit?.derived['a'];
  const isDetermined = ['alpha', 'beta'].every((name) => {
    const value = fit?.parameters[name] ?? 0;
    return value > 1.5 * GRID_LOW && value < 0.975 * GRID_HIGH;
  });
  const seeds = new Set(own.map(({ measurement }) => measurement.config['seed'])).size;
  const amount =
    fit && exponent !== undefined
      ? {
          mean: exponent,
          interval: seeds > 1 && isDetermined ? (fit.intervals?.['a'] ?? null) : null,
          n: fit.configurations,
        }
      : null;
  return {
    figures: [
      {
        title: `Best number of parameters against compute, ${epochs ?? '–'} epochs`,
        x,
        y,
        lines: [
          lineOf(
            'best runs',
            pointsOf(front, ({ parameters }) => parameters),
          ),
          curveLine('by the surface', surfacePoints(fit, front, { what: 'parameters', counting })),
        ],
      },
      {
        title: `Best number of images seen against compute, ${epochs ?? '–'} epochs`,
        x,
        y: images,
        lines: [
          lineOf(
            'best runs',
            pointsOf(front, ({ examples }) => examples),
          ),
          curveLine('by the surface', surfacePoints(fit, front, { what: 'examples', counting })),
        ],
      },
    ],
    verdict: verdictOn(
      [
        {
          words: ['The best number of parameters grows as compute to the power', ''],
          amount,
          claimed: [Number.NEGATIVE_INFINITY, 0.5],
          of: `configurations, ${seeds} seeds`,
        },
      ],
      own,
      [
        'The paper has 0.35 for parameters and 0.65 for images.',
        ...(fit && !isDetermined
          ? ['A term of the surface is not determined by these runs: its interval says nothing.']
          : []),
        ...(fit?.warnings ?? []),
      ],
    ),
  };
}

export const allocation: Study = {
  label: 'Parameters against images',
  paper: 'scaling-mlps',
  question: 'Should more compute go into parameters or images?',
  claim: 'The best MLP for a compute grows slower than the number of images it should see.',
  source: 'Scaling MLPs, section 4.3 and figure 8; Hoffmann et al. 2022, approach 3',
  settings: scalingLaw.settings,
  x,
  y,
  law: 'loss-surface',
  scaledDown:
    'The longest runs of the study on the scaling law: five widths up to 128 and four subsets of at most 12,000 images, all for 12 epochs; test error of the trained task instead of a linear probe.',
  answer:
    'The best number of parameters and of images seen against compute: of the best runs, and by the surface that is fitted to all.',
  finding: findingOf,
};
