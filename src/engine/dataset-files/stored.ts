// A dataset as the page keeps it: Blobs of at most 64 MB, made here so that the page never copies the bytes.
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import type { Dataset, DatasetCard, Split } from '../../core/dataset.ts';
import { features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import type { OwnSplits, Splits } from '../../core/files/read-splits.ts';
import type { StoredDataset } from '../../experiment/protocol.ts';
import type { Loading } from './loading.ts';

/** Larger records block the main thread or are refused by IndexedDB. */
const BLOB_BYTES = 64_000_000;

/** Train images, train labels, test images, test labels joined, cut into Blobs. */
export function toStored(dataset: Dataset, card: DatasetCard): StoredDataset {
  const parts: Blob[] = [];
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const bytes of bytesOf(dataset)) {
    for (let from = 0; from < bytes.length; ) {
      const piece = bytes.subarray(from, from + BLOB_BYTES - length);
      pieces.push(piece);
      length += piece.length;
      from += piece.length;
      if (length === BLOB_BYTES) {
        parts.push(new Blob(pieces));
        pieces = [];
        length = 0;
      }
    }
  }
  if (length > 0) parts.push(new Blob(pieces));
  return { card, parts };
}

function bytesOf({ train, test }: { train: Split; test: Split }): readonly Uint8Array<ArrayBuffer>[] {
  return [train.images, train.labels, test.images, test.labels];
}

/** The bytes back, one Blob in memory at a time. The caller verifies them against the card's SHA-256. */
export async function fromStored(
  stored: StoredDataset,
  entry: DatasetEntry,
  loading: Loading,
): Promise<Splits | OwnSplits> {
  const { card, parts } = stored;
  const { shape, classes } = card;
  const size = features(entry.origin === 'own' ? shape : entry.shape);
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  const counts = [card.train, card.test];
  const fits =
    counts.every((count) => Number.isSafeInteger(count) && count > 0) &&
    Number.isSafeInteger(size) &&
    features(shape) === size;
  if (!fits || total !== (card.train + card.test) * (size + 1))
    throw damaged(entry, `${total} bytes are kept`);
  const targets = counts.flatMap((count) => [new Uint8Array(count * size), new Uint8Array(count)]);
  const [images, labels, testImages, testLabels] = targets as [Bytes, Bytes, Bytes, Bytes];
  let target = 0;
  let filled = 0;
  let done = 0;
  for (const part of parts) {
    const bytes = await readPart(part, entry);
    await loading.pause();
    for (let from = 0; from < bytes.length; ) {
      const into = targets[target] as Bytes;
      const piece = bytes.subarray(from, from + into.length - filled);
      into.set(piece, filled);
      filled += piece.length;
      from += piece.length;
      if (filled === into.length) {
        target++;
        filled = 0;
      }
    }
    done += bytes.length;
    loading.progress({ phase: 'read', file: entry.label, done, total });
  }
  const splits = {
    order: card.order,
    train: { images, labels },
    test: { images: testImages, labels: testLabels },
  };
  return entry.origin === 'own' ? { ...splits, shape, classes } : splits;
}

type Bytes = Uint8Array<ArrayBuffer>;

async function readPart(part: StoredDataset['parts'][number], entry: DatasetEntry): Promise<Bytes> {
  try {
    const bytes = new Uint8Array(await part.arrayBuffer());
    if (bytes.length === part.size) return bytes;
  } catch {
    // The browser threw the bytes away: the same answer as for wrong bytes.
  }
  throw damaged(entry, 'a part cannot be read');
}

export function damaged(entry: DatasetEntry, reason: string): LabError {
  return new LabError(
    'dataset-invalid',
    `${entry.label} as kept on this device is damaged: ${reason}. Remove it from this device and load it again.`,
  );
}
