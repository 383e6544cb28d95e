// Parquet files of pictures, and PNGs.

import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../../src/core/failure.ts';
import type { NamedFile } from '../../../src/core/files/byte-reader.ts';
import { readParquetDataset } from '../../../src/core/files/parquet-dataset.ts';
import { readParquetImages } from '../../../src/core/files/parquet-images.ts';
import { decodePng } from '../../../src/core/files/png.ts';
import { sha256Hex } from '../../../src/core/hash.ts';
import { parquetOf } from '../../fixtures/parquet-writer.ts';
import { cifarRecords, fileOf, pngOf } from '../../fixtures/synthetic-files.ts';

const pause = () => Promise.resolve();
const shape = { channels: 3, height: 32, width: 32 };
const table = { shape, classes: 10, imageColumn: 'img', labelColumn: 'label' };

function rows(count: number, seed = 1) {
  const records = cifarRecords(count, seed);
  return Array.from({ length: count }, (_, row) => {
    const planes = records.subarray(row * 3073 + 1, (row + 1) * 3073);
    return { planes, png: pngOf(planes), label: records[row * 3073] as number };
  });
}

describe('parquet', () => {
  test.each([true, false])('rows come in order over row groups (snappy: %s)', async (compress) => {
    const made = rows(7);
    const split = await readParquetImages(
      parquetOf(made, { groupRows: 3, compress }),
      'train.parquet',
      table,
      pause,
    );
    expect([...split.labels]).toEqual(made.map(({ label }) => label));
    expect(split.images).toEqual(Uint8Array.from(made.flatMap(({ planes }) => [...planes])));
  });

  const trainBytes = parquetOf(rows(3));
  const testBytes = parquetOf(rows(2, 5));
  const pinned = [
    { split: 'train', bytes: trainBytes.length, sha256: sha256Hex(trainBytes) },
    { split: 'test', bytes: testBytes.length, sha256: sha256Hex(testBytes) },
  ];
  const train = fileOf('train-00000-of-00001.parquet', trainBytes);
  const held = fileOf('test-00000-of-00001.parquet', testBytes);
  const read = (files: readonly NamedFile[]) =>
    readParquetDataset(files, pinned, table, 'hugging-face', pause);

  test('both files by name, and what is missing', async () => {
    const splits = await read([held, train]);
    expect([splits.order, splits.train.labels.length, splits.test.labels.length]).toEqual([
      'hugging-face',
      3,
      2,
    ]);
    await expect(read([train])).rejects.toThrow(/the test file is missing/);
    await expect(read([train, train])).rejects.toThrow(/two train files/);
    const csv = fileOf('test.parquet', new TextEncoder().encode('label,img\n1,2\n'));
    await expect(read([train, csv])).rejects.toThrow(/test\.parquet.*ended early/);
  });

  test('any damage is found before a row is decoded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(testBytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, by, cut) => {
          const bad = cut ? testBytes.slice(0, at) : testBytes.slice();
          if (!cut) bad[at] = (bad[at] as number) ^ by;
          await expect(read([train, fileOf('test.parquet', bad)])).rejects.toThrow(LabError);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('wrong rows are named', async () => {
    const [first, second] = rows(2) as [ReturnType<typeof rows>[0], ReturnType<typeof rows>[0]];
    const readRows = (made: readonly { png: Uint8Array; label: number }[], changed = table) =>
      readParquetImages(parquetOf(made), 'test.parquet', changed, pause);
    await expect(readRows([first, { ...second, label: 10 }])).rejects.toThrow(
      /test\.parquet, row 1: label 10 is none of the 10/,
    );
    await expect(readRows([first, { ...second, png: second.png.subarray(0, 900) }])).rejects.toThrow(
      /row 1: the PNG is damaged/,
    );
    await expect(readRows([first], { ...table, labelColumn: 'fine_label' })).rejects.toThrow(
      /no column "fine_label" \(there are img/,
    );
  });
});

describe('png', () => {
  const png = (width: number, height: number, channels: 1 | 3 | 4, depth: 8 | 16 = 8) => {
    const length = width * height * channels;
    return encode({
      width,
      height,
      channels,
      depth,
      data: depth === 8 ? new Uint8Array(length) : new Uint16Array(length),
    });
  };
  const decode = (bytes: Uint8Array) => decodePng(bytes, shape, new Uint8Array(3072));

  test('planes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3072, maxLength: 3072 }), (planes) => {
        const target = new Uint8Array(3072);
        expect(decodePng(pngOf(planes), shape, target)).toBeNull();
        expect(target).toEqual(planes);
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    [png(31, 32, 3), /32 × 31 pixels and not 32 × 32/],
    [png(32, 32, 1), /the PNG is grey and not in colour/],
    [png(32, 32, 4), /transparent in places/],
    [png(32, 32, 3, 16), /bit depth 16/],
    [new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'), /no PNG/],
    [png(32, 32, 3).subarray(0, 20), /ends within its header/],
    [png(32, 32, 3).subarray(0, 50), /damaged/],
    [new Uint8Array(70_000).fill(0), /no PNG/],
  ])('refused: %#', (bytes, reason) => {
    expect(decode(bytes)).toMatch(reason);
  });

  test('a picture of 65,535 × 65,535 is refused before it is decoded', () => {
    const bytes = png(32, 32, 3).slice();
    new DataView(bytes.buffer).setUint32(16, 65_535);
    new DataView(bytes.buffer).setUint32(20, 65_535);
    expect(decode(bytes)).toMatch(/65535 × 65535/);
  });
});
