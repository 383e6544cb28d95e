// `lab export`: the metrics of a run folder in another format, beside the run. JSONL is what `lab train` wrote; asking
// for it checks every line and writes it again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { columnOf, createMetricLog, type MetricName, metricNames } from '../core/metrics.ts';
import { toJsonLines, toLongCsv, toWideCsv } from '../experiment/exports.ts';

/** Reads `metrics.jsonl`; an error names the line. */
function readLog(path: string) {
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

export async function exportRun(folder: string, format: 'csv' | 'jsonl'): Promise<{ files: string[] }> {
  const source = join(folder, 'metrics.jsonl');
  if (!existsSync(source))
    throw new Error(`${source}: there is no such file; name a folder that lab train --out wrote.`);
  const log = readLog(source);
  const contents: [string, string][] =
    format === 'csv'
      ? [
          ['metrics.csv', toWideCsv(log)],
          ['metrics-long.csv', toLongCsv([{ run: basename(resolve(folder)), log }])],
        ]
      : [['metrics.jsonl', toJsonLines(log)]];
  const files = contents.map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  return { files };
}
