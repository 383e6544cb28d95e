// Axes: domains, ticks that a person would choose, and the way from a value to a pixel. Log axes hold positive values only.
import { formatCount, formatNumber, formatPowerOfTen, formatSi } from '../../core/format.ts';

/** From low to high. */
export type Range = readonly [number, number];

export interface Axis {
  readonly domain: Range;
  readonly log: boolean;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** A round step of 1, 2, 2.5 or 5 × 10ⁿ that gives about `count` intervals. */
export function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
}

const rounded = (value: number): number => Number(value.toPrecision(10));

/** Multiples of a round step inside [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const step = niceStep(high - low, count);
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step - 1e-6); at * step <= high + step * 1e-6; at++)
    ticks.push(rounded(at * step));
  return ticks;
}

/** Places within a decade, from dense to sparse. */
const PLACES = [
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 8],
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 2, 5],
  [1, 3],
  [1],
] as const;

/** At most `most` round places: powers of ten over three decades and more, more places in between on fewer. */
export function logTicks(low: number, high: number, most = 8): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const at = (factors: readonly number[], every: number): number[] => {
    const ticks: number[] = [];
    for (let power = Math.ceil(first / every) * every; power <= last; power += every) {
      for (const factor of factors) {
        const tick = rounded(factor * 10 ** power);
        if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
      }
    }
    return ticks;
  };
  const wide = high / low >= 1e3;
  for (const factors of wide ? PLACES.slice(-1) : PLACES) {
    const ticks = at(factors, 1);
    if (ticks.length >= 2 && ticks.length <= most) return ticks;
  }
  for (let every = 2; wide && every <= last - first; every++) {
    const ticks = at([1], every);
    if (ticks.length <= most && ticks.length > 0) return ticks;
  }
  // Too narrow for that: here a log axis is all but even.
  const even = niceTicks(low, high, Math.min(3, most)).filter((tick) => tick > 0);
  return even.length > 0 ? even.slice(0, Math.max(2, most)) : [low];
}

/** Value to pixel between `from` and `to`. */
export function project(
  { domain: [low, high], log }: Axis,
  from: number,
  to: number,
): (value: number) => number {
  if (!log) return (value) => from + ((value - low) / (high - low || 1)) * (to - from);
  const span = Math.log(high / low) || 1;
  return (value) => from + (Math.log(Math.max(value, low * 1e-9) / low) / span) * (to - from);
}

/** Pixel to value: the inverse of `project`. */
export function unproject(
  { domain: [low, high], log }: Axis,
  from: number,
  to: number,
): (pixel: number) => number {
  return (pixel) => {
    const share = (pixel - from) / (to - from || 1);
    return log ? low * (high / low) ** share : low + share * (high - low);
  };
}

const isPower = (value: number): boolean =>
  Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;

function logFormat(ticks: readonly number[], unit = ''): (value: number) => string {
  if (ticks.every(isPower) && ticks.length >= 3)
    return (value) => formatPowerOfTen(Math.round(Math.log10(value)));
  if (unit === '' && ticks.every((tick) => tick >= 0.01 && tick < 1000)) {
    const decimals = Math.max(...ticks.map((tick) => formatNumber(tick, 3).split('.')[1]?.length ?? 0));
    return (value) => value.toFixed(decimals);
  }
  return (value) =>
    value >= 1 ? formatSi(value, unit, 2).replace(/\.0(?=\u2009)/, '') : formatNumber(value, 3);
}

/** Digits after the point that tell neighbours on a grid of `step` apart. */
const decimalsOf = (step: number): number =>
  Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9) + (String(step).includes('25') ? 1 : 0)));

function linearFormat(top: number, step: number, unit: string): (value: number) => string {
  if (unit !== '' || top >= 1e6) {
    const digits = Math.max(2, Math.min(5, Math.ceil(Math.log10(top / step) + 0.7)));
    return (value) => (value === 0 ? '0' : formatSi(value, unit, digits).replace(/\.0+(?=\u2009)/, ''));
  }
  const decimals = decimalsOf(step);
  if (decimals > 0) return (value) => (value === 0 ? '0' : value.toFixed(decimals));
  return (value) => formatCount(value);
}

/** An axis over exactly this domain. On a log axis both ends must be positive. */
export function axisOver([low, high]: Range, log: boolean, count: number, unit = ''): Axis {
  if (log) {
    const ticks = logTicks(low, high, count);
    return { domain: [low, high], log: true, ticks, format: logFormat(ticks, unit) };
  }
  const ticks = niceTicks(low, high, count);
  return {
    domain: [low, high],
    log: false,
    ticks,
    format: linearFormat(Math.max(Math.abs(low), Math.abs(high)), niceStep(high - low || 1, count), unit),
  };
}

/** The x axis from its first positive value (log) or zero to `high`. */
export function xAxis(low: number, high: number, log: boolean, count: number, unit: string): Axis {
  if (log && low > 0 && high > low) return axisOver([low, high], true, count, unit);
  return axisOver([0, high > 0 ? high : 1], false, count, unit);
}

/** A y axis around the values, opened to round numbers so that it moves seldom. */
export function yAxis(low: number, high: number, log: boolean, count = 5, most = 8): Axis {
  if (log && high > 0) {
    const bottom = Math.max(low, high * 1e-6);
    const room = Math.max(1.05, (high / bottom) ** 0.04);
    const domain = [bottom / room, high * room] as const;
    const ticks = logTicks(...domain, most);
    return { domain, log: true, ticks, format: logFormat(ticks) };
  }
  const span = high - low || Math.abs(high) || 1;
  const step = niceStep(span, count);
  const bottom = rounded(Math.floor(low / step + 0.02) * step);
  const top = rounded(Math.ceil(high / step - 0.02) * step);
  const ticks = niceTicks(bottom, Math.max(top, bottom + step), count + 1);
  const decimals = decimalsOf(step);
  return {
    domain: [bottom, Math.max(top, bottom + step)],
    log: false,
    ticks,
    format: (value) => (step < 1e-3 ? formatNumber(value, 2) : value.toFixed(decimals)),
  };
}

/** The axis cut where its values end: a share does not go past 100 %. */
export function endedBy(axis: Axis, within: Range | undefined): Axis {
  if (!within) return axis;
  const [low, high] = [Math.max(axis.domain[0], within[0]), Math.min(axis.domain[1], within[1])];
  if (low >= high) return axis;
  return { ...axis, domain: [low, high], ticks: axis.ticks.filter((at) => at >= low && at <= high) };
}
