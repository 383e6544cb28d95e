// Saving a run's results, and measurements of the GPU, as files of the user's machine.

import { toLongCsv } from '../experiment/exports.ts';
import type { KernelTuning } from '../experiment/kernel-tuning.ts';
import { titleOf } from '../experiment/run.ts';
import { runRecord, toRecordJson, toRunsCsv } from '../experiment/run-record.ts';
import { bytesOf, type ContentSources, requireRun } from './run-contents.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'json' | 'safetensors' | 'average.safetensors';

const contents = {
  safetensors: 'model',
  'average.safetensors': 'average',
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
} as const;

/** A name that every file system takes: the run's name and the start of its id. */
export function fileName(name: string, id: string, format: ExportFormat): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${plain || 'run'}-${id.slice(0, 8)}.${format}`;
}

/** Hands the file to the browser's downloads. Rejects with a LabError when there is nothing to save. */
export async function exportRun(key: string, format: ExportFormat, sources: ContentSources): Promise<void> {
  const run = requireRun(sources.runs, key);
  const bytes = await bytesOf(key, contents[format], sources);
  save(fileName(titleOf(run), run.id, format), new Blob([bytes], { type: TYPES[format] }));
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/octet-stream',
  safetensors: 'application/octet-stream',
  'average.safetensors': 'application/octet-stream',
};

/** Several runs in one file, newest first. */
export async function exportRuns(
  keys: readonly string[],
  what: 'table' | 'metrics' | 'records',
  { runs, series }: Pick<ContentSources, 'runs' | 'series'>,
): Promise<void> {
  const wanted = keys.flatMap((key) => runs.find(key) ?? []).sort((a, b) => b.createdAt - a.createdAt);
  const file = (name: string, text: string, type: string): void => save(name, new Blob([text], { type }));
  switch (what) {
    case 'table':
      return file('mlp-lab-runs.csv', toRunsCsv(wanted), TYPES.csv);
    case 'records':
      return file('mlp-lab-runs.json', toRecordJson(wanted.map(runRecord)), TYPES.json);
    case 'metrics': {
      // One after the other: what is not on the charts is read and let go again.
      const parts: Blob[] = [];
      for (const run of wanted) {
        const text = toLongCsv([{ run: `${titleOf(run)} ${run.key}`, log: await series.once(run.key) }]);
        parts.push(new Blob([parts.length === 0 ? text : text.slice(text.indexOf('\n') + 1)]));
      }
      return save('mlp-lab-metrics.csv', new Blob(parts, { type: TYPES.csv }));
    }
    default:
      throw what satisfies never;
  }
}

/** Saves what was measured of this machine's GPUs, for a person to send. */
export function exportTuning(tunings: readonly KernelTuning[]): void {
  const text = `${JSON.stringify(tunings, null, 2)}\n`;
  save('mlp-lab-kernel-tunings.json', new Blob([text], { type: 'application/json' }));
}

function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
