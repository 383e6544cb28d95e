// `lab data`: gets a dataset, verifies it with the page's own readers, and keeps it in datasets/<id>/ for the page.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetEntry } from '../catalog/datasets/dataset.ts';
import { datasets } from '../catalog/datasets/index.ts';
import type { DatasetFacts } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { Pause } from '../core/files/byte-reader.ts';
import { cifarKinds } from '../core/files/cifar-records.ts';
import { datasetSha256 } from '../core/files/digest.ts';
import { IDX_FILES, idxRole, readIdxDataset } from '../core/files/idx-dataset.ts';
import { readDataset } from '../core/files/read-dataset.ts';
import type { Splits } from '../core/files/read-splits.ts';
import {
  type Address,
  type DiskFile,
  fetchInto,
  filesAt,
  keepArchive,
  keepCopy,
  keepGzipped,
  named,
} from './data-files.ts';
import { datasetsFolder } from './paths.ts';
import { UsageError } from './usage.ts';

/** The one line that `lab data` answers with. */
export interface DataAnswer {
  readonly id: string;
  readonly train: number;
  readonly test: number;
  readonly sha256: string;
}

type Report = (note: string) => void;

const BUILT_IN = ['train-images.gz', 'train-labels.gz', 'test-images.gz', 'test-labels.gz'];

const pause: Pause = () => new Promise((done) => setImmediate(done));

/** What the dataset at a path is: read and checked as the page would read it. Throws LabError `dataset-invalid`. */
export async function factsAt(id: keyof typeof datasets, path: string): Promise<DatasetFacts> {
  const entry: DatasetEntry = datasets[id];
  const splits = await readDataset(entry, filesAt(path, entry.originals?.[0]?.name).map(named), pause);
  const { shape, classes } = 'shape' in splits ? splits : entry;
  return { shape, classes, train: splits.train.labels.length, test: splits.test.labels.length };
}

/**
 * Gets a dataset, verifies it and keeps it where the served page finds it.
 * @param from a file, a folder or an address; without it the dataset's own sources are tried in turn
 * @throws UsageError for an unknown dataset; LabError `dataset-unavailable` or `dataset-invalid`
 */
export async function data(
  id: string,
  from: string | undefined,
  report: Report,
  folder = datasetsFolder,
): Promise<DataAnswer> {
  if (!Object.hasOwn(datasets, id)) {
    throw new UsageError(`There is no dataset "${id}". There are: ${Object.keys(datasets).join(', ')}.`);
  }
  const entry: DatasetEntry = datasets[id as keyof typeof datasets];
  if (entry.origin === 'own')
    throw new UsageError(
      `${entry.label} is not kept here: name the file with train --data or describe --data.`,
    );
  if (entry.origin !== 'external') {
    if (from !== undefined) throw new UsageError(`${entry.label} comes with the lab; leave --from out.`);
    return answer(id, entry, entry.generate ? entry.generate() : await readBuiltIn(id, entry));
  }
  const home = join(folder, id);
  const prepared = from === undefined ? preparedFiles(entry, home) : null;
  if (prepared) {
    report(`${entry.label} is already in ${home}; verifying it.`);
    return answer(id, entry, await readDataset(entry, prepared.map(named), pause));
  }
  const files =
    from === undefined ? await fetchAny(entry, home, report) : await filesFrom(entry, from, home, report);
  try {
    report('Verifying');
    const found = await answer(id, entry, await readDataset(entry, files.map(named), pause));
    await keep(entry, home, files);
    report(`Kept in ${home}`);
    return found;
  } finally {
    for (const { path } of files) if (path.endsWith('.part')) rmSync(path, { force: true });
  }
}

async function answer(id: string, entry: DatasetEntry, { order, train, test }: Splits): Promise<DataAnswer> {
  const sha256 = await datasetSha256(train, test, pause);
  const known = entry.known?.[order];
  if (order === 'built-in' && known !== sha256) {
    throw new LabError(
      'dataset-invalid',
      `${entry.label} in this checkout is damaged (SHA-256 ${sha256}, not ${known}). Check it out again.`,
    );
  }
  return { id, train: train.labels.length, test: test.labels.length, sha256 };
}

