// Which dataset dropped files are, from their names and first bytes.
import { cifar100 } from '../../catalog/datasets/cifar-100.ts';
import { LabError } from '../../core/failure.ts';
import { type ByteReader, readAll } from '../../core/files/byte-reader.ts';
import { cifar10Kind, cifar100Kind, cifarFile } from '../../core/files/cifar-records.ts';
import { digest } from '../../core/files/digest.ts';
import { idxRole } from '../../core/files/idx-dataset.ts';
import { invalid } from '../../core/files/invalid.ts';
import { openFile } from '../../core/files/open.ts';
import { tarEntries } from '../../core/files/tar.ts';
import type { Config } from '../../experiment/config.ts';
import type { PickedFile } from '../../experiment/protocol.ts';
import { beginLoading, type Loading } from './loading.ts';
import { pickedFile } from './stream.ts';

type DatasetId = Config['data'];

const WANTED =
  'CIFAR-10 or CIFAR-100 (their binary .tar.gz archives or .bin files), MNIST (its four idx files), or own data (.npz, .safetensors, or a .zip of PNG pictures)';
const MAX_BYTES = 1 << 30;

/** SHA-256 of Fashion-MNIST's two label files, inflated: the names and sizes are MNIST's, only the content differs. */
const FASHION_LABELS = [
  'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
];

/**
 * Which dataset the files belong to. Says nothing of their being whole or right; loading them does.
 * @throws LabError `dataset-invalid` where they are of no dataset that the lab reads, or of several
 */
export async function recognise(files: readonly PickedFile[], signal?: AbortSignal): Promise<DatasetId> {
  if (files.length === 0) throw new LabError('dataset-invalid', `No file was chosen. Choose ${WANTED}.`);
  const loading = beginLoading('the files', {
    signal: signal ?? new AbortController().signal,
    onProgress: () => {},
    pageBase: '',
  });
  const found = new Map<DatasetId, string>();
  const guesses: DatasetId[] = [];
  for (const file of files) {
    const id = await recogniseOne(file, loading);
    guesses.push(id);
    if (!found.has(id)) found.set(id, file.name);
  }
  // One label file of Fashion-MNIST says what the image files beside it are.
  if (found.has('fashion-mnist') && guesses.every((id) => id === 'fashion-mnist' || id === 'mnist'))
    return 'fashion-mnist';
  const [first, second] = [...found];
  if (second && first) {
    throw invalid(
      `${first[1]}, ${second[1]}`,
      '',
      `these belong to two datasets, ${first[0]} and ${second[0]}`,
      'Choose the files of one',
    );
  }
  return (first as [DatasetId, string])[0];
}

async function recogniseOne(file: PickedFile, loading: Loading): Promise<DatasetId> {
  const opened = await openFile(pickedFile(file, loading), WANTED, MAX_BYTES, true);
  try {
    switch (opened.kind) {
      case 'tar':
        return cifarByName(file.name) ?? (await cifarByContent(opened.reader, file.name)) ?? 'cifar-10';
      case 'parquet':
        return cifarByDownload(file.size);
      case 'zip':
      case 'safetensors':
        return 'custom';
      case 'pickle':
        return cifarByName(file.name) ?? 'cifar-10';
      case 'idx': {
        const isLabels = idxRole(file.name)?.endsWith('labels') ?? false;
        const bytes = isLabels ? await readAll(opened.reader, 1 << 20) : null;
        if (!bytes) return 'mnist';
        const hash = digest();
        hash.add(bytes);
        return FASHION_LABELS.includes(hash.hex()) ? 'fashion-mnist' : 'mnist';
      }
      case 'binary':
        if (idxRole(file.name)) return 'mnist';
        if (/\.(bin|tar|tgz|tar\.gz|bin\.gz)$/i.test(file.name))
          return cifarFile(cifar100Kind, file.name, false) ? 'cifar-100' : 'cifar-10';
        break;
      case 'empty':
      case 'html':
      case 'text':
      case 'png':
        break;
      default:
        opened.kind satisfies never;
    }
    throw invalid(
      file.name,
      'byte 0',
      'neither its name nor its content is of a dataset that the lab reads',
      `Choose ${WANTED}`,
    );
  } finally {
    await opened.reader.close();
  }
}

function cifarByName(name: string): DatasetId | null {
  const found = /cifar[-_ ]?(100?)(?!\d)/i.exec(name)?.[1];
  return found === undefined ? null : found === '100' ? 'cifar-100' : 'cifar-10';
}

/** By the first entry of an archive that is a file of either. */
async function cifarByContent(reader: ByteReader, name: string): Promise<DatasetId | null> {
  for await (const entry of tarEntries(reader, name)) {
    const base = entry.name.slice(entry.name.lastIndexOf('/') + 1);
    if (cifarFile(cifar10Kind, base, true)) return 'cifar-10';
    if (cifarFile(cifar100Kind, base, true)) return 'cifar-100';
  }
  return null;
}

/** Both downloads have the same names; their lengths are known. */
function cifarByDownload(bytes: number): DatasetId {
  return cifar100.download?.files.some((file) => file.bytes === bytes) ? 'cifar-100' : 'cifar-10';
}
