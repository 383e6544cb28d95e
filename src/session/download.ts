// Saving a run's results as a file of the user's machine.
import { bytesOf, type ContentSources, requireRun } from './run-contents.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'safetensors';

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
  const bytes = await bytesOf(key, format === 'safetensors' ? 'model' : format, sources);
  const type = format === 'csv' ? 'text/csv' : 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(run.name, run.id, format);
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
