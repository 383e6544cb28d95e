// The rows of the runs table: runs searched, grouped, sorted, and laid out as a flat list that can be drawn in part.
import { type MeanInterval, meanInterval } from '../../core/stats/mean-interval.ts';
import { type Key, keys } from '../../experiment/config.ts';
import { groupOf, oneEachSeed, type Run } from '../../experiment/run.ts';
import { nameOf, settingNames, valueWords } from './change.ts';
import { lastScore } from './score.ts';

/** A row for each run, for the seeds of a config, or for each value of a setting. */
export type Grouping = 'none' | 'seeds' | Key;

export const columns = ['name', 'parameters', 'score', 'seeds', 'rate', 'status', 'when'] as const;
export type Column = (typeof columns)[number];

export interface Sorting {
  readonly column: Column;
  readonly isDescending: boolean;
}

/** Several runs as one. */
export interface Group {
  readonly key: string;
  /** Newest first. */
  readonly runs: readonly Run[];
  /** "width 512": of a group by a setting. */
  readonly title: string | null;
}

export type Row =
  | { readonly kind: 'group'; readonly group: Group; readonly isOpen: boolean }
  | { readonly kind: 'run'; readonly run: Run; readonly isInside: boolean };

/** What a row says of all its runs. */
export interface Facts {
  readonly parameters: number | null;
  /** Mean of the last scores of finished runs; with one run its half is that over the test images. */
  readonly score: MeanInterval | null;
  readonly half: number | null;
  readonly seeds: number;
  readonly stepsPerSecond: number | null;
  readonly createdAt: number;
}

export function groupRuns(runs: readonly Run[], grouping: Grouping): readonly Group[] {
  if (grouping === 'none') return runs.map((run) => ({ key: run.key, runs: [run], title: null }));
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = grouping === 'seeds' ? groupOf(run) : String(run.config[grouping]);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups].map(([key, inside]) => {
    const title = grouping === 'seeds' ? null : titleOfValue(grouping, inside[0] as Run);
    return { key, runs: inside, title };
  });
}

const titleOfValue = (key: Key, run: Run): string => `${settingNames[key]} ${valueWords(key, run.config)}`;

const rateOf = (run: Run): number | null => {
  const begin = run.parent?.step ?? 0;
  return run.step > begin && run.seconds > 0 ? run.step / run.seconds : null;
};

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const known = new WeakMap<Run, Map<string, { readonly runs: readonly Run[]; readonly facts: Facts }>>();

const same = (a: readonly Run[], b: readonly Run[]): boolean =>
  a.length === b.length && a.every((run, index) => run === b[index]);

/** Kept while none of its runs has changed. */
export function factsOf({ key, runs }: Pick<Group, 'key' | 'runs'>): Facts {
  const [first] = runs as readonly [Run];
  const kept = known.get(first) ?? new Map();
  const before = kept.get(key);
  if (before && same(before.runs, runs)) return before.facts;
  const facts = makeFacts(runs);
  kept.set(key, { runs, facts });
  known.set(first, kept);
  return facts;
}

/**
 * The runs that say what they reach: one a seed of each config; a run that was cut short or blew up only where there is
 * nothing else.
 */
export function samples(runs: readonly Run[]): readonly Run[] {
  const finished = runs.filter(({ state }) => state === 'finished');
  return groupRuns(finished.length > 0 ? finished : runs, 'seeds').flatMap((group) =>
    oneEachSeed(group.runs, (run) => run),
  );
}

function makeFacts(runs: readonly Run[]): Facts {
  const sizes = new Set(runs.map(({ cost }) => cost?.parameters ?? null));
  const scores = samples(runs)
    .map(lastScore)
    .filter((score) => score !== null);
  const score = meanInterval(scores.map(({ value }) => value));
  const one = scores.length === 1 ? (scores[0]?.half ?? null) : null;
  return {
    parameters: sizes.size === 1 ? ([...sizes][0] ?? null) : null,
    score,
    half: score && score.n > 1 ? (score.high - score.low) / 2 : one,
    seeds: new Set(runs.map(({ config }) => config.seed)).size,
    stepsPerSecond: average(runs.map(rateOf).filter((rate) => rate !== null)),
    createdAt: Math.max(...runs.map(({ createdAt }) => createdAt)),
  };
}

const STATES = ['running', 'queued', 'failed', 'diverged', 'stopped', 'finished'];

/** What a group is sorted by; null goes last, whichever way. */
function sortValue(group: Group, column: Column): number | string | null {
  const facts = factsOf(group);
  const [first] = group.runs as readonly [Run];
  switch (column) {
    case 'name':
      return (group.title ?? nameOf(first)).toLowerCase();
    case 'parameters':
      return facts.parameters;
    case 'score':
      return facts.score?.mean ?? null;
    case 'seeds':
      return facts.seeds;
    case 'rate':
      return facts.stepsPerSecond;
    case 'status':
      return Math.min(...group.runs.map(({ state }) => STATES.indexOf(state)));
    case 'when':
      return facts.createdAt;
    default:
      throw column satisfies never;
  }
}

export function sortGroups(groups: readonly Group[], { column, isDescending }: Sorting): readonly Group[] {
  const sign = isDescending ? -1 : 1;
  return groups
    .map((group, index) => ({ group, index, value: sortValue(group, column) }))
    .sort((a, b) => {
      if (a.value === b.value) return a.index - b.index;
      if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
      if (typeof a.value === 'string')
        return sign * a.value.localeCompare(String(b.value), 'en', { numeric: true });
      return sign * (a.value - Number(b.value));
    })
    .map(({ group }) => group);
}

/** Groups of one run are that run; an open group is followed by its runs. */
export function rowsOf(groups: readonly Group[], open: ReadonlySet<string>): readonly Row[] {
  return groups.flatMap((group): Row[] => {
    const [only] = group.runs;
    if (group.runs.length === 1 && only && group.title === null)
      return [{ kind: 'run', run: only, isInside: false }];
    const isOpen = open.has(group.key);
    const head: Row = { kind: 'group', group, isOpen };
    return isOpen ? [head, ...group.runs.map((run): Row => ({ kind: 'run', run, isInside: true }))] : [head];
  });
}

/** Settings in which some of the runs differ: what one can group by. */
export function differing(runs: readonly Run[]): readonly Key[] {
  const [first] = runs;
  if (!first) return [];
  return keys.filter((key) => key !== 'seed' && runs.some(({ config }) => config[key] !== first.config[key]));
}

/** Rows [from, to) that a scrolled window shows, with a few more at each side. */
export function visibleRows(
  top: number,
  height: number,
  rowHeight: number,
  count: number,
): readonly [from: number, to: number] {
  const more = 6;
  const from = Math.max(0, Math.floor(top / rowHeight) - more);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + more);
  return [Math.min(from, to), to];
}
