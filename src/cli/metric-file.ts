// `metrics.jsonl` of a run folder, read back into a log.
import { existsSync, readFileSync } from 'node:fs';
import { columnOf, createMetricLog, type MetricLog, type MetricName, metricNames } from '../core/metrics.ts';

/** Throws an Error that names the file, or the line that cannot be read. */
export function readMetricFile(path: string): MetricLog {
  if (!existsSync(path)) {
    throw new Error(`${path}: there is no such file; name a folder that lab train --out wrote.`);
  }
  const pairs = new Map<MetricName, [number, number][]>(metricNames.map((name) => [name, []]));
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    let row: Record<string, number | null>;
    try {
      row = JSON.parse(line) as Record<string, number | null>;
    } catch {
      throw new Error(
        `${path}, line ${index + 1}: not JSON. The file is cut or was edited; write it again with lab train.`,
      );
    }
    const { step } = row;
    if (typeof step !== 'number') throw new Error(`${path}, line ${index + 1}: no "step".`);
    for (const [name, column] of pairs) if (name in row) column.push([step, row[name] ?? Number.NaN]);
  }
  const log = createMetricLog();
  for (const [name, column] of pairs) if (column.length > 0) log.append({ [name]: columnOf(column) });
  return log;
}
