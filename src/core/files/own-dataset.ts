// A dataset of the user's own in one file: npz, safetensors, or a zip of PNG pictures in class folders. It brings its own
// shape and classes; where it has no split, a fifth of each class is held out by a fixed seed.
import type { Split } from '../dataset.ts';
import { LabError } from '../failure.ts';
import { formatBytes } from '../format.ts';
import { safetensorsEntries } from '../safetensors.ts';
import { splitRows } from '../split.ts';
import { arrayDataset, arrayNames, type LabelledImages, ownLimits } from './array-dataset.ts';
import { byteReader, type NamedFile, type Pause, readAll } from './byte-reader.ts';
import { invalid } from './invalid.ts';
import { readNpy } from './npy.ts';
import type { NumberArray, NumberType } from './number-array.ts';
import { isPng, pngFolders } from './png-folders.ts';
import type { OwnSplits } from './read-splits.ts';
import { refusal, SNIFF_BYTES, sniff } from './sniff.ts';
import { inside, unzipped, type ZipEntry, zipEntries } from './zip.ts';

export const OWN_FILES = 'one .npz, .safetensors or .zip file (x and y, or PNG pictures in class folders)';

/** Share of images that are held out for testing where the file has no split. */
export const HELD_OUT = 0.2;

/** The largest file that is read. */
const MAX_BYTES = 1 << 30;

/**
 * @param onPictures told how many pictures are decoded, now and then
 * @throws LabError `dataset-invalid` with file, array or picture, reason and the next step
 */
export async function readOwnDataset(
  files: readonly NamedFile[],
  pause: Pause,
  onPictures?: (file: string, done: number, total: number) => void,
): Promise<OwnSplits> {
  const [file, second] = files;
  if (!file || second)
    throw invalid(
      files.map(({ name }) => name).join(', '),
      '',
      `own data is one file, not ${files.length}`,
      `Choose ${OWN_FILES}`,
    );
  const bytes = await wholeFile(file);
  const kind = sniff(bytes.subarray(0, SNIFF_BYTES));
  await pause();
  if (kind === 'safetensors')
    return split(await arrayDataset(tensors(bytes, file.name), file.name, pause), file.name);
  if (kind !== 'zip')
    throw (
      refusal(file.name, kind, bytes.subarray(0, SNIFF_BYTES), OWN_FILES) ??
      invalid(file.name, 'byte 0', 'this is no npz, safetensors or zip file', `Choose ${OWN_FILES}`)
    );
  const entries = zipEntries(bytes, file.name);
  const arrays = entries.filter(({ name }) => name.endsWith('.npy'));
  if (arrays.length > 0)
    return split(await arrayDataset(await npz(bytes, arrays, file.name, pause), file.name, pause), file.name);
  if (!entries.some(isPng)) {
    const some =
      entries
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ') || 'nothing';
    throw invalid(
      file.name,
      '',
      `there is neither an array nor a PNG picture in it (it holds ${some})`,
      `Choose ${OWN_FILES}`,
    );
  }
  return split(
    await pngFolders(bytes, entries, file.name, pause, (done, total) => onPictures?.(file.name, done, total)),
    file.name,
  );
}

async function wholeFile(file: NamedFile): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): Error =>
    invalid(
      file.name,
      '',
      `the file is larger than the ${formatBytes(MAX_BYTES)} allowed`,
      'Save pixels as uint8, or fewer images',
    );
  if (file.size !== null && file.size > MAX_BYTES) throw tooLarge();
  const reader = byteReader(file.chunks());
  try {
    const bytes = await readAll(reader, MAX_BYTES, file.size ?? undefined);
    if (!bytes) throw tooLarge();
    return bytes;
  } finally {
    await reader.close();
  }
}

const isWanted = (name: string): boolean => (arrayNames as readonly string[]).includes(name);

/** The arrays that a dataset is made of, others unread; sizes are added up before the first is inflated. */
async function npz(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  file: string,
  pause: Pause,
): Promise<ReadonlyMap<string, NumberArray>> {
  const nameOf = ({ name }: ZipEntry): string => name.slice(0, -'.npy'.length);
  const wanted = entries.filter((entry) => isWanted(nameOf(entry)));
  const total = wanted.reduce((sum, { size }) => sum + size, 0);
  if (total > 2 * ownLimits.bytes)
    throw invalid(
      file,
      '',
      `its arrays take ${formatBytes(total)}, more than the ${formatBytes(2 * ownLimits.bytes)} allowed`,
      'Save pixels as uint8, or fewer images',
    );
  if (wanted.length === 0)
    throw invalid(
      file,
      '',
      `there is no array x or y in it (there are: ${entries.slice(0, 8).map(nameOf).join(', ')})`,
      `Save ${arrayNames.join(', ')}`,
    );
  const arrays = new Map<string, NumberArray>();
  for (const entry of wanted) {
    const where = inside(file, entry.name);
    arrays.set(nameOf(entry), readNpy(await unzipped(bytes, entry, file, pause), nameOf(entry), where));
  }
  return arrays;
}

const types: Readonly<Record<string, NumberType>> = {
  BOOL: 'bool',
  U8: 'u8',
  I8: 'i8',
  U16: 'u16',
  I16: 'i16',
  U32: 'u32',
  I32: 'i32',
  U64: 'u64',
  I64: 'i64',
  F16: 'f16',
  F32: 'f32',
  F64: 'f64',
};

function tensors(bytes: Uint8Array, file: string): ReadonlyMap<string, NumberArray> {
  try {
    const arrays = new Map<string, NumberArray>();
    for (const { name, dtype, shape, data } of safetensorsEntries(bytes).entries) {
      const type = types[dtype];
      if (!type && isWanted(name))
        throw invalid(
          inside(file, name),
          '',
          `values of type ${dtype} cannot be read`,
          'Save x as U8 or F32 and y as I64',
        );
      if (type) arrays.set(name, { name, type, shape, bytes: data });
    }
    return arrays;
  } catch (thrown) {
    if (!(thrown instanceof LabError) || thrown.code === 'dataset-invalid') throw thrown;
    throw invalid(file, '', thrown.message.replace(/\.$/, ''), 'Save the file again');
  }
}

/** The file's own split, or a fifth of each class held out: the same rows whatever the run's seed. */
function split({ shape, classes, train, test }: LabelledImages, file: string): OwnSplits {
  if (test) return { order: 'file', shape, classes, train, test };
  const count = train.labels.length;
  const held = Math.round(HELD_OUT * count);
  if (held < 1)
    throw invalid(file, '', `it has only ${count} images: none can be held out for testing`, 'Add images');
  const rows = splitRows(train.labels, classes.length, { trainSize: 0, validationSize: held, seed: 0 });
  return {
    order: 'file-split',
    shape,
    classes,
    train: take(train, rows.train),
    test: take(train, rows.validation),
  };
}

function take({ images, labels }: Split, rows: Uint32Array): Split {
  const size = images.length / labels.length;
  const taken = new Uint8Array(rows.length * size);
  for (const [index, row] of rows.entries())
    taken.set(images.subarray(row * size, (row + 1) * size), index * size);
  return { images: taken, labels: Uint8Array.from(rows, (row) => labels[row] as number) };
}
