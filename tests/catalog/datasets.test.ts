// Every dataset of the menu: what the entry says is what the data is.
import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { DatasetEntry } from '../../src/catalog/datasets/dataset.ts';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { teacher } from '../../src/catalog/datasets/teacher.ts';
import { data } from '../../src/cli/data.ts';
import { named } from '../../src/cli/data-files.ts';
import { type Dataset, features, type Split } from '../../src/core/dataset.ts';
import { readIdxDataset } from '../../src/core/files/idx-dataset.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = resolve(import.meta.dirname, '../../datasets');
const entries = Object.entries(datasets) as [string, DatasetEntry][];

function countOf({ labels }: Split, classes: number): number[] {
  return Array.from({ length: classes }, (_, label) => labels.filter((one) => one === label).length);
}

/** Of bytes over 255, from how often each byte occurs. */
function moments(bytes: Uint8Array): { mean: number; std: number } {
  const often = new Float64Array(256);
  for (const byte of bytes) often[byte] = (often[byte] as number) + 1;
  const average = (of: (value: number) => number) =>
    often.reduce((sum, count, byte) => sum + count * of(byte / 255), 0) / bytes.length;
  const mean = average((value) => value);
  return { mean, std: Math.sqrt(average((value) => (value - mean) ** 2)) };
}

test('menu order', () => {
  expect(Object.keys(datasets)).toEqual([
    'fashion-mnist',
    'digits',
    'teacher',
    'cifar-10',
    'cifar-100',
    'mnist',
    'custom',
  ]);
});

describe.each(entries)('%s', (_, entry) => {
  test('the entry is whole', () => {
    expect(entry.mean).toHaveLength(entry.shape.channels);
    expect(entry.std).toHaveLength(entry.shape.channels);
    expect(new Set(entry.classes).size).toBe(entry.classes.length);
    expect(entry.origin === 'generated').toBe(entry.generate !== undefined);
    if (entry.origin === 'external') expect(entry.originals && entry.fileHint).toBeTruthy();
    for (const file of entry.download?.files ?? []) expect(file.url).toMatch(/^https:\/\//);
  });
});

describe.each(entries.filter(([, entry]) => entry.origin === 'built-in'))('%s, built in', (id, entry) => {
  test('the committed data is what the entry says', async () => {
    const answer = await data(id, undefined, () => {});
    expect(answer).toEqual({ id, train: entry.train, test: entry.test, sha256: entry.known?.['built-in'] });
  });

  test('classes are balanced in the test images', async () => {
    const names = ['train-images.gz', 'train-labels.gz', 'test-images.gz', 'test-labels.gz'];
    const files = names.map((name) => named({ name, path: resolve(folder, id, name) }));
    const expected = { shape: entry.shape, classes: 10, order: 'built-in' };
    const splits = await readIdxDataset(files, expected, () => Promise.resolve());
    expect(countOf(splits.test, 10)).toEqual(Array(10).fill(entry.test / 10));
    const { mean, std } = moments(splits.train.images);
    // The full Fashion-MNIST's published figures serve its part too: they are part of every run's arithmetic.
    expect(mean).toBeCloseTo(entry.mean[0] as number, id === 'digits' ? 6 : 2);
    expect(std).toBeCloseTo(entry.std[0] as number, id === 'digits' ? 6 : 2);
  });

  test('comes with its card and licence', () => {
    expect(readdirSync(resolve(folder, id))).toEqual(
      expect.arrayContaining(['LICENSE', 'card.md', 'prepare.py']),
    );
  });
});

test('built-in data stays below 8 MB', () => {
  const built = entries.filter(([, entry]) => entry.origin === 'built-in').map(([id]) => resolve(folder, id));
  const bytes = built.flatMap((path) => readdirSync(path).map((name) => statSync(resolve(path, name)).size));
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8_000_000);
});

describe('teacher', () => {
  const made = teacher.generate?.() as Dataset;

  test('is always the same', () => {
    expect(made.sha256).toBe('eea76230b96a0fa4ed3fac6cf0f51e39243f1076531d72abfd422976ab288c85');
    expect([made.train.labels.length, made.test.labels.length]).toEqual([teacher.train, teacher.test]);
    expect(made.train.images).toHaveLength(teacher.train * features(teacher.shape));
  });

  test('no class has less than 9 % or more than 11 % of the training images', () => {
    for (const count of countOf(made.train, 10))
      expect(Math.abs(count / teacher.train - 0.1)).toBeLessThan(0.01);
  });

  test('its pixels have the mean and deviation that the entry says', () => {
    const { mean, std } = moments(made.train.images);
    expect(mean).toBeCloseTo(teacher.mean[0] as number, 2);
    expect(std).toBeCloseTo(teacher.std[0] as number, 2);
  });
});
