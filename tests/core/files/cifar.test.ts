// CIFAR's files in every form, and every way in which they are wrong.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { LabError } from '../../../src/core/failure.ts';
import { readCifar } from '../../../src/core/files/cifar.ts';
import { cifar10Kind, cifar100Kind } from '../../../src/core/files/cifar-records.ts';
import { datasetSha256 } from '../../../src/core/files/digest.ts';
import type { Splits } from '../../../src/core/files/read-splits.ts';
import { tarArchive } from '../../../src/core/files/tar-writer.ts';
import {
  cifar100Tar,
  cifarBatches,
  cifarRecords,
  cifarTar,
  fileOf,
  gzip,
} from '../../fixtures/synthetic-files.ts';

vi.setConfig({ testTimeout: 60_000 });

const pause = () => Promise.resolve();
const read = (name: string, bytes: Uint8Array, chunk?: number) =>
  readCifar([fileOf(name, bytes, chunk)], cifar10Kind, pause);
const readAllOf = (files: readonly { name: string; bytes: Uint8Array }[]) =>
  readCifar(
    files.map(({ name, bytes }) => fileOf(name, bytes)),
    cifar10Kind,
    pause,
  );

/** What the archive of `count` records a batch must give. */
function expected(count: number): Splits {
  const batches = cifarBatches(count);
  const part = (chosen: typeof batches) => ({
    images: Uint8Array.from(chosen.flatMap(({ bytes }) => [...bytes].filter((_, i) => i % 3073 !== 0))),
    labels: Uint8Array.from(chosen.flatMap(({ bytes }) => [...bytes].filter((_, i) => i % 3073 === 0))),
  });
  return { order: 'official', train: part(batches.slice(0, 5)), test: part(batches.slice(5)) };
}

const whole = expected(2);

describe('forms', () => {
  test('the archive, gzipped or not, in chunks of any size', async () => {
    const tar = cifarTar(2);
    expect(await read('cifar-10-binary.tar.gz', gzip(tar))).toEqual(whole);
    expect(await read('cifar-10-binary.tar', tar)).toEqual(whole);
    expect(await read('renamed', gzip(tar), 777)).toEqual(whole);
  });

  test('gzip of several members, cut anywhere', async () => {
    const tar = cifarTar(2);
    const members = [0, 3, 700, 700, 20_000].map((from, i, all) =>
      gzip(tar.subarray(from, all[i + 1] ?? tar.length)),
    );
    const bytes = Uint8Array.from(members.flatMap((member) => [...member]));
    expect(await read('cifar.tar.gz', bytes)).toEqual(whole);
    expect(await read('cifar.tar.gz', bytes, 5)).toEqual(whole);
  });

  test('single files, in any order and under names that browsers give', async () => {
    const files = cifarBatches(2).reverse();
    expect(await readAllOf(files)).toEqual(whole);
    expect(
      await readAllOf(files.map((file) => ({ ...file, name: file.name.replace('.bin', ' (1).bin') }))),
    ).toEqual(whole);
  });

  test('a part of the training batches, of any whole number of records', async () => {
    const splits = await readAllOf([
      { name: 'test_batch.bin', bytes: cifarRecords(1, 9) },
      { name: 'data_batch_4.bin', bytes: cifarRecords(3, 4) },
      { name: 'data_batch_2.bin', bytes: cifarRecords(7, 2) },
    ]);
    expect([...splits.train.labels]).toEqual([2, 3, 4, 5, 6, 7, 8, 4, 5, 6]);
    expect(splits.test.labels).toHaveLength(1);
  });
});

