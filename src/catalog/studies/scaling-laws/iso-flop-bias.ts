// Is the approach of iso-FLOP profiles biased where parameters and images help at different rates? The surface is fitted
// to the runs of each seed; on that surface, without noise and at the places of the runs, the truth is known.
import { type BySeed, minus, summaryOf } from '../../../core/arms.ts';
import type { Counting } from '../../../core/fits/law.ts';
import { formatSi } from '../../../core/format.ts';
import { computeOf, type Observed } from '../../../core/measurement.ts';
import { valuesOf } from '../../../core/observations.ts';
import { curveLine, lineOf, pointAt } from '../lines.ts';
import { quantities, SHARE } from '../quantities.ts';
import { type Asked, type FigurePoint, type Quantity, type Study, usual, type Verdict } from '../study.ts';
import { amountWords, verdictOn } from '../verdict.ts';

const x: Quantity = { label: 'True exponent of the best size', scale: 'linear' };
const y: Quantity = { label: 'Recovered exponent', scale: 'linear' };
const size = quantities.multiplyAdds;
const error: Quantity = { label: 'Test error', unit: '%', scale: 'linear', within: SHARE };

/** What an exponent may be off by and still count as recovered. */
const RECOVERED = 0.02;
/** Exponents of parameters over those of images, for the surfaces of the first figure, and what both add up to. */
const RATIOS = [0.33, 0.5, 0.67, 1, 1.5, 2, 3];
const SUM = 0.8;
/** The surface has five parameters. */
const LEAST = 9;

interface Run {
  readonly size: number;
  readonly examples: number;
  readonly error: number;
}

interface Surface {
  readonly E: number;
  readonly A: number;
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}

const exponentOf = ({ alpha, beta }: Surface): number => beta / (alpha + beta);

async function fitters() {
  const [{ fitLaw }, { isoFlop }, { lossSurface }] = await Promise.all([
    import('../../../core/fits/fitting.ts'),
    import('../../../core/fits/iso-flop.ts'),
    import('../../../core/fits/loss-surface.ts'),
  ]);
  /** The exponent by iso-FLOP profiles of the surface without noise; null where too few profiles have a minimum. */
  const recover = (runs: readonly Run[], { E, A, B, alpha, beta }: Surface): number | null => {
    const inputs = [runs.map((run) => 6 * run.size * run.examples), runs.map((run) => run.size)];
    const y = runs.map((run) => E + A / run.size ** alpha + B / run.examples ** beta);
    try {
      return fitLaw(isoFlop, { inputs, y }, { bootstrap: 0 }).parameters['a'] ?? null;
    } catch {
      return null; // No minimum between the sizes.
    }
  };
  const surfaceOf = (runs: readonly Run[]): Surface | null => {
    const inputs = [runs.map((run) => run.size), runs.map(({ examples }) => examples)];
    try {
      const { parameters } = fitLaw(
        lossSurface,
        { inputs, y: runs.map((run) => run.error) },
        { bootstrap: 0 },
      );
      const { E = 0, A = 0, B = 0, alpha = 0, beta = 0 } = parameters;
      return { E, A, B, alpha, beta };
    } catch {
      return null; // The rows cannot carry the surface.
    }
  };
  return { recover, surfaceOf };
}

/** A surface with these exponents whose best size is in the middle of the runs' sizes at the middle budget. */
function centred(runs: readonly Run[], alpha: number, beta: number): Surface {
  const mean = (of: (run: Run) => number): number =>
    Math.exp(runs.reduce((sum, run) => sum + Math.log(of(run)), 0) / runs.length);
  const [n, d] = [mean((run) => run.size), mean(({ examples }) => examples)];
  return { E: 0.1, A: (0.05 * n ** alpha) / alpha, B: (0.05 * d ** beta) / beta, alpha, beta };
}

function runsBySeed(rows: readonly Observed[]): ReadonlyMap<number, readonly Run[]> {
  const found = new Map<number, Run[]>();
  for (const { measurement } of rows) {
    const accuracy = measurement.final['test/accuracy'];
    if (measurement.outcome !== 'finished' || accuracy === undefined || accuracy >= 1) continue;
    const { examples, macsPerExample, config } = measurement;
    const seed = Number(config['seed'] ?? 0);
    found.set(seed, [...(found.get(seed) ?? []), { size: macsPerExample, examples, error: 1 - accuracy }]);
  }
  return found;
}

function profileOf(rows: readonly Observed[], horizon: string): readonly FigurePoint[] {
  const own = rows.filter(({ cell }) => cell['horizon'] === horizon);
  return valuesOf(own, 'model.width').flatMap((width) => {
    const here = own.filter(({ cell }) => cell['model.width'] === width);
    const errors = new Map([...runsBySeed(here)].map(([seed, [run]]) => [seed, 100 * (run?.error ?? 0)]));
    return pointAt(here[0]?.measurement.macsPerExample ?? 1, errors);
  });
}

interface Recovered {
  /** Exponent of the best size on the surface, and by profiles of it. */
  readonly truth: BySeed;
  readonly profiles: BySeed;
  /** How far apart they are, there and on a surface with equal exponents. */
  readonly off: BySeed;
  readonly even: BySeed;
}

