// The arithmetic of the bench: medians, ratios of interleaved rounds with their spread, agreement, the markdown table.
import { type RatioId, ratios } from './cases.ts';

/** Milliseconds a step by engine and round; null where an engine sat a round out. */
export type Rounds = ReadonlyMap<string, readonly (number | null)[]>;

export interface Facts {
  readonly dispatches?: number;
  readonly bytes?: number;
  readonly encodeMs?: number;
}

export interface CaseResult {
  readonly id: string;
  readonly batch: number;
  /** Median time of a step by engine. */
  readonly ms: Readonly<Record<string, number>>;
  /** Median over the rounds in which both took part. */
  readonly ratios: Readonly<Partial<Record<RatioId, number>>>;
  /** Smallest and largest of those rounds, and how many there were. */
  readonly spread: Readonly<Partial<Record<RatioId, readonly [low: number, high: number, rounds: number]>>>;
  /** Largest relative difference of any engine's losses to this lab's. */
  readonly agreement: Readonly<Record<string, number>>;
  readonly step: Facts;
}

/** The middle value; the mean of the two middle ones of an even count. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

export function medians(rounds: Rounds): Record<string, number> {
  const entries = [...rounds].map(([id, values]) => [id, values.filter(isNumber)] as const);
  return Object.fromEntries(
    entries.filter(([, values]) => values.length > 0).map(([id, values]) => [id, median(values)]),
  );
}

/** Ratios of every pair that met in at least one round. */
export function ratiosOf(rounds: Rounds): Pick<CaseResult, 'ratios' | 'spread'> {
  const middle: Partial<Record<RatioId, number>> = {};
  const spread: Partial<Record<RatioId, readonly [number, number, number]>> = {};
  for (const [id, [over, under]] of Object.entries(ratios) as [RatioId, readonly [string, string]][]) {
    const below = rounds.get(under) ?? [];
    const met = (rounds.get(over) ?? []).flatMap((value, round) => {
      const other = below[round];
      return isNumber(value) && isNumber(other) ? [value / other] : [];
    });
    if (met.length === 0) continue;
    middle[id] = median(met);
    spread[id] = [Math.min(...met), Math.max(...met), met.length];
  }
  return { ratios: middle, spread };
}

/** max |a − b| / max(1e-6, |b|) over the losses of two engines. */
export function difference(a: readonly number[], b: readonly number[]): number {
  return Math.max(
    0,
    ...b.map((value, index) => Math.abs((a[index] ?? Number.NaN) - value) / Math.max(1e-6, Math.abs(value))),
  );
}

const figure = (value: number | undefined, digits = 3): string =>
  value === undefined ? '–' : String(Number(value.toPrecision(digits)));

/** Three significant digits throughout; a ratio with its range over the rounds. */
export function table(results: readonly CaseResult[]): string {
  const ids = [...new Set(results.flatMap(({ ms }) => Object.keys(ms)))];
  const head = (names: readonly string[]): string =>
    `| case | batch | ${names.join(' | ')} |\n|${'---|'.repeat(names.length + 2)}`;
  const row = ({ id, batch }: CaseResult, cells: readonly string[]): string =>
    `| ${id} | ${batch} | ${cells.join(' | ')} |`;
  const times = results.map((result) =>
    row(
      result,
      ids.map((id) => figure(result.ms[id])),
    ),
  );
  const names = Object.keys(ratios) as RatioId[];
  const compared = results.map((result) =>
    row(
      result,
      names.map((name) => {
        const [low, high, rounds] = result.spread[name] ?? [];
        return low === undefined
          ? '–'
          : `${figure(result.ratios[name])} (${figure(low)}–${figure(high)}, n ${rounds})`;
      }),
    ),
  );
  const facts = results.map((result) =>
    row(result, [
      figure(result.step.dispatches),
      figure(result.step.encodeMs, 2),
      figure(result.step.bytes === undefined ? undefined : result.step.bytes / 1e6),
    ]),
  );
  return [
    'Milliseconds a step (median):',
    [head(ids), ...times].join('\n'),
    'Ratios (median of interleaved rounds, smallest–largest, rounds):',
    [head(names), ...compared].join('\n'),
    'The compiled WebGPU step:',
    [head(['dispatches', 'encode ms', 'MB on the device']), ...facts].join('\n'),
  ].join('\n\n');
}

/** Each size of network with its time per FLOP, and what the largest costs against the smallest. */
export function growthTable(grown: readonly (readonly [flops: number, ps: number])[]): string {
  const rows = grown.map(([flops, ps]) => `| ${figure(flops / 1e9)} | ${figure(ps)} |`);
  return [
    'WASM time per FLOP as the network grows:',
    ['| GFLOP a step | ps per FLOP |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}
