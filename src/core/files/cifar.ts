// CIFAR-10 as people have it: the official archive (.tar.gz or .tar), or its .bin files one by one in any order.
import type { Split } from '../dataset.ts';
import { type NamedFile, type Pause, readAll } from './byte-reader.ts';
import { cifar10Kind, foreignRecords, readCifarRecords } from './cifar-records.ts';
import { invalid } from './invalid.ts';
import { type Opened, openFile } from './open.ts';
import { joinSplits, type Splits } from './read-splits.ts';
import { tarEntries } from './tar.ts';

export const CIFAR_10_FILES =
  'cifar-10-binary.tar.gz, or its files data_batch_1.bin to data_batch_5.bin and test_batch.bin';

/** The official archive holds 184,380,928 bytes. */
const MAX_BYTES = 512 << 20;

interface Batch {
  readonly from: string;
  readonly split: Split;
}

/**
 * Reads CIFAR-10 in its binary form. A file is any whole number of records; rows are batch 1 to 5 one after the other,
 * whatever order the files come in.
 * @throws LabError `dataset-invalid` with file, place, reason and what to do
 */
export async function readCifar10(files: readonly NamedFile[], pause: Pause): Promise<Splits> {
  const batches = new Map<string, Batch>();
  for (const file of files) {
    const opened = await openFile(file, CIFAR_10_FILES, MAX_BYTES);
    try {
      if (opened.kind === 'tar' || isArchiveName(file.name))
        await readArchive(file.name, opened, batches, pause);
      else await readBatchFile(file, opened, batches);
    } finally {
      await opened.reader.close();
    }
    await pause();
  }
  return collect(batches, files, pause);
}

async function readArchive(
  file: string,
  opened: Opened,
  batches: Map<string, Batch>,
  pause: Pause,
): Promise<void> {
  const before = batches.size;
  const seen: string[] = [];
  for await (const entry of tarEntries(opened.reader, file)) {
    if (entry.kind === 'directory') continue;
    const base = baseName(entry.name);
    seen.push(base);
    const key = batchKey(base);
    if (!key || !/^(data_batch_[1-5]|test_batch)\.bin$/.test(base)) continue;
    const inside = `${file} › ${entry.name}`;
    if (entry.kind !== 'file') {
      throw invalid(
        inside,
        `byte ${entry.offset}`,
        'the entry is a link or a device, not a file',
        'Get the archive again',
      );
    }
    add(batches, key, inside, readCifarRecords(await entry.read(), inside, cifar10Kind));
    await pause();
  }
  if (batches.size === before) throw noBatches(file, seen);
}

async function readBatchFile(file: NamedFile, opened: Opened, batches: Map<string, Batch>): Promise<void> {
  if (opened.kind === 'pickle') throw python(file.name);
  const key = batchKey(baseName(file.name));
  const bytes = await readAll(opened.reader, MAX_BYTES, opened.size ?? undefined);
  if (!bytes)
    throw invalid(
      file.name,
      `byte ${MAX_BYTES}`,
      'the file is larger than all of CIFAR-10',
      `Choose ${CIFAR_10_FILES}`,
    );
  if (!key) throw foreignRecords(bytes, file.name, cifar10Kind) ?? notCifar(file.name, opened.kind);
  if (opened.size !== null && bytes.length !== opened.size) {
    throw invalid(
      file.name,
      `byte ${bytes.length}`,
      `the file ended early: ${opened.size} bytes were announced`,
      'Choose it again',
    );
  }
  add(batches, key, file.name, readCifarRecords(bytes, file.name, cifar10Kind));
}

function add(batches: Map<string, Batch>, key: string, from: string, split: Split): void {
  const earlier = batches.get(key);
  if (earlier)
    throw invalid(from, '', `${key}.bin was already given by ${earlier.from}`, 'Choose every batch once');
  batches.set(key, { from, split });
}

async function collect(
  batches: Map<string, Batch>,
  files: readonly NamedFile[],
  pause: Pause,
): Promise<Splits> {
  const train: Split[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    const batch = batches.get(`data_batch_${number}`);
    if (batch) train.push(batch.split);
  }
  const test = batches.get('test_batch');
  batches.clear();
  const given = files.map((file) => file.name).join(', ');
  if (!test)
    throw invalid(
      given,
      '',
      'the test images are missing',
      'Choose test_batch.bin too, together with the training batches',
    );
  if (train.length === 0)
    throw invalid(
      given,
      '',
      'the training images are missing',
      'Choose data_batch_1.bin to data_batch_5.bin too',
    );
  return { order: 'official', train: await joinSplits(train, pause), test: test.split };
}

/** `data_batch_1` … `test_batch`; browsers and people add to names: "data_batch_1 (2).bin", "data_batch_1.bin.gz". */
function batchKey(name: string): string | null {
  return /^(data_batch_[1-5]|test_batch)\b.*\.bin(\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? null;
}

function isArchiveName(name: string): boolean {
  return /\.(tar|tgz|tar\.gz)$/i.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function python(file: string): Error {
  return invalid(
    file,
    'byte 0',
    "this is CIFAR-10's Python version (pickle files)",
    'Choose the binary version, cifar-10-binary.tar.gz',
  );
}

function noBatches(file: string, seen: readonly string[]): Error {
  if (seen.some((name) => /^(data_batch_[1-5]|test_batch|batches\.meta)$/.test(name))) return python(file);
  if (seen.includes('train.bin') && seen.includes('test.bin')) {
    return invalid(
      file,
      '',
      'this is CIFAR-100 (train.bin and test.bin), not CIFAR-10',
      `Choose ${CIFAR_10_FILES}`,
    );
  }
  const some = seen.slice(0, 5).join(', ');
  return invalid(
    file,
    '',
    `no CIFAR-10 batch is in the archive (${some === '' ? 'it is empty' : `it holds ${some}`})`,
    `Choose ${CIFAR_10_FILES}`,
  );
}

function notCifar(file: string, kind: Opened['kind']): Error {
  const is =
    kind === 'parquet' || kind === 'idx'
      ? `this is a ${kind} file`
      : 'the name says neither which batch nor that it is an archive';
  return invalid(file, 'byte 0', is, `Choose ${CIFAR_10_FILES}, under their original names`);
}
