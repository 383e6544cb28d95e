// Loads a dataset from wherever it is and verifies it. Nothing half-loaded is ever answered.
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import { datasets } from '../../catalog/datasets/index.ts';
import { type Dataset, type DatasetCard, features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import { datasetSha256 } from '../../core/files/digest.ts';
import { readDataset } from '../../core/files/read-dataset.ts';
import type { OwnSplits, Splits } from '../../core/files/read-splits.ts';
import { measuredNormalisation } from '../../core/normalisation.ts';
import { needsFile } from '../../experiment/plan.ts';
import type { LoadFrom, LoadTarget, StoredDataset } from '../../experiment/protocol.ts';
import { readBuiltIn, readSameOrigin } from './here.ts';
import { beginLoading, type Loading, type LoadOptions, throwIfCancelled } from './loading.ts';
import { recognise } from './recognise.ts';
import { remoteFile } from './response.ts';
import { damaged, fromStored, toStored } from './stored.ts';
import { pickedFile } from './stream.ts';

export interface LoadedDataset {
  readonly dataset: Dataset;
  readonly card: DatasetCard;
  /** What the page should store; null where the data comes with this site. */
  readonly keep: StoredDataset | null;
}

type Origin = DatasetCard['origin'];

/**
 * Loads and verifies a dataset. Yields to other work of the thread every 30 ms.
 * @param id which one; `recognise` finds out from the files
 * @throws LabError `dataset-unavailable`, `dataset-invalid` or `cancelled`
 */
export async function loadDataset(
  id: LoadTarget,
  from: LoadFrom,
  options: LoadOptions,
): Promise<LoadedDataset> {
  if (id === 'recognise') {
    if (from.kind !== 'files') throw new LabError('internal', 'Only files can be recognised.');
    return loadDataset(await recognise(from.files, options.signal), from, options);
  }
  const entry = options.entry ?? datasets[id];
  const loading = beginLoading(entry.label, options);
  await loading.pause();
  const origin = originOf(entry, from);
  const splits = await read(id, entry, from, loading);
  const dataset = await verified(id, entry, splits, from, loading);
  throwIfCancelled(loading.signal, entry.label);
  const card = describe(dataset, entry, origin);
  const keep = origin === 'download' || origin === 'file' ? toStored(dataset, card) : null;
  return { dataset, card, keep };
}

function originOf(entry: DatasetEntry, from: LoadFrom): Origin {
  switch (from.kind) {
    case 'here':
      return entry.origin === 'external' || entry.origin === 'own' ? 'same-origin' : entry.origin;
    case 'cache':
      return 'cache';
    case 'download':
      return 'download';
    case 'files':
      return 'file';
    default:
      return from satisfies never;
  }
}

async function read(
  id: string,
  entry: DatasetEntry,
  from: LoadFrom,
  loading: Loading,
): Promise<Splits | OwnSplits> {
  const onRows = (file: string, rows: number, of: number) => {
    const size = features(entry.shape) || 1;
    loading.progress({ phase: 'read', file, done: rows * size, total: of * size });
  };
  switch (from.kind) {
    case 'here':
      if (entry.generate) return entry.generate();
      if (entry.origin === 'own') throw needsFile();
      return entry.origin === 'built-in'
        ? readBuiltIn(id, entry, loading)
        : readSameOrigin(id, entry, loading);
    case 'cache':
      return fromStored(from.stored, entry, loading);
    case 'download':
      return readDataset(entry, downloadFiles(entry, loading), loading.pause, onRows);
    case 'files': {
      const files = from.files.map((file) => pickedFile(file, loading));
      return readDataset(entry, files, loading.pause, onRows);
    }
    default:
      return from satisfies never;
  }
}

/** The pinned files; the reader holds each against its length and SHA-256 before a row of it is decoded. */
function downloadFiles(entry: DatasetEntry, loading: Loading) {
  if (!entry.download) {
    throw new LabError(
      'dataset-unavailable',
      `${entry.label} has no download. Drop its files here: ${entry.fileHint ?? ''}.`,
    );
  }
  return entry.download.files.map((file) => {
    const name = file.url.slice(file.url.lastIndexOf('/') + 1);
    const host = new URL(file.url).host;
    const missing = (reason: string) =>
      new LabError(
        'dataset-unavailable',
        `${name} cannot be had from ${host}: ${reason}. Try again later, or drop the files here (${entry.fileHint ?? name}).`,
      );
    return remoteFile({ name, url: file.url, phase: 'download', bytes: file.bytes, missing }, loading);
  });
}

async function verified(
  id: string,
  entry: DatasetEntry,
  splits: Splits | OwnSplits,
  from: LoadFrom,
  loading: Loading,
): Promise<Dataset> {
  const { train, test } = splits;
  const { shape, classes } = 'shape' in splits ? splits : entry;
  const isOwn = entry.origin === 'own';
  const sha256 = await datasetSha256(
    train,
    test,
    loading.pause,
    (done, total) => loading.progress({ phase: 'verify', file: entry.label, done, total }),
    isOwn ? JSON.stringify([shape, classes]) : '',
  );
  if (from.kind === 'cache' && sha256 !== from.stored.card.sha256)
    throw damaged(entry, 'its SHA-256 is another one');
  const known = entry.known?.[splits.order];
  if (splits.order === 'built-in' && known !== undefined && known !== sha256) {
    throw new LabError(
      'dataset-invalid',
      `${entry.label} as it came with this page is damaged (SHA-256 ${sha256}). Reload the page.`,
    );
  }
  // Files in the official form that are not the whole official dataset get an order of their own.
  const order = known !== undefined && known !== sha256 ? 'file' : splits.order;
  const normalisation = isOwn ? { normalisation: measuredNormalisation(train, shape) } : {};
  return { id, order, sha256, shape, classes, train, test, ...normalisation };
}

function countsOf(labels: Uint8Array, classes: number): number[] {
  const counts: number[] = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

function describe(dataset: Dataset, { mean, std }: DatasetEntry, origin: Origin): DatasetCard {
  const { id, order, sha256, shape, classes, train, test, normalisation = { mean, std } } = dataset;
  const size = features(shape);
  const samples = new Uint8Array(Math.min(10, classes.length) * size);
  for (let label = 0; label * size < samples.length; label++) {
    const row = train.labels.indexOf(label);
    if (row >= 0) samples.set(train.images.subarray(row * size, (row + 1) * size), label * size);
  }
  return {
    id,
    order,
    sha256,
    shape,
    classes,
    train: train.labels.length,
    test: test.labels.length,
    bytes: train.images.length + train.labels.length + test.images.length + test.labels.length,
    normalisation,
    counts: countsOf(train.labels, classes.length),
    origin,
    samples,
  };
}