/** The claim is about unequal exponents: where those of the runs may be equal, it is not tested. */
function judge(
  { truth, profiles, off, even }: Recovered,
  planted: FigurePoint | null,
  rows: readonly Observed[],
): Verdict {
  const exponent = summaryOf(truth);
  const isUnequal = exponent?.interval != null && (exponent.interval[0] > 0.5 || exponent.interval[1] < 0.5);
  const found = summaryOf(profiles);
  const verdict = verdictOn(
    [
      {
        words: ['On the surface of the runs the exponent by iso-FLOP profiles is off by', ''],
        amount: summaryOf(off),
        claimed: [RECOVERED, Number.POSITIVE_INFINITY],
        decimals: 3,
      },
      {
        words: ['That is', 'more than on a surface with equal exponents'],
        amount: summaryOf(minus(off, even)),
        claimed: [0, Number.POSITIVE_INFINITY],
        decimals: 3,
      },
    ],
    rows,
    [
      ...(exponent && found
        ? [
            `The exponent of the best size is ${amountWords(exponent)}, by iso-FLOP profiles of the same surfaces ${amountWords(found)}; 0.5 is that of equal exponents.`,
          ]
        : []),
      ...(exponent && !isUnequal
        ? ['Parameters and images may help at the same rate here, and then the claim is not tested.']
        : []),
      ...(planted
        ? [
            `On a planted surface whose exponents are as 3 to 1 the profiles say ${planted.y.toFixed(3)} in place of ${planted.x.toFixed(3)}.`,
          ]
        : []),
      'There is no noise in any of these: an interval is that of surfaces fitted to different seeds.',
    ],
  );
  return isUnequal ? verdict : { ...verdict, answer: 'undecided' };
}

/** "3.0 GFLOP"; a horizon in another unit as the link has it. */
function budgetWords(horizon: string, counting: Counting): string {
  const [unit, amount] = horizon.split(':');
  return unit === 'flops' ? formatSi(computeOf({ flops: Number(amount) }, counting), 'FLOP', 2) : horizon;
}

async function findingOf(rows: readonly Observed[], { counting }: Asked = usual) {
  const { recover, surfaceOf } = await fitters();
  const truth = new Map<number, number>();
  const profiles = new Map<number, number>();
  const off = new Map<number, number>();
  const even = new Map<number, number>();
  const bySeed = runsBySeed(rows);
  for (const [seed, runs] of bySeed) {
    const surface = runs.length < LEAST ? null : surfaceOf(runs);
    const found = surface && recover(runs, surface);
    if (!surface || found === null) continue;
    truth.set(seed, exponentOf(surface));
    profiles.set(seed, found);
    off.set(seed, Math.abs(found - exponentOf(surface)));
    const middle = (surface.alpha + surface.beta) / 2;
    const same = recover(runs, centred(runs, middle, middle));
    if (same !== null) even.set(seed, Math.abs(same - 0.5));
  }
  const first = [...bySeed.values()][0] ?? [];
  const planted = (first.length < LEAST ? [] : RATIOS).flatMap((ratio): readonly FigurePoint[] => {
    const surface = centred(first, (SUM * ratio) / (1 + ratio), SUM / (1 + ratio));
    const found = recover(first, surface);
    return found === null ? [] : [{ x: exponentOf(surface), y: found, interval: null, runs: 0, doubt: null }];
  });
  return {
    figures: [
      {
        title: 'Exponents recovered from surfaces without noise, at the places of these runs',
        x,
        y,
        lines: [
          curveLine('iso-FLOP profiles', planted),
          curveLine(
            'the truth',
            planted.map((point) => ({ x: point.x, y: point.x, interval: null })),
          ),
        ],
      },
      {
        title: 'Iso-FLOP profiles of the runs',
        x: size,
        y: error,
        lines: valuesOf(rows, 'horizon').map((horizon) =>
          lineOf(budgetWords(String(horizon), counting), profileOf(rows, String(horizon))),
        ),
      },
    ],
    verdict: judge({ truth, profiles, off, even }, planted.at(-1) ?? null, rows),
  };
}

export const isoFlopBias: Study = {
  label: 'Iso-FLOP profiles',
  paper: 'scaling-laws',
  question: 'Are iso-FLOP profiles to be trusted?',
  claim:
    'Where parameters and images help at different rates, iso-FLOP profiles give a wrong exponent, even without noise.',
  source: 'Czech et al. 2026, on Hoffmann et al. 2022, approach 2',
  settings: [
    'data=fashion-mnist',
    'train.batchSize=64',
    'train.evaluateEvery=1000000',
    'sweep.model.width=8..128*2',
    'sweep.horizon=flops:3e9,flops:1e10,flops:3e10',
    'sweep.seeds=5',
  ].join('&'),
  x,
  y,
  law: 'iso-flop',
  scaledDown:
    'Five widths at three budgets of 3 to 30 GFLOP on 12,000 images that repeat, instead of nine budgets a billion times as large on fresh text.',
  answer:
    'Exponents that iso-FLOP profiles recover from surfaces whose exponents are known, at the sizes and budgets of these runs.',
  finding: findingOf,
};