describe('wrong files are named with place and reason', () => {
  const [batch] = cifarBatches(2) as [{ name: string; bytes: Uint8Array }];
  const bad = batch.bytes.slice();
  bad[3073] = 200;
  const inTar = (name: string, bytes: Uint8Array) => tarArchive([{ name, bytes }]);
  const flipped = gzip(cifarTar(1));
  flipped[9000] = (flipped[9000] as number) ^ 64;

  const cases: readonly (readonly [string, string, Uint8Array, RegExp])[] = [
    ['empty', 'data_batch_1.bin', new Uint8Array(0), /data_batch_1\.bin: the file is empty/],
    [
      'text',
      'data_batch_1.bin',
      new TextEncoder().encode('hello, this is no data'),
      /text file \(it begins "hello/,
    ],
    ['web page', 'cifar.tar.gz', new TextEncoder().encode('<!doctype html><p>404'), /web page/],
    [
      'cut record',
      batch.name,
      batch.bytes.subarray(0, 5000),
      /byte 3073: 5000 bytes are no whole number.*cut off/,
    ],
    ['label 200', batch.name, bad, /record 1 \(byte 3073\): label 200 is none of the 10 classes/],
    ['CIFAR-100', 'data_batch_1.bin', cifarRecords(3, 1, 2), /this is CIFAR-100 .*not CIFAR-10/],
    [
      'CIFAR-100 under its own name',
      'train.bin',
      cifarRecords(3, 1, 2),
      /train\.bin, byte 0: this is CIFAR-100/,
    ],
    ['CIFAR-100 of ambiguous length', 'test_batch.bin', cifarRecords(3073, 1, 2), /this is CIFAR-100/],
    [
      'CIFAR-100 archive',
      'a.tar',
      tarArchive([
        { name: 'c/train.bin', bytes: bad },
        { name: 'c/test.bin', bytes: bad },
      ]),
      /CIFAR-100/,
    ],
    [
      'Python version',
      'cifar-10-python.tar.gz',
      gzip(inTar('cifar-10-batches-py/data_batch_1', bad)),
      /Python version/,
    ],
    ['other archive', 'a.tar.gz', gzip(inTar('notes.txt', bad)), /it holds notes\.txt/],
    ['no test', batch.name, batch.bytes, /test images are missing\. Choose test_batch\.bin too/],
    ['no train', 'test_batch.bin', batch.bytes, /training images are missing/],
    ['climbing path', 'a.tar', inTar('../data_batch_1.bin', batch.bytes), /byte 0: .*leaves the archive/],
    ['absolute path', 'a.tar', inTar('/etc/data_batch_1.bin', batch.bytes), /leaves the archive/],
    ['damaged gzip', 'a.tar.gz', flipped, /a\.tar\.gz.*, byte \d+: /],
    ['gzip in gzip', 'a.tar.gz', gzip(gzip(cifarTar(1))), /gzipped twice/],
    [
      'bomb',
      'a.tar.gz',
      gzip(new Uint8Array(40 << 20)),
      /inflates more than 200 times|no tar header|whole number/,
    ],
    ['unnamed bytes', 'weights.dat', bad, /neither which batch/],
  ];
  test.each(cases)('%s', async (_, name, bytes, message) => {
    const error = await read(name, bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ code: 'dataset-invalid', message: expect.stringMatching(message) });
  });

  test('a batch given twice, beside or inside an archive', async () => {
    const twice = [...cifarBatches(1), { name: 'data_batch_1 (1).bin', bytes: cifarRecords(1, 0) }];
    await expect(readAllOf(twice)).rejects.toThrow(
      /data_batch_1\.bin was already given by data_batch_1\.bin/,
    );
    await expect(read('a.tar', tarArchive([...cifarBatches(1), ...cifarBatches(1)]))).rejects.toThrow(
      /already given/,
    );
  });
});

describe('damage: an error or the right data', () => {
  const right = expected(1);
  const archive = gzip(cifarTar(1));
  const tar = cifarTar(1);

  test('cut at every byte of the first 1,024 and at the last 64', async () => {
    const ends = [...Array(1024).keys(), ...Array.from({ length: 64 }, (_, i) => archive.length - 1 - i)];
    for (const end of ends) {
      await expect(read('a.tar.gz', archive.subarray(0, end)), `gzip ${end}`).rejects.toThrow(LabError);
    }
    for (const end of [...Array(1024).keys(), tar.length - 1024, tar.length - 1025]) {
      await expect(read('a.tar', tar.subarray(0, end)), `tar ${end}`).rejects.toThrow(LabError);
    }
  });

  test('bytes changed in the gzip file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = archive.slice();
        changed[at] = (changed[at] as number) ^ by;
        const result = await read('a.tar.gz', changed).catch((thrown: unknown) => thrown);
        // Only the header's time, flags and system may change without a trace.
        if (result instanceof LabError) expect(result.code).toBe('dataset-invalid');
        else expect(result).toEqual(right);
      }),
      { numRuns: 150 },
    );
  });

  test('bytes changed in the headers of the tar file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(6), fc.nat(511), fc.integer({ min: 1, max: 255 }), async (entry, at, by) => {
        const changed = tar.slice();
        const start = entry === 0 ? 0 : 1024 + (entry - 1) * (512 + 3584);
        changed[start + at] = (changed[start + at] as number) ^ by;
        const result = await read('a.tar', changed).catch((thrown: unknown) => thrown);
        if (result instanceof LabError) expect(result.code).toBe('dataset-invalid');
        else expect(result).toEqual(right);
      }),
      { numRuns: 150 },
    );
  });
});

