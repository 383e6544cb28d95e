// Saving a run's results, and measurements of the GPU, as files of the user's machine.
import type { KernelTuning } from '../experiment/kernel-tuning.ts';
import { titleOf } from '../experiment/run.ts';
import { bytesOf, type ContentSources, requireRun } from './run-contents.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'safetensors' | 'average.safetensors';

const contents = {
  safetensors: 'model',
  'average.safetensors': 'average',
  csv: 'csv',
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
  const type = format === 'csv' ? 'text/csv' : 'application/octet-stream';
  save(fileName(titleOf(run), run.id, format), new Blob([bytes], { type }));
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
