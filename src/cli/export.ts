// `lab export`: the metrics of a run folder in another format, beside the run. JSONL is what `lab train` wrote; asking
// for it checks every line and writes it again.
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { toJsonLines, toLongCsv, toWideCsv } from '../experiment/exports.ts';
import { readMetricFile } from './metric-file.ts';

export async function exportRun(folder: string, format: 'csv' | 'jsonl'): Promise<{ files: string[] }> {
  const source = join(folder, 'metrics.jsonl');
  const log = readMetricFile(source);
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
