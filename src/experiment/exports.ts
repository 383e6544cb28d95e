// Metrics as text, at full resolution: long CSV, wide CSV, one JSON object a step. Never sampled, never smoothed.
import { type Column, type MetricLog, type MetricName, metricNames } from '../core/metrics.ts';

/** A run's measurements and what to call the run in a table of several. */
export interface NamedLog {
  readonly run: string;
  readonly log: MetricLog;
}

/** Line ending of RFC 4180. */
const CRLF = '\r\n';

/**
 * A cell of text. A spreadsheet would run what begins with = + - @ tab, CR or NUL as a formula: such text gets a leading '.
 * Source: OWASP, CSV injection; quoting is RFC 4180's.
 */
export function textCell(text: string): string {
  const safe = /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Shortest text that reads back as the same number; `NaN` and `Infinity` stay what they are. */
const numberCell = (value: number): string => String(value);

interface Row {
  readonly step: number;
  /** Name and value, in the order of `metricNames`. */
  readonly values: readonly (readonly [MetricName, number])[];
}

/** All measurements grouped by step, steps rising. */
function* rows(log: MetricLog): Generator<Row> {
  const columns: { name: MetricName; column: Column; at: number }[] = log
    .names()
    .map((name) => ({ name, column: log.column(name), at: 0 }));
  for (;;) {
    let step = Number.POSITIVE_INFINITY;
    for (const { column, at } of columns) step = Math.min(step, column.steps[at] ?? Number.POSITIVE_INFINITY);
    if (step === Number.POSITIVE_INFINITY) return;
    const values: [MetricName, number][] = [];
    for (const entry of columns) {
      if (entry.column.steps[entry.at] !== step) continue;
      values.push([entry.name, entry.column.values[entry.at] as number]);
      entry.at++;
    }
    yield { step, values };
  }
}

/** `run,step,metric,value`: one measurement a line, any number of runs. */
export function toLongCsv(runs: readonly NamedLog[]): string {
  const lines = ['run,step,metric,value'];
  for (const { run, log } of runs) {
    const cell = textCell(run);
    for (const { step, values } of rows(log)) {
      for (const [name, value] of values) lines.push(`${cell},${step},${name},${numberCell(value)}`);
    }
  }
  return lines.join(CRLF) + CRLF;
}

/** `step,train/loss,…`: one step a line, only metrics that were measured; a metric not measured then is an empty cell. */
export function toWideCsv(log: MetricLog): string {
  const names = metricNames.filter((name) => log.names().includes(name));
  const lines = [['step', ...names].join(',')];
  for (const { step, values } of rows(log)) {
    const byName = new Map(values);
    const cells = names.map((name) => {
      const value = byName.get(name);
      return value === undefined ? '' : numberCell(value);
    });
    lines.push([step, ...cells].join(','));
  }
  return lines.join(CRLF) + CRLF;
}

/** `{"step":…,"train/loss":…}` one step a line. JSON has no NaN: a value that is not finite is null. */
export function toJsonLines(log: MetricLog): string {
  let text = '';
  for (const { step, values } of rows(log))
    text += `${JSON.stringify({ step, ...Object.fromEntries(values) })}\n`;
  return text;
}

/** A table of words and numbers. What comes as text is text, even where it looks like a number. */
export function toTableCsv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell) => (typeof cell === 'number' ? numberCell(cell) : textCell(cell))).join(',');
  return [head, ...rows].map(line).join(CRLF) + CRLF;
}
