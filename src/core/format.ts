// Numbers to text and back, the same in every locale: counts with commas, SI with a thin space, durations, bytes.

const THIN = '\u2009';
const MINUS = '−';

const withCommas = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** "14,182,922": a whole number, rounded, with commas. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = withCommas(String(Math.abs(Math.round(value))));
  return value < 0 && text !== '0' ? MINUS + text : text;
}

const PREFIXES = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** From here on no prefix is left: a power of ten. */
const BEYOND = 1e21;

/** "43.5 GFLOP": `digits` significant digits, a thin space, the SI prefix and the unit. */
export function formatSi(value: number, unit = '', digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return MINUS + formatSi(-value, unit, digits);
  const rounded = Number(value.toPrecision(digits));
  if (rounded >= BEYOND) return formatNumber(rounded, digits) + (unit === '' ? '' : THIN + unit);
  const [size, prefix] = PREFIXES.find(([least]) => rounded >= least) ?? [1, ''];
  const scaled = rounded / size;
  // 100 in two digits is 100, not 1.0e+2.
  const isWhole = (size === 1 && Number.isInteger(scaled)) || scaled >= 10 ** digits;
  const text = isWhole ? String(scaled) : scaled.toPrecision(digits);
  const tail = prefix + unit;
  return tail === '' ? text : text + THIN + tail;
}

/** "184.3 MB", decimal; whole numbers below a kilobyte. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  for (const [size, unit] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (bytes >= size * 0.9995) {
      const scaled = bytes / size;
      return `${scaled >= 999.5 ? formatCount(scaled) : scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)} ${unit}`;
    }
  }
  return `${Math.round(bytes)} B`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** "0.4 s", "4 s", "2 min 08 s", "1 h 10 min", "3 d 4 h". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 0.95) return `${Math.max(0.1, Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "[3, 5]" in seconds, "[3:25, 3:50]" in minutes, "[2:10, 3:00]" in hours: the unit is that of the larger end. */
export function formatDurationInterval(low: number, high: number): string {
  const clock = (units: number): string =>
    `${Math.floor(Math.round(units) / 60)}:${two(Math.round(units) % 60)}`;
  if (high < 9.5) return `[${low.toFixed(1)}, ${high.toFixed(1)}]`;
  if (high < 59.5) return `[${Math.round(low)}, ${Math.round(high)}]`;
  if (high < 3600) return `[${clock(low)}, ${clock(high)}]`;
  if (high < 86_400) return `[${clock(low / 60)}, ${clock(high / 60)}]`;
  return `[${Math.round(low / 3600)} h, ${Math.round(high / 3600)} h]`;
}

/** "63.6 %" of a fraction. */
export function formatPercent(fraction: number, decimals = 1): string {
  return Number.isFinite(fraction) ? `${(fraction * 100).toFixed(decimals)} %` : '–';
}

/** A value as a person would write it: `5e-5`, `0.3`, `12,000`, `1/16`; at most `digits` significant digits. */
export function formatNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return MINUS + formatNumber(-value, digits);
  const rounded = Number(value.toPrecision(digits));
  if (rounded === 0) return '0';
  if (rounded < 0.01 || rounded >= 1e9) {
    const [mantissa, exponent] = rounded.toExponential().split('e') as [string, string];
    return `${mantissa}e${exponent.replace('+', '')}`;
  }
  const [whole, fraction] = String(rounded).split('.') as [string, string | undefined];
  return fraction === undefined ? withCommas(whole) : `${withCommas(whole)}.${fraction}`;
}

/** "5.6 × 10⁻⁵" for a power of ten on an axis: only the power. */
export function formatPowerOfTen(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const raised = [...String(Math.abs(exponent))].map((digit) => digits[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${raised}`;
}

const SUFFIX: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, m: 1e6, G: 1e9 };
const ONE = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([kMmG]?)$/i;

/** Reads what a person types: `5e-5`, `50k`, `1/16`, `12,000`, `off` (0); null where it is not a number. */
export function parseNumber(text: string): number | null {
  const tidy = text
    .trim()
    .replaceAll(MINUS, '-')
    .replaceAll(/(?<=\d)[,\s\u2009](?=\d{3}(?!\d))/g, '');
  if (/^(off|none)$/i.test(tidy)) return 0;
  const [above, below, ...rest] = tidy.split('/');
  if (rest.length > 0) return null;
  const read = (part: string | undefined): number | null => {
    const match = ONE.exec((part ?? '').trim());
    if (!match) return null;
    const factor = SUFFIX[match[2] as string] ?? SUFFIX[(match[2] as string).toLowerCase()];
    return factor === undefined ? null : Number(match[1]) * factor;
  };
  const top = read(above);
  if (top === null) return null;
  if (below === undefined) return top;
  const bottom = read(below);
  return bottom === null || bottom === 0 ? null : top / bottom;
}
