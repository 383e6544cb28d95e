// What is drawn of one metric over the runs on the charts, as layers; and the words for its bands.
import { formatCount } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { View } from '../../session/state.ts';
import { colour, dash, labelColour } from '../runs/run-style.tsx';
import { type Curve, curveOf, pointsEach, type Spread } from './curves.ts';
import { wilson } from './interval.ts';
import type { Dot, Layer, Name } from './layers.ts';
import type { Axis, Range } from './scale.ts';
import type { Drawn } from './shown-runs.ts';

export interface SeriesWish {
  readonly metric: MetricName;
  readonly view: View;
  readonly smoothing: number;
  readonly x: Axis;
  readonly logY: boolean;
  /** Measured values behind the smoothed ones. */
  readonly raw: boolean;
  /** A share of so many images: one seed gets the binomial interval. */
  readonly images: number | null;
  /** Thin lines, no names, no marks. */
  readonly small: boolean;
  /** Keys of what is looked at alone; empty: everything. */
  readonly isolated: ReadonlySet<string>;
  readonly format: (value: number) => string;
}

export interface DrawnCurve {
  readonly drawn: Drawn;
  readonly curve: Curve;
  readonly spread: readonly Spread[];
  readonly isFaded: boolean;
}

const GREY = 'var(--c0)';
const SMALL_POINTS = 120;
/** With more lines the measured values behind them would only be a haze. */
const MOST_RAW = 6;

export function curvesFor(all: readonly Drawn[], wish: SeriesWish): readonly DrawnCurve[] {
  const { metric, view, smoothing, x, logY, small, images, isolated } = wish;
  const raw = wish.raw && smoothing > 0 && all.length <= MOST_RAW;
  const isFaded = ({ key }: Drawn): boolean => isolated.size > 0 && !isolated.has(key);
  const lines = all.reduce((sum, { members }) => {
    const banded = members.length > 1 || images !== null;
    return sum + 1 + (banded ? 1 : 0) + (raw && members.length === 1 ? 1 : 0);
  }, 0);
  const points = Math.min(small ? SMALL_POINTS : 400, pointsEach(lines));
  return all.flatMap((drawn) => {
    const faded = isFaded(drawn);
    const curve = curveOf(drawn.members, {
      metric,
      axis: view.x,
      smoothing,
      x,
      logY,
      points,
      raw: raw && !faded,
    });
    if (curve.end === null) return [];
    const one = drawn.members.length === 1;
    const spread =
      one && images !== null
        ? curve.line.map((point): Spread => {
            const [low, high] = wilson(point.y, images);
            return { x: point.x, low, high };
          })
        : curve.spread;
    return [{ drawn, curve, spread, isFaded: faded }];
  });
}

/** Where a run diverged: at its last finite value, its step in words. */
function divergedDots({ drawn, isFaded }: DrawnCurve, wish: SeriesWish): readonly Dot[] {
  if (isFaded) return [];
  return drawn.members.flatMap((one) => {
    if (one.run.state !== 'diverged') return [];
    const { metric, view, smoothing, x, logY } = wish;
    const { end } = curveOf([one], { metric, axis: view.x, smoothing, x, logY, points: 8, raw: false });
    if (!end) return [];
    const words = `${drawn.label} diverged, step ${formatCount(one.run.step)}`;
    return [{ ...end, key: `${one.run.key} diverged`, colour: colour(one.look), shape: 'diverged', words }];
  });
}

function liveDots({ drawn, curve, isFaded }: DrawnCurve): readonly Dot[] {
  const isLive = drawn.members.some(({ run }) => run.state === 'running');
  if (!curve.end || isFaded || !(isLive || curve.line.length === 1)) return [];
  if (drawn.members.every(({ run }) => run.state === 'diverged')) return [];
  const words = `${drawn.label}, now`;
  return [
    { ...curve.end, key: `${drawn.key} live`, colour: colour(drawn.look), shape: 'dot', radius: 3, words },
  ];
}

function nameOf({ drawn, curve }: DrawnCurve, format: SeriesWish['format']): Name | null {
  if (!curve.end) return null;
  const diverged = drawn.members.find(({ run }) => run.state === 'diverged');
  const text =
    diverged && drawn.members.length === 1
      ? `${drawn.label} diverged, step ${formatCount(diverged.run.step)}`
      : `${drawn.label} ${format(curve.end.y)}`;
  return { ...curve.end, key: drawn.key, text, colour: labelColour(drawn.look) };
}

