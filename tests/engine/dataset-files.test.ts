// Loading in a real browser: every source, every way a source fails, and cancelling at any moment.
import { describe, expect, test } from 'vitest';
import type { DatasetEntry } from '../../src/catalog/datasets/dataset.ts';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { sha256Hex } from '../../src/core/hash.ts';
import { loadDataset } from '../../src/engine/dataset-files/load.ts';
import type { LoadOptions, LoadProgress } from '../../src/engine/dataset-files/loading.ts';
import { recognise } from '../../src/engine/dataset-files/recognise.ts';
import type { PickedFile } from '../../src/experiment/protocol.ts';
import { noise, npy, npz } from '../fixtures/own-files.ts';
import { parquetOf } from '../fixtures/parquet-writer.ts';
import {
  cifar100Tar,
  cifarBatches,
  cifarRecords,
  cifarTar,
  gzip,
  idx,
  pngOf,
} from '../fixtures/synthetic-files.ts';

const picked = (name: string, bytes: Uint8Array<ArrayBuffer> | string): PickedFile => new File([bytes], name);

function options(more: Partial<LoadOptions> = {}): LoadOptions & { progress: LoadProgress[] } {
  const progress: LoadProgress[] = [];
  const onProgress = (one: LoadProgress) => void progress.push(one);
  return {
    signal: new AbortController().signal,
    onProgress,
    progress,
    pageBase: 'https://lab.example/page/',
    ...more,
  };
}

type Answers = Readonly<Record<string, () => Response>>;

/** Answers by the end of the address; 404 elsewhere. */
function network(answers: Answers): typeof fetch & { asked: string[] } {
  const asked: string[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(String(input));
    expect(init?.headers).toBeUndefined();
    const key = Object.keys(answers).find((end) => String(input).endsWith(end));
    return key === undefined ? new Response('no', { status: 404 }) : (answers[key] as () => Response)();
  };
  return Object.assign(answer, { asked });
}

const archive = gzip(cifarTar(3));

describe('here', () => {
  test.each(['fashion-mnist', 'digits', 'teacher'] as const)(
    '%s needs no network beyond the page',
    async (id) => {
      const entry: DatasetEntry = datasets[id];
      const { dataset, card, keep } = await loadDataset(id, { kind: 'here' }, options());
      expect(keep).toBeNull();
      expect([dataset.train.labels.length, dataset.test.labels.length]).toEqual([entry.train, entry.test]);
      if (entry.known) expect(card.sha256).toBe(entry.known['built-in']);
      expect(card).toMatchObject({
        id,
        origin: entry.origin,
        bytes: (entry.train + entry.test) * (dataset.train.images.length / entry.train + 1),
      });
      const size = dataset.train.images.length / entry.train;
      const row = dataset.train.labels.indexOf(3);
      expect(card.samples.subarray(3 * size, 4 * size)).toEqual(
        dataset.train.images.subarray(row * size, (row + 1) * size),
      );
    },
  );

  test('the prepared copy, also where the server inflates it', async () => {
    for (const body of [archive, cifarTar(3)]) {
      const fetch = network({ '/page/datasets/cifar-10/cifar-10-binary.tar.gz': () => new Response(body) });
      const { card, keep } = await loadDataset('cifar-10', { kind: 'here' }, options({ fetch }));
      expect(card).toMatchObject({ origin: 'same-origin', order: 'official', train: 15, test: 3 });
      expect(keep).toBeNull();
    }
  });

  test('MNIST’s prepared copy in four files', async () => {
    const images = (count: number) => gzip(idx([count, 28, 28], new Uint8Array(count * 784)));
    const labels = (count: number) => gzip(idx([count], new Uint8Array(count)));
    const fetch = network({
      'mnist/train-images-idx3-ubyte.gz': () => new Response(images(4)),
      'mnist/train-labels-idx1-ubyte.gz': () => new Response(labels(4)),
      'mnist/t10k-images-idx3-ubyte.gz': () => new Response(images(2)),
      'mnist/t10k-labels-idx1-ubyte.gz': () => new Response(labels(2)),
    });
    const { card } = await loadDataset('mnist', { kind: 'here' }, options({ fetch }));
    expect(card).toMatchObject({ train: 4, test: 2, order: 'file' });
  });

  test.each([
    ['404', {}],
    [
      'a page for every address',
      { '': () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }) },
    ],
    ['a page as bytes', { '': () => new Response('<!DOCTYPE html><html></html>') }],
  ] as [string, Answers][])('no copy (%s): names the three ways to get it', async (_, answers) => {
    await expect(
      loadDataset('cifar-10', { kind: 'here' }, options({ fetch: network(answers) })),
    ).rejects.toMatchObject({
      code: 'dataset-unavailable',
      message: expect.stringMatching(/drop the files.*press Download.*npm run lab -- data cifar-10/),
    });
  });
});

