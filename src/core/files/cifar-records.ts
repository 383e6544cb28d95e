// CIFAR's binary records: one label byte (CIFAR-100: coarse and fine) and 3,072 pixel bytes, R, G and B plane.
// https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
import type { Split } from '../dataset.ts';
import { invalid } from './invalid.ts';

const PIXELS = 3 * 32 * 32;

export interface CifarKind {
  readonly name: string;
  readonly labelBytes: 1 | 2;
  readonly classes: number;
  /** The official archive, and the folder in it that holds the files. */
  readonly archive: string;
  readonly folder: string;
  /** Files by their names without `.bin`: training files in their order. */
  readonly train: readonly string[];
  readonly test: string;
  /** The files that a person should choose, in words. */
  readonly wanted: string;
}

export const cifar10Kind: CifarKind = {
  name: 'CIFAR-10',
  labelBytes: 1,
  classes: 10,
  archive: 'cifar-10-binary.tar.gz',
  folder: 'cifar-10-batches-bin',
  train: ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'],
  test: 'test_batch',
  wanted: 'cifar-10-binary.tar.gz, or its files data_batch_1.bin to data_batch_5.bin and test_batch.bin',
};

export const cifar100Kind: CifarKind = {
  name: 'CIFAR-100',
  labelBytes: 2,
  classes: 100,
  archive: 'cifar-100-binary.tar.gz',
  folder: 'cifar-100-binary',
  train: ['train'],
  test: 'test',
  wanted: 'cifar-100-binary.tar.gz, or its files train.bin and test.bin',
};

export const cifarKinds = [cifar10Kind, cifar100Kind] as const;

/**
 * Which file of the kind a name stands for: `data_batch_1` … Browsers and people add to names ("data_batch_1 (2).bin",
 * "data_batch_1.bin.gz"); within an archive only the exact ones count.
 */
export function cifarFile(kind: CifarKind, name: string, isExact: boolean): string | null {
  const files = [...kind.train, kind.test];
  const pattern = isExact ? /^(\w+)\.bin$/ : /^(data_batch_\d|test_batch|train|test)\b.*\.bin(\.gz)?$/i;
  const found = pattern.exec(name)?.[1]?.toLowerCase();
  return found !== undefined && files.includes(found) ? found : null;
}

/**
 * The records of one file, in place: the answer's images share the buffer of `bytes`, which must not be used after.
 * CIFAR-100 answers the fine labels.
 * @param offset of the first record in the archive, for messages
 * @throws LabError `dataset-invalid` with file, record and byte
 */
export function readCifarRecords(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  kind: CifarKind,
  offset = 0,
): Split {
  const record = kind.labelBytes + PIXELS;
  const count = bytes.length / record;
  if (bytes.length === 0)
    throw invalid(file, '', 'there is no record in it', `Choose the original ${kind.name} files`);
  if (!Number.isInteger(count)) throw wrongLength(bytes, file, kind, record);
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * record;
    const label = bytes[at + kind.labelBytes - 1] as number;
    if (label >= kind.classes) throw wrongLabel(bytes, file, kind, row, label, offset + at);
    labels[row] = label;
  }
  for (let row = 0; row < count; row++) {
    const at = row * record;
    // Earlier records have already moved left by as many label bytes, so nothing unread is overwritten.
    bytes.copyWithin(row * PIXELS, at + kind.labelBytes, at + record);
  }
  return { images: bytes.subarray(0, count * PIXELS), labels };
}

/** The error for bytes that are plainly records of the other CIFAR, or null. */
export function foreignRecords(bytes: Uint8Array, file: string, kind: CifarKind): Error | null {
  return !looksLike(bytes, kind) && looksLike(bytes, other(kind)) ? otherKind(file, kind, 'byte 0') : null;
}

function other(kind: CifarKind): CifarKind {
  return kind.labelBytes === 1 ? cifar100Kind : cifar10Kind;
}

/** Whether the bytes read well as records of `kind`; looks at no more than the first 200. */
function looksLike(bytes: Uint8Array, kind: CifarKind): boolean {
  const record = kind.labelBytes + PIXELS;
  if (bytes.length % record !== 0) return false;
  for (let row = 0; row < Math.min(200, bytes.length / record); row++) {
    if ((bytes[row * record + kind.labelBytes - 1] as number) >= kind.classes) return false;
    if (kind.labelBytes === 2 && (bytes[row * record] as number) >= 20) return false;
  }
  return true;
}

function wrongLength(bytes: Uint8Array, file: string, kind: CifarKind, record: number): Error {
  if (looksLike(bytes, other(kind))) return otherKind(file, kind, 'byte 0');
  const whole = Math.floor(bytes.length / record);
  return invalid(
    file,
    `byte ${whole * record}`,
    `${bytes.length} bytes are no whole number of ${kind.name} records of ${record} bytes (${whole} records and ${bytes.length % record} bytes): the file was cut off or is another one`,
    'Get the file again',
  );
}

function wrongLabel(
  bytes: Uint8Array,
  file: string,
  kind: CifarKind,
  row: number,
  label: number,
  at: number,
): Error {
  if (looksLike(bytes, other(kind))) return otherKind(file, kind, `record ${row}`);
  return invalid(
    file,
    `record ${row} (byte ${at})`,
    `label ${label} is none of the ${kind.classes} classes of ${kind.name} (0 to ${kind.classes - 1}): the file is damaged or is another one`,
    'Get the file again',
  );
}

function otherKind(file: string, kind: CifarKind, where: string): Error {
  const found = other(kind);
  return invalid(
    file,
    where,
    `this is ${found.name} (records of ${found.labelBytes + PIXELS} bytes), not ${kind.name}`,
    `Choose the ${kind.name} binary files`,
  );
}
