// A dataset in two parquet files, train and test, told apart by their names, as Hugging Face keeps them.
import type { Split } from '../dataset.ts';
import { LabError } from '../failure.ts';
import { type NamedFile, type Pause, readAll } from './byte-reader.ts';
import { checkedFile, type KnownFile } from './checked-file.ts';
import { invalid } from './invalid.ts';
import { openFile } from './open.ts';
import { type ImageTable, readParquetImages } from './parquet-images.ts';
import type { Splits } from './read-splits.ts';

const MAX_BYTES = 512 << 20;
const WANTED = 'the train and the test .parquet file';

/**
 * Reads both files, one after the other, so that only one is in memory at a time. Length and SHA-256 of each are
 * checked before a row is decoded.
 * @param pinned what is known of the two files
 * @param order of the rows, which is not the official one
 * @param onRows told the file and how many of its rows are decoded, now and then
 * @throws LabError `dataset-invalid`: a file is missing, twice there or damaged
 */
export async function readParquetDataset(
  files: readonly NamedFile[],
  pinned: readonly (KnownFile & { readonly split: string })[],
  table: ImageTable,
  order: string,
  pause: Pause,
  onRows: (file: string, done: number, total: number) => void = () => {},
): Promise<Splits> {
  const roles = new Map<string, NamedFile>();
  for (const file of files) {
    const role = /(^|[^a-z])(train|test)([^a-z]|$)/i.exec(file.name)?.[2]?.toLowerCase();
    if (!role) throw invalid(file.name, '', 'the name says neither "train" nor "test"', `Choose ${WANTED}`);
    if (roles.has(role))
      throw invalid(file.name, '', `there are two ${role} files`, `Choose ${WANTED}, once each`);
    roles.set(role, file);
  }
  const given = files.map((file) => file.name).join(', ');
  for (const role of ['train', 'test']) {
    if (!roles.has(role))
      throw invalid(given, '', `the ${role} file is missing`, `Choose ${WANTED} together`);
  }
  const read = async (role: string): Promise<Split> => {
    const file = roles.get(role) as NamedFile;
    const known = pinned.find(({ split }) => split === role);
    if (!known) throw new LabError('internal', `No ${role} file is pinned.`);
    const bytes = await wholeFile(checkedFile(file, known));
    return readParquetImages(bytes, file.name, table, pause, (done, total) => onRows(file.name, done, total));
  };
  const train = await read('train');
  return { order, train, test: await read('test') };
}

async function wholeFile(file: NamedFile): Promise<Uint8Array<ArrayBuffer>> {
  const opened = await openFile(file, WANTED, MAX_BYTES);
  try {
    if (opened.kind !== 'parquet')
      throw invalid(file.name, 'byte 0', 'this is no parquet file', `Choose ${WANTED}`);
    const bytes = await readAll(opened.reader, MAX_BYTES, opened.size ?? undefined);
    if (!bytes) throw invalid(file.name, `byte ${MAX_BYTES}`, 'the file is too large', `Choose ${WANTED}`);
    return bytes;
  } finally {
    await opened.reader.close();
  }
}
