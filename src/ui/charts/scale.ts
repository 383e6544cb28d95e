// Axes: domains, ticks that a person would choose, and the way from a value to a pixel. Log axes hold positive values only.
import { formatCount, formatNumber, formatPowerOfTen, formatSi } from '../../core/format.ts';

export interface Axis {
  readonly domain: readonly [number, number];
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

/** Powers of ten, and 1-2-5 between them where there are fewer than three. */
export function logTicks(low: number, high: number, most = 8): number[] {
  const decades = Math.log10(high / low);
  const factors =
    decades >= 3
      ? [1]
      : decades >= 1 || most < 4
        ? [1, 2, 5]
        : [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 8];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const tick = rounded(factor * 10 ** power);
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  // Too narrow for round numbers: the ends, to two digits.
  if (ticks.length < 2) return [...new Set([low, high].map((end) => Number(end.toPrecision(2))))];
  if (ticks.length <= most) return ticks;
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, index) => index % every === 0);
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

function logFormat(ticks: readonly number[]): (value: number) => string {
  const wide = ticks.every(isPower) && ticks.length >= 3;
  const near = ticks.every((tick) => tick >= 0.01 && tick < 1000);
  const decimals = Math.max(...ticks.map((tick) => formatNumber(tick, 3).split('.')[1]?.length ?? 0));
  if (!wide && near) return (value) => value.toFixed(decimals);
  return (value) => (wide ? formatPowerOfTen(Math.round(Math.log10(value))) : formatNumber(value, 3));
}

/** The x axis from its first positive value (log) or zero to `high`. */
export function xAxis(low: number, high: number, log: boolean, count: number, unit: string): Axis {
  if (log && low > 0 && high > low) {
    const ticks = logTicks(low, high);
    return { domain: [low, high], log: true, ticks, format: logFormat(ticks) };
  }
  const top = high > 0 ? high : 1;
  const format = (value: number): string => {
    if (value === 0) return '0';
    return top >= 1e6 || unit !== ''
      ? formatSi(value, unit, 2).replace(/\.0(?=\u2009)/, '')
      : top < 8
        ? formatNumber(value, 3)
        : formatCount(value);
  };
  return { domain: [0, top], log: false, ticks: niceTicks(0, top, count), format };
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
  const decimals = Math.max(
    0,
    Math.min(6, -Math.floor(Math.log10(step) + 1e-9) + (String(step).includes('25') ? 1 : 0)),
  );
  return {
    domain: [bottom, Math.max(top, bottom + step)],
    log: false,
    ticks,
    format: (value) => (step < 1e-3 ? formatNumber(value, 2) : value.toFixed(decimals)),
  };
}
