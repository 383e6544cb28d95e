// Data that needs no network beyond this site: built in, or the copy that `lab data` prepared beside the page.
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import { LabError } from '../../core/failure.ts';
import type { NamedFile } from '../../core/files/byte-reader.ts';
import { readIdxDataset } from '../../core/files/idx-dataset.ts';
import { readDataset } from '../../core/files/read-dataset.ts';
import type { Splits } from '../../core/files/read-splits.ts';
import { builtInFiles } from './built-in-files.ts';
import type { Loading } from './loading.ts';
import { remoteFile } from './response.ts';

/** The files that come with the page, by the names that `prepare.py` gives them. */
export async function readBuiltIn(id: string, entry: DatasetEntry, loading: Loading): Promise<Splits> {
  const addresses = builtInFiles[id];
  if (!addresses) throw new LabError('internal', `${entry.label} has no built-in files.`);
  const files = addresses.map(({ name, url }): NamedFile => {
    const missing = (reason: string) =>
      new LabError(
        'dataset-unavailable',
        `${entry.label} comes with this page, but ${name} is not there: ${reason}. Reload the page.`,
      );
    return remoteFile({ name, url, phase: 'read', bytes: null, missing }, loading);
  });
  const { shape, classes } = entry;
  return readIdxDataset(files, { shape, classes: classes.length, order: 'built-in' }, loading.pause);
}

/**
 * The copy of an external dataset under `<page>/datasets/<id>/`: the original files or, where there are none, the
 * download's. A server may inflate .gz on the way, or answer any address with its own page; both are seen.
 */
export async function readSameOrigin(id: string, entry: DatasetEntry, loading: Loading): Promise<Splits> {
  const sets = [
    (entry.originals ?? []).map((file) => file.name),
    (entry.download?.files ?? []).map((file) => file.url.slice(file.url.lastIndexOf('/') + 1)),
  ].filter((names) => names.length > 0);
  let absent: Absent | null = null;
  for (const names of sets) {
    try {
      const files = names.map((name) => sameOriginFile(id, name, loading));
      return await readDataset(entry, files, loading.pause);
    } catch (thrown) {
      if (!(thrown instanceof Absent)) throw thrown;
      absent ??= thrown;
    }
  }
  throw new LabError('dataset-unavailable', howToGet(id, entry), absent?.message);
}

class Absent extends LabError {}

function sameOriginFile(id: string, name: string, loading: Loading): NamedFile {
  const url = new URL(`datasets/${id}/${name}`, loading.pageBase).href;
  const missing = (reason: string) => new Absent('dataset-unavailable', `${url}: ${reason}`);
  return remoteFile({ name, url, phase: 'read', bytes: null, missing }, loading);
}

function howToGet(id: string, entry: DatasetEntry): string {
  const ways = [
    `drop the files here (${entry.fileHint ?? 'as published'})`,
    ...(entry.download ? ['press Download'] : []),
    `run "npm run lab -- data ${id}" where the lab is installed`,
  ];
  return `${entry.label} is not on this site yet. Any one of these gets it: ${ways.join('; ')}.`;
}
