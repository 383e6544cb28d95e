// A run as a record to take away: what it is, where it came from, what a person wrote about it, and what it gave.
import { type MetricName, metricNames } from '../core/metrics.ts';
import type { Value } from '../core/setting.ts';
import { effective, keys, type Parent } from './config.ts';
import { toTableCsv } from './exports.ts';
import type { DeviceInfo } from './protocol.ts';
import type { Run, RunCost } from './run.ts';

type Result = { readonly last: number; readonly least: number; readonly most: number };

export interface RunRecord {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly starred: boolean;
  readonly tags: readonly string[];
  readonly note: string;
  readonly state: Run['state'];
  readonly step: number;
  readonly totalSteps: number | null;
  readonly seconds: number;
  readonly created: string;
  /** The checkpoint that a fork began from. */
  readonly parent: Pick<Parent, 'key' | 'id' | 'step'> | null;
  /** Every setting that has an effect, defaults filled in. */
  readonly config: Readonly<Record<string, Value>>;
  readonly cost: RunCost | null;
  readonly data: { readonly sha256: string; readonly order: string } | null;
  readonly device: DeviceInfo | null;
  readonly results: Readonly<Partial<Record<MetricName, Result>>>;
}

function resultsOf({ digest }: Run): RunRecord['results'] {
  const measured = metricNames.flatMap((name) => {
    const found = digest?.[name];
    return found ? [[name, { last: found.last, least: found.least, most: found.most }] as const] : [];
  });
  return Object.fromEntries(measured);
}

export function runRecord(run: Run): RunRecord {
  const { key, id, name, remarks, state, step, totalSteps, seconds, config, cost, device } = run;
  return {
    key,
    id,
    name,
    title: remarks.title,
    starred: remarks.isStarred,
    tags: remarks.tags,
    note: remarks.note,
    state,
    step,
    totalSteps,
    seconds,
    created: new Date(run.createdAt).toISOString(),
    parent: run.parent && { key: run.parent.key, id: run.parent.id, step: run.parent.step },
    config: effective(config),
    cost,
    data: run.data && { sha256: run.data.sha256, order: run.data.order },
    device,
    results: resultsOf(run),
  };
}

/** One JSON text: a record, or a list of them. JSON has no NaN: a result that is not finite is null. */
export function toRecordJson(records: RunRecord | readonly RunRecord[]): string {
  return `${JSON.stringify(records, null, 2)}\n`;
}

const cellOf = (value: Value | undefined): string | number =>
  typeof value === 'number' ? value : String(value ?? '');

/** One line a run: who it is, remarks, results, then every setting that has an effect in any of them. */
export function toRunsCsv(runs: readonly Run[]): string {
  const records = runs.map(runRecord);
  const settings = keys.filter((key) => records.some(({ config }) => key in config));
  const metrics = metricNames.filter((name) => records.some(({ results }) => results[name] !== undefined));
  const head = [
    ...['key', 'name', 'title', 'starred', 'tags', 'note', 'state', 'step', 'seconds', 'created', 'parent'],
    'parameters',
    ...metrics.map((name) => `${name} last`),
    ...settings,
  ];
  const rows = records.map((record) => [
    record.key,
    record.name,
    record.title,
    String(record.starred),
    record.tags.join(' '),
    record.note,
    record.state,
    record.step,
    record.seconds,
    record.created,
    record.parent ? `${record.parent.key} at step ${record.parent.step}` : '',
    record.cost?.parameters ?? '',
    ...metrics.map((name) => record.results[name]?.last ?? ''),
    ...settings.map((key) => cellOf(record.config[key])),
  ]);
  return toTableCsv(head, rows);
}