describe('CIFAR-100', () => {
  const read100 = (files: readonly [string, Uint8Array][]) =>
    readCifar(
      files.map(([name, bytes]) => fileOf(name, bytes)),
      cifar100Kind,
      pause,
    );
  const fine = (seed: number) => Uint8Array.from({ length: 5 }, (_, row) => (7 * row + seed) % 100);

  test('the archive and its two files give the fine labels and the pixels', async () => {
    const splits = await read100([['cifar-100-binary.tar.gz', gzip(cifar100Tar(5))]]);
    expect(splits.order).toBe('official');
    expect([splits.train.labels, splits.test.labels]).toEqual([fine(1), fine(2)]);
    const records = cifarRecords(5, 1, 2);
    for (const row of [0, 4])
      expect(splits.train.images.slice(3072 * row, 3072 * (row + 1))).toEqual(
        records.slice(3074 * row + 2, 3074 * (row + 1)),
      );
    const files: [string, Uint8Array][] = [
      ['test (1).bin', cifarRecords(5, 2, 2)],
      ['train.bin.gz', gzip(cifarRecords(5, 1, 2))],
    ];
    expect(await read100(files)).toEqual(splits);
  });

  test.each([
    [
      'CIFAR-10',
      'a.tar',
      cifarTar(2),
      /this is CIFAR-10 \(data_batch_1\.bin to data_batch_5\.bin and test_batch\.bin\), not CIFAR-100/,
    ],
    ['CIFAR-10 as train.bin', 'train.bin', cifarRecords(3, 1), /this is CIFAR-10 .*not CIFAR-100/],
    [
      'Python version',
      'a.tar',
      tarArchive([{ name: 'cifar-100-python/train', bytes: Uint8Array.of(128, 2) }]),
      /Python version.*cifar-100-binary\.tar\.gz/,
    ],
    ['no test', 'train.bin', cifarRecords(3, 1, 2), /test images are missing\. Choose test\.bin too/],
    [
      'fine label 100',
      'test.bin',
      cifarRecords(3, 1, 2).fill(100, 1, 2),
      /record 0 .*label 100 is none of the 100 classes/,
    ],
  ] as [string, string, Uint8Array, RegExp][])('refused: %s', async (_, name, bytes, message) => {
    await expect(read100([[name, bytes]])).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(message),
    });
  });
});

const real = resolve(import.meta.dirname, '../../../../shared/data/cifar-10/cifar-10-mini-binary.tar.gz');
const isHere = existsSync(real);
const title = 'real pictures in the official layout';
test.skipIf(!isHere)(isHere ? title : `${title} (not run: the development data is not here)`, async () => {
  const { train, test: held } = await read('cifar-10-mini-binary.tar.gz', readFileSync(real));
  const count = (labels: Uint8Array) =>
    Array.from({ length: 10 }, (_, label) => labels.filter((one) => one === label).length);
  expect(count(train.labels)).toEqual(Array(10).fill(500));
  expect(count(held.labels)).toEqual([103, 89, 100, 103, 90, 86, 112, 102, 106, 109]);
  expect(await datasetSha256(train, held, pause)).toBe(
    '93d1dfa48e2d217eb9c7b068d0993932480ca0b0ff03de1cb9d57e642d77cc93',
  );
});
