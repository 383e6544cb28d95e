// What leads charts and tables of a run: the score that its task is judged by, with its words and digits.
import { tasks } from '../../catalog/tasks/index.ts';
import { formatCount } from '../../core/format.ts';
import { SSIM_IMAGES } from '../../core/image-quality.ts';
import type { MetricName } from '../../core/metrics.ts';
import { type ScoreName, scoreWords } from '../../core/scores.ts';
import type { Config } from '../../experiment/config.ts';
import type { Run } from '../../experiment/run.ts';
import { halfWidth } from '../charts/interval.ts';
import type { Range } from '../charts/scale.ts';

export interface Score {
  readonly metric: MetricName;
  /** "Test accuracy": over a chart. */
  readonly title: string;
  /** "Test acc.": over a column. */
  readonly short: string;
  /** Of the axis; empty: none. */
  readonly unit: string;
  /** Beside the title: the unit, and of which images. */
  readonly about: string;
  /** With its unit. */
  readonly format: (value: number) => string;
  /** Without it, always with as many decimals. */
  readonly digits: (value: number) => string;
  /** On an axis: without decimals that say nothing. */
  readonly tick: (value: number) => string;
  /** More is better? */
  readonly rises: boolean;
  /** A share of the test images: one seed has the binomial interval. */
  readonly isShare: boolean;
  /** An axis without values, and the least that one with values shows. */
  readonly axis: Range;
  readonly minSpan: number;
}

type Scale = Pick<Score, 'unit' | 'about' | 'digits' | 'tick' | 'rises' | 'isShare' | 'axis' | 'minSpan'>;

function decimals(factor: number, count: number): Pick<Score, 'digits' | 'tick'> {
  const plain = (value: number): string => (value * factor).toFixed(count);
  return {
    digits: (value) => plain(value).replace('-', '−'),
    tick: (value) => String(Number(plain(value))).replace('-', '−'),
  };
}

const SCALES: Readonly<Record<ScoreName, Scale>> = {
  accuracy: {
    unit: '%',
    about: '%',
    ...decimals(100, 1),
    rises: true,
    isShare: true,
    axis: [0, 1],
    minSpan: 0.1,
  },
  psnr: {
    unit: 'dB',
    about: 'dB',
    ...decimals(1, 2),
    rises: true,
    isShare: false,
    axis: [0, 40],
    minSpan: 1,
  },
  ssim: {
    unit: '',
    about: `at most the first ${formatCount(SSIM_IMAGES)} images`,
    ...decimals(1, 4),
    rises: true,
    isShare: false,
    axis: [0, 1],
    minSpan: 0.05,
  },
  loss: { unit: '', about: '', ...decimals(1, 4), rises: false, isShare: false, axis: [0, 2.5], minSpan: 0 },
};

const scores = Object.fromEntries(
  Object.entries(SCALES).map(([name, scale]) => {
    const { label, short, format } = scoreWords[name as ScoreName];
    return [
      name,
      {
        metric: `test/${name}` as MetricName,
        title: `Test ${label}`,
        short: `Test ${short}`,
        format,
        ...scale,
      },
    ];
  }),
) as Readonly<Record<ScoreName, Score>>;

/** The scores of a config's task; the first one leads. */
export function scoresOf({ task }: Config): readonly [Score, ...Score[]] {
  const [first, ...others] = tasks[task].scores;
  return [scores[first], ...others.map((name) => scores[name])];
}

export const scoreOf = (config: Config): Score => scoresOf(config)[0];

/** What to call the column of these runs' scores: "Test acc.", or "Test score" where their tasks differ. */
export function scoreHeading(configs: readonly Config[]): string {
  const names = new Set(configs.map((config) => scoreOf(config).short));
  const [name] = names;
  return name && names.size === 1 ? name : 'Test score';
}

/** How the training loss of a task is called, drawn and written. */
export interface LossScale {
  readonly unit: string;
  /** Beside a curve, and in a table. */
  readonly format: (value: number) => string;
  readonly digits: (value: number) => string;
  /** An axis without values. */
  readonly axis: Range;
}

const fixed =
  (digits: number) =>
  (value: number): string =>
    value.toFixed(digits);
const CROSS_ENTROPY: LossScale = { unit: 'nats', format: fixed(2), digits: fixed(3), axis: [0, 2.5] };
const SQUARED_ERROR: LossScale = {
  unit: 'mean squared error',
  format: fixed(4),
  digits: fixed(4),
  axis: [0, 0.1],
};

export const lossOf = ({ task }: Config): LossScale =>
  tasks[task].picture === null ? CROSS_ENTROPY : SQUARED_ERROR;

/** The last value of a run and half its interval over the test images; null before it was scored. */
export function lastScore(run: Run): { readonly value: number; readonly half: number | null } | null {
  const score = scoreOf(run.config);
  const value = run.digest?.[score.metric]?.last;
  if (value === undefined || !Number.isFinite(value)) return null;
  const images = run.cost?.testCount ?? 0;
  return { value, half: score.isShare && images > 0 ? halfWidth(value, images) : null };
}
