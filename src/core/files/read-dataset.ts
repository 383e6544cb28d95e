// Which reader a dataset's files need. The engine (files of the page) and `lab data` (files on disk) both come here.
import type { ImageShape } from '../dataset.ts';
import type { NamedFile, Pause } from './byte-reader.ts';
import { checkedFile, type KnownFile } from './checked-file.ts';
import { readCifar } from './cifar.ts';
import { cifarKinds } from './cifar-records.ts';
import { readIdxDataset } from './idx-dataset.ts';
import { invalid } from './invalid.ts';
import { readOwnDataset } from './own-dataset.ts';
import { readParquetDataset } from './parquet-dataset.ts';
import type { OwnSplits, Splits } from './read-splits.ts';

export interface PinnedFile extends KnownFile {
  readonly split: 'train' | 'test';
}

/** What has to be known of a dataset to read its files; the catalog's entries have it. */
export interface ReadableDataset {
  readonly label: string;
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly origin: 'built-in' | 'generated' | 'external' | 'own';
  readonly originals?: readonly {
    readonly name: string;
    readonly bytes?: number;
    readonly sha256?: string;
  }[];
  readonly download?: {
    readonly order: string;
    readonly files: readonly PinnedFile[];
    readonly imageColumn: string;
    readonly labelColumn: string;
  };
}

/**
 * Reads a dataset from files in any of its forms: the authors' files or, where it has a download, parquet; own data from
 * the one file it is in.
 * Parquet is taken as pinned only: its reader was not made for hostile files, so none but known bytes reach it.
 * A file as long as the original is held against the original's SHA-256; parts and other lengths are taken as they are.
 * @param onRows told of decoded pictures, where decoding takes long
 * @throws LabError `dataset-invalid` with file, place, reason and what to do
 */
export async function readDataset(
  entry: ReadableDataset,
  files: readonly NamedFile[],
  pause: Pause,
  onRows?: (file: string, done: number, total: number) => void,
): Promise<Splits | OwnSplits> {
  if (files.length === 0)
    throw invalid(entry.label, '', 'no file was chosen', 'Choose the files of the dataset');
  if (entry.origin === 'own') return readOwnDataset(files, pause, onRows);
  if (entry.download && files.some((file) => file.name.toLowerCase().endsWith('.parquet'))) {
    const { order, imageColumn, labelColumn } = entry.download;
    const table = { shape: entry.shape, classes: entry.classes.length, imageColumn, labelColumn };
    return readParquetDataset(files, entry.download.files, table, order, pause, onRows);
  }
  const checked = files.map((file) => checkedOriginal(entry, file));
  const cifar = cifarKinds.find(({ archive }) => entry.originals?.some(({ name }) => name === archive));
  return cifar
    ? readCifar(checked, cifar, pause)
    : readIdxDataset(
        checked,
        { shape: entry.shape, classes: entry.classes.length, order: 'official' },
        pause,
      );
}

function checkedOriginal(entry: ReadableDataset, file: NamedFile): NamedFile {
  const original = entry.originals?.find(({ bytes }) => bytes !== undefined && bytes === file.size);
  if (original?.bytes === undefined || original.sha256 === undefined) return file;
  return checkedFile(file, { bytes: original.bytes, sha256: original.sha256 });
}