/** Bands below, measured values, then lines, the first one on top. */
export function layersOf(curves: readonly DrawnCurve[], wish: SeriesWish): readonly Layer[] {
  const clear = curves.filter(({ isFaded }) => !isFaded);
  const names = clear.map((one) => nameOf(one, wish.format)).filter((name) => name !== null);
  const bands = clear
    .filter(({ spread }) => spread.length > 1)
    .map(({ drawn, spread }): Layer => {
      return { kind: 'band', key: `band ${drawn.key}`, points: spread, colour: colour(drawn.look) };
    });
  const raws = clear
    .filter(({ curve }) => curve.raw.length > 0)
    .map(({ drawn, curve }): Layer => {
      return {
        kind: 'curve',
        key: `raw ${drawn.key}`,
        points: curve.raw,
        colour: colour(drawn.look),
        isRaw: true,
      };
    });
  const thin = wish.view.seeds === 'each' && clear.some(({ drawn }) => isOneOfSeveral(drawn, clear));
  const width = wish.small ? 1.25 : thin ? 1.1 : 1.6;
  const lines = curves.map(({ drawn, curve, isFaded }): Layer => {
    const ink = isFaded
      ? { colour: GREY, width: 1 }
      : { colour: colour(drawn.look), dash: dash(drawn.look), width };
    return { kind: 'curve', key: drawn.key, points: curve.line, ...ink };
  });
  const faded = lines.filter((_, index) => curves[index]?.isFaded);
  const drawn = lines.filter((_, index) => !curves[index]?.isFaded).reverse();
  if (wish.small)
    return [...bands, ...faded, ...drawn, { kind: 'dots', key: 'ends', dots: clear.flatMap(liveDots) }];
  const dots = clear.flatMap((one) => [...liveDots(one), ...divergedDots(one, wish)]);
  return [
    ...bands,
    ...faded,
    ...raws,
    ...drawn,
    { kind: 'dots', key: 'ends', dots },
    { kind: 'names', key: 'names', names },
  ];
}

const isOneOfSeveral = ({ look, key }: Drawn, all: readonly DrawnCurve[]): boolean =>
  look !== null && all.some(({ drawn }) => drawn.look === look && drawn.key !== key);

/** "mean of 3 seeds, 95 % bootstrap; one seed: 95 % binomial, 2,000 images": what each kind of band is. */
export function bandWords(all: readonly Drawn[], images: number | null): string {
  const sizes = all.map(({ members }) => members.length);
  const several = sizes.filter((size) => size > 1);
  const [least, most] = [Math.min(...several), Math.max(...several)];
  const parts: string[] = [];
  if (several.length > 0)
    parts.push(`mean of ${least === most ? least : `${least} to ${most}`} seeds, band: 95 % bootstrap`);
  if (several.length < sizes.length) {
    if (images !== null) parts.push(`one seed, band: 95 % binomial of ${formatCount(images)} images`);
    else if (several.length > 0) parts.push('others one seed');
  }
  return parts.join('; ');
}

/** The quantile of the measured values that the frame must hold: single spikes may leave it. */
const RAW_SHARE = 0.97;

/** What the y axis must hold. A run that blew up counts only as far as it was sane. */
export function rangeOf(curves: readonly DrawnCurve[], log: boolean, fromZero: boolean): Range | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (value: number): void => {
    if (log && value <= 0) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { curve, drawn } of curves) {
    const { line, raw } = curve;
    const hasDiverged = drawn.members.some(({ run }) => run.state === 'diverged');
    const limit = hasDiverged && !fromZero ? Math.abs(line[0]?.y ?? 1) * 1.25 : Number.POSITIVE_INFINITY;
    for (const { y } of line) if (y <= limit) take(y);
    const measured = raw.map(({ y }) => y).sort((a, b) => a - b);
    const top = measured[Math.floor((measured.length - 1) * RAW_SHARE)];
    const bottom = measured[Math.ceil((measured.length - 1) * (1 - RAW_SHARE))];
    if (top !== undefined && top <= limit) take(top);
    if (bottom !== undefined) take(bottom);
  }
  return low <= high ? [fromZero ? 0 : low, high] : null;
}