function readBuiltIn(id: string, entry: DatasetEntry): Promise<Splits> {
  const files = BUILT_IN.map((name) => named({ name, path: join(datasetsFolder, id, name) }));
  return readIdxDataset(
    files,
    { shape: entry.shape, classes: entry.classes.length, order: 'built-in' },
    pause,
  );
}

const lastName = (url: string): string => new URL(url).pathname.split('/').pop() ?? '';

function downloads(entry: DatasetEntry): readonly Address[] {
  return (entry.download?.files ?? []).map((file) => ({ ...file, name: lastName(file.url) }));
}

/** What an earlier `lab data` left, in one of its two forms; null where neither is complete. */
function preparedFiles(entry: DatasetEntry, home: string): readonly DiskFile[] | null {
  for (const set of [entry.originals ?? [], downloads(entry)]) {
    const files = set.map(({ name }) => ({ name, path: join(home, name) }));
    if (files.length > 0 && files.every(({ path }) => existsSync(path))) return files;
  }
  return null;
}

async function fetchAll(
  addresses: readonly Address[],
  home: string,
  report: Report,
): Promise<readonly DiskFile[]> {
  const files: DiskFile[] = [];
  try {
    for (const address of addresses) files.push(await fetchInto(home, address, report));
    return files;
  } catch (thrown) {
    for (const { path } of files) rmSync(path, { force: true });
    throw thrown;
  }
}

/** The authors' files, or else the download that the page offers too. */
async function fetchAny(entry: DatasetEntry, home: string, report: Report): Promise<readonly DiskFile[]> {
  const problems: string[] = [];
  for (const addresses of [entry.originals ?? [], downloads(entry)]) {
    if (addresses.length === 0) continue;
    try {
      return await fetchAll(addresses, home, report);
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
      problems.push(thrown.message);
      report(thrown.message);
    }
  }
  throw new LabError(
    'dataset-unavailable',
    `${entry.label} cannot be fetched. ${problems.join(' ')} Get ${entry.fileHint ?? 'its files'} another way and name the file or folder with --from.`,
  );
}

async function filesFrom(
  entry: DatasetEntry,
  from: string,
  home: string,
  report: Report,
): Promise<readonly DiskFile[]> {
  if (!/^https?:\/\//.test(from)) return filesAt(from, entry.originals?.[0]?.name);
  const addresses = from.endsWith('/')
    ? (entry.originals ?? []).map(({ name }) => ({ name, url: new URL(name, from).href }))
    : [{ name: lastName(from), url: from }];
  return fetchAll(addresses, home, report);
}

/** Keeps verified files under the names that the page asks for, and drops the other form, which it would prefer or miss. */
async function keep(entry: DatasetEntry, home: string, files: readonly DiskFile[]): Promise<void> {
  const originals = (entry.originals ?? []).map(({ name }) => name);
  const others = downloads(entry).map(({ name }) => name);
  const isParquet = files.every(({ name }) => name.endsWith('.parquet'));
  if (isParquet) {
    for (const file of files)
      await keepCopy(home, others.find((name) => name.startsWith(splitOf(file.name))) ?? file.name, file);
  } else if (originals.length > 1) {
    for (const file of files)
      await keepGzipped(
        home,
        IDX_FILES.find((name) => idxRole(name) === idxRole(file.name)) ?? file.name,
        file,
      );
  } else if (files.length === 1) {
    await keepGzipped(home, originals[0] as string, files[0] as DiskFile);
  } else {
    const name = originals[0] as string;
    const inside = cifarKinds.find(({ archive }) => archive === name)?.folder ?? '.';
    await keepArchive(home, name, inside, files);
  }
  for (const name of isParquet ? originals : others) rmSync(join(home, name), { force: true });
}

function splitOf(name: string): string {
  return /test/i.test(name) ? 'test' : 'train';
}
