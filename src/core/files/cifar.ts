// CIFAR-10 and CIFAR-100 as people have them: the official archive (.tar.gz or .tar), or its .bin files one by one in
// any order.
import type { Split } from '../dataset.ts';
import { type NamedFile, type Pause, readAll } from './byte-reader.ts';
import { type CifarKind, cifarFile, cifarKinds, foreignRecords, readCifarRecords } from './cifar-records.ts';
import { invalid } from './invalid.ts';
import { type Opened, openFile } from './open.ts';
import { joinSplits, type Splits } from './read-splits.ts';
import { tarEntries } from './tar.ts';

/** The official archives hold 184,380,928 and 184,442,880 bytes. */
const MAX_BYTES = 512 << 20;

interface Batch {
  readonly from: string;
  readonly split: Split;
}

/**
 * Reads CIFAR in its binary form. A file is any whole number of records; rows are the training files one after the
 * other in their official order, whatever order they come in. CIFAR-100 answers the fine labels.
 * @throws LabError `dataset-invalid` with file, place, reason and what to do
 */
export async function readCifar(files: readonly NamedFile[], kind: CifarKind, pause: Pause): Promise<Splits> {
  const batches = new Map<string, Batch>();
  for (const file of files) {
    const opened = await openFile(file, kind.wanted, MAX_BYTES);
    try {
      if (opened.kind === 'tar' || isArchiveName(file.name))
        await readArchive(file.name, opened, kind, batches, pause);
      else await readBatchFile(file, opened, kind, batches);
    } finally {
      await opened.reader.close();
    }
    await pause();
  }
  return collect(batches, files, kind, pause);
}

async function readArchive(
  file: string,
  opened: Opened,
  kind: CifarKind,
  batches: Map<string, Batch>,
  pause: Pause,
): Promise<void> {
  const before = batches.size;
  const seen: string[] = [];
  for await (const entry of tarEntries(opened.reader, file)) {
    if (entry.kind === 'directory') continue;
    const base = baseName(entry.name);
    seen.push(base);
    const key = cifarFile(kind, base, true);
    if (!key) continue;
    const inside = `${file} › ${entry.name}`;
    if (entry.kind !== 'file') {
      throw invalid(
        inside,
        `byte ${entry.offset}`,
        'the entry is a link or a device, not a file',
        'Get the archive again',
      );
    }
    add(batches, key, inside, readCifarRecords(await entry.read(), inside, kind));
    await pause();
  }
  if (batches.size === before) throw noBatches(file, kind, seen);
}

async function readBatchFile(
  file: NamedFile,
  opened: Opened,
  kind: CifarKind,
  batches: Map<string, Batch>,
): Promise<void> {
  if (opened.kind === 'pickle') throw python(file.name, kind);
  const key = cifarFile(kind, baseName(file.name), false);
  const bytes = await readAll(opened.reader, MAX_BYTES, opened.size ?? undefined);
  if (!bytes)
    throw invalid(
      file.name,
      `byte ${MAX_BYTES}`,
      `the file is larger than all of ${kind.name}`,
      `Choose ${kind.wanted}`,
    );
  if (!key) throw foreignRecords(bytes, file.name, kind) ?? notCifar(file.name, kind, opened.kind);
  if (opened.size !== null && bytes.length !== opened.size) {
    throw invalid(
      file.name,
      `byte ${bytes.length}`,
      `the file ended early: ${opened.size} bytes were announced`,
      'Choose it again',
    );
  }
  add(batches, key, file.name, readCifarRecords(bytes, file.name, kind));
}

function add(batches: Map<string, Batch>, key: string, from: string, split: Split): void {
  const earlier = batches.get(key);
  if (earlier)
    throw invalid(from, '', `${key}.bin was already given by ${earlier.from}`, 'Choose every file once');
  batches.set(key, { from, split });
}

async function collect(
  batches: Map<string, Batch>,
  files: readonly NamedFile[],
  kind: CifarKind,
  pause: Pause,
): Promise<Splits> {
  const train = kind.train.flatMap((name) => batches.get(name)?.split ?? []);
  const test = batches.get(kind.test);
  batches.clear();
  const given = files.map((file) => file.name).join(', ');
  if (!test)
    throw invalid(
      given,
      '',
      'the test images are missing',
      `Choose ${kind.test}.bin too, together with the training images`,
    );
  if (train.length === 0)
    throw invalid(given, '', 'the training images are missing', `Choose ${named(kind.train)} too`);
  return { order: 'official', train: await joinSplits(train, pause), test: test.split };
}

/** "data_batch_1.bin to data_batch_5.bin". */
function named(files: readonly string[]): string {
  const [first, last] = [files[0], files.at(-1)];
  return first === last ? `${first}.bin` : `${first}.bin to ${last}.bin`;
}

function isArchiveName(name: string): boolean {
  return /\.(tar|tgz|tar\.gz)$/i.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function python(file: string, kind: CifarKind): Error {
  return invalid(
    file,
    'byte 0',
    `this is the Python version of CIFAR (pickle files)`,
    `Choose the binary version, ${kind.archive}`,
  );
}

function noBatches(file: string, kind: CifarKind, seen: readonly string[]): Error {
  if (seen.some((name) => /^(data_batch_[1-5]|test_batch|batches\.meta|train|test|meta)$/.test(name)))
    return python(file, kind);
  const other = cifarKinds.find(
    (one) => one !== kind && [...one.train, one.test].every((name) => seen.includes(`${name}.bin`)),
  );
  if (other) {
    return invalid(
      file,
      '',
      `this is ${other.name} (${named(other.train)} and ${other.test}.bin), not ${kind.name}`,
      `Choose ${kind.wanted}`,
    );
  }
  const some = seen.slice(0, 5).join(', ');
  return invalid(
    file,
    '',
    `no file of ${kind.name} is in the archive (${some === '' ? 'it is empty' : `it holds ${some}`})`,
    `Choose ${kind.wanted}`,
  );
}

function notCifar(file: string, kind: CifarKind, content: Opened['kind']): Error {
  const is =
    content === 'parquet' || content === 'idx'
      ? `this is a ${content} file`
      : 'the name says neither which batch nor that it is an archive';
  return invalid(file, 'byte 0', is, `Choose ${kind.wanted}, under their original names`);
}