describe('files', () => {
  test('are loaded, kept, and come back from the cache', async () => {
    const files = cifarBatches(3).map(({ name, bytes }) => picked(name, bytes));
    const { dataset, card, keep } = await loadDataset('recognise', { kind: 'files', files }, options());
    expect(card).toMatchObject({ id: 'cifar-10', origin: 'file', order: 'official', train: 15, test: 3 });
    if (!keep) throw new Error('nothing to keep');
    const again = await loadDataset('cifar-10', { kind: 'cache', stored: keep }, options());
    expect(again.dataset).toEqual(dataset);
    expect(again.card).toEqual({ ...card, origin: 'cache' });
    expect(again.keep).toBeNull();

    const bytes = new Uint8Array(await new Blob(keep.parts as Blob[]).arrayBuffer());
    bytes[500] = (bytes[500] as number) ^ 1;
    for (const wrong of [bytes, bytes.subarray(1)]) {
      const stored = { card, parts: [new Blob([wrong])] };
      await expect(loadDataset('cifar-10', { kind: 'cache', stored }, options())).rejects.toMatchObject({
        code: 'dataset-invalid',
        message: expect.stringMatching(/damaged.*Remove it from this device/),
      });
    }
  });

  test('are recognised by name and content', async () => {
    expect(await recognise([picked('cifar-10-binary.tar.gz', archive)])).toBe('cifar-10');
    expect(await recognise([picked('renamed.tgz', gzip(cifarTar(2)))])).toBe('cifar-10');
    expect(await recognise([picked('renamed.tgz', gzip(cifar100Tar(2)))])).toBe('cifar-100');
    const pair = ['train.bin', 'test.bin'].map((name) => picked(name, cifarRecords(2, 1, 2)));
    expect(await recognise(pair)).toBe('cifar-100');
    expect(await recognise([picked('train-labels-idx1-ubyte', idx([2], Uint8Array.of(1, 2)))])).toBe('mnist');
    await expect(recognise([picked('notes.txt', 'some notes, no data')])).rejects.toThrow(
      /notes\.txt, byte 0: this is a text file/,
    );
    await expect(recognise([picked('x.dat', Uint8Array.of(1, 200, 3))])).rejects.toThrow(
      /neither its name nor its content/,
    );
    const two = [picked('a.tar.gz', archive), picked('train-labels-idx1-ubyte', idx([1], Uint8Array.of(1)))];
    await expect(recognise(two)).rejects.toThrow(/two datasets/);
  });
});

test('CIFAR-100 as files and as pinned parquet, by its fine labels', async () => {
  const files = [picked('cifar-100-binary.tar.gz', gzip(cifar100Tar(3)))];
  const { card, dataset } = await loadDataset('recognise', { kind: 'files', files }, options());
  expect(card).toMatchObject({ id: 'cifar-100', train: 3, test: 3, order: 'official' });
  expect([...dataset.train.labels]).toEqual([1, 8, 15]);
  const bytes = parquetOf(
    [3, 99].map((label) => ({ png: pngOf(cifarRecords(1, label).subarray(1)), label })),
    { labelColumn: 'fine_label' },
  );
  const cifar100: DatasetEntry = datasets['cifar-100'];
  const remote = (split: 'train' | 'test') => ({
    split,
    url: `https://data.example/${split}-00000-of-00001.parquet`,
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
  });
  const download = cifar100.download && { ...cifar100.download, files: [remote('train'), remote('test')] };
  const entry: DatasetEntry = { ...cifar100, ...(download ? { download } : {}) };
  const fetch = network({ parquet: () => new Response(bytes) });
  const loaded = await loadDataset('cifar-100', { kind: 'download' }, options({ entry, fetch }));
  expect([...loaded.dataset.train.labels]).toEqual([3, 99]);
});

test('own data brings its shape and classes, is measured, kept, and comes back from the cache', async () => {
  const pixels = noise(60 * 12);
  const file = (shape: readonly number[]) =>
    picked(
      'own.npz',
      npz({
        x: npy(pixels, shape),
        y: npy(
          new Uint8Array(60).map((_, row) => row % 3),
          [60],
        ),
      }),
    );
  const load = (shape: readonly number[]) =>
    loadDataset('recognise', { kind: 'files', files: [file(shape)] }, options());
  const { dataset, card, keep } = await load([60, 4, 3]);
  expect(card).toMatchObject({
    id: 'custom',
    order: 'file-split',
    origin: 'file',
    shape: { channels: 1, height: 4, width: 3 },
    classes: ['0', '1', '2'],
    counts: [16, 16, 16],
    train: 48,
    test: 12,
  });
  const { images } = dataset.train;
  const mean = images.reduce((sum, byte) => sum + byte / 255, 0) / images.length;
  const variance = images.reduce((sum, byte) => sum + (byte / 255 - mean) ** 2, 0) / images.length;
  expect(card.normalisation.mean[0]).toBeCloseTo(mean, 12);
  expect(card.normalisation.std[0]).toBeCloseTo(Math.sqrt(variance), 12);
  if (!keep) throw new Error('nothing to keep');
  const again = await loadDataset('custom', { kind: 'cache', stored: keep }, options());
  expect([again.dataset, again.card]).toEqual([dataset, { ...card, origin: 'cache' }]);
  // The same bytes in another shape are other data.
  expect((await load([60, 3, 4])).card.sha256).not.toBe(card.sha256);
  for (const changes of [{ shape: { ...card.shape, height: 3, width: 4 } }, { classes: ['a', 'b', 'c'] }])
    await expect(
      loadDataset('custom', { kind: 'cache', stored: { ...keep, card: { ...card, ...changes } } }, options()),
    ).rejects.toThrow(/damaged/);
  await expect(loadDataset('custom', { kind: 'here' }, options())).rejects.toMatchObject({
    code: 'dataset-unavailable',
    message: expect.stringMatching(/needs a dataset file: choose it/),
  });
});

describe('download', () => {
  const parquet = (count: number, seed: number) => {
    const records = cifarRecords(count, seed);
    return parquetOf(
      Array.from({ length: count }, (_, row) => ({
        png: pngOf(records.subarray(row * 3073 + 1, (row + 1) * 3073)),
        label: records[row * 3073] as number,
      })),
    );
  };
  const train = parquet(20, 1);
  const held = parquet(4, 2);
  const remote = (split: 'train' | 'test', bytes: Uint8Array) => ({
    split,
    url: `https://data.example/plain_text/${split}-00000-of-00001.parquet`,
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
  });
  const entry: DatasetEntry = {
    ...(datasets['cifar-10'] as DatasetEntry),
    download: {
      order: 'hugging-face',
      imageColumn: 'img',
      labelColumn: 'label',
      files: [remote('train', train), remote('test', held)],
    },
  };
  const good: Answers = {
    'train-00000-of-00001.parquet': () => new Response(train),
    'test-00000-of-00001.parquet': () => new Response(held),
  };
  const load = (answers: Answers, more: Partial<LoadOptions> = {}) => {
    const all = options({ entry, fetch: network(answers), ...more });
    return { promise: loadDataset('cifar-10', { kind: 'download' }, all), progress: all.progress };
  };
  /** A body that gives some bytes and then nothing for ever. */
  const stalling = () =>
    new Response(new ReadableStream({ start: (controller) => controller.enqueue(train.slice(0, 100)) }));

  test('is verified, decoded, kept and reported', async () => {
    const { promise, progress } = load(good);
    const { dataset, card, keep } = await promise;
    expect(card).toMatchObject({ origin: 'download', order: 'hugging-face', train: 20, test: 4 });
    expect(dataset.train.images.subarray(0, 3072)).toEqual(cifarRecords(20, 1).subarray(1, 3073));
    expect(keep?.parts.reduce((sum, part) => sum + part.size, 0)).toBe(card.bytes);
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(new Set(['download', 'read', 'verify']));
    expect(progress).toContainEqual({
      phase: 'download',
      file: 'train-00000-of-00001.parquet',
      done: train.length,
      total: train.length,
    });
  });

  const flipped = train.slice();
  flipped[60] = (flipped[60] as number) ^ 1;
  test.each([
    ['404', {}, 'dataset-unavailable', /data\.example: the host answered 404/],
    ['500', { parquet: () => new Response('', { status: 500 }) }, 'dataset-unavailable', /answered 500/],
    [
      'no connection',
      {
        parquet: () => {
          throw new TypeError('Failed to fetch');
        },
      },
      'dataset-unavailable',
      /cannot be reached/,
    ],
    ['a login page', { parquet: () => new Response('<html>') }, 'dataset-unavailable', /web page/],
    ['too short', { parquet: () => new Response(train.slice(0, -1)) }, 'dataset-invalid', /ended early/],
    [
      'too long',
      { parquet: () => new Response(new Blob([train, 'x'])) },
      'dataset-invalid',
      /longer than the \d+ bytes/,
    ],
    ['other bytes', { parquet: () => new Response(flipped) }, 'dataset-invalid', /its SHA-256 is/],
  ] as [string, Answers, string, RegExp][])('%s', async (_, answers, code, message) => {
    await expect(load(answers).promise).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('a connection that falls silent is given up', async () => {
    await expect(load({ parquet: stalling }, { stallMs: 50 }).promise).rejects.toMatchObject({
      code: 'dataset-unavailable',
      message: expect.stringMatching(/no byte arrived for 0\.05 s, after 100 bytes/),
    });
  });

  test('cancelling works while nothing arrives', async () => {
    const controller = new AbortController();
    const { promise } = load({ parquet: stalling }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(promise).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('cancelling at any report of progress answers `cancelled`, never data', async () => {
    const { promise, progress } = load(good);
    await promise;
    for (let at = 0; at < progress.length; at++) {
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => {
        if (seen++ === at) controller.abort();
      };
      const outcome = load(good, { signal: controller.signal, onProgress }).promise;
      await expect(outcome, `report ${at}`).rejects.toMatchObject({ code: 'cancelled' });
    }
  });
});
