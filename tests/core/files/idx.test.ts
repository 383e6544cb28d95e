// idx files and the four of MNIST's kind.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { mnist } from '../../../src/catalog/datasets/mnist.ts';
import { LabError } from '../../../src/core/failure.ts';
import { datasetSha256 } from '../../../src/core/files/digest.ts';
import { readIdx } from '../../../src/core/files/idx.ts';
import { IDX_FILES, readIdxDataset } from '../../../src/core/files/idx-dataset.ts';
import { fileOf, gzip, idx } from '../../fixtures/synthetic-files.ts';

vi.setConfig({ testTimeout: 60_000 });

const pause = () => Promise.resolve();
const expected = { shape: { channels: 1, height: 2, width: 3 }, classes: 10, order: 'official' };
const pixels = (count: number) => Uint8Array.from({ length: count * 6 }, (_, i) => i);
const four = (): [string, Uint8Array<ArrayBuffer>][] => [
  ['train-images-idx3-ubyte', idx([3, 2, 3], pixels(3))],
  ['train-labels-idx1-ubyte', idx([3], Uint8Array.of(0, 9, 4))],
  ['t10k-images-idx3-ubyte', idx([1, 2, 3], pixels(1))],
  ['t10k-labels-idx1-ubyte', idx([1], Uint8Array.of(7))],
];
const read = (files: readonly (readonly [string, Uint8Array])[]) =>
  readIdxDataset(
    files.map(([name, bytes]) => fileOf(name, bytes)),
    expected,
    pause,
  );

describe('one file', () => {
  test('round trip for any dimensions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (n, h, w) => {
          const data = Uint8Array.from({ length: n * h * w }, (_, i) => i * 31);
          expect(readIdx(idx([n, h, w], data), 'a', 3)).toEqual({ dimensions: [n, h, w], data });
        },
      ),
    );
  });

  const good = idx([3, 2, 3], pixels(3));
  const changed = (at: number, ...bytes: number[]) => {
    const copy = good.slice();
    copy.set(bytes, at);
    return copy;
  };
  test.each([
    [
      'wrong magic',
      changed(0, 9),
      /byte 0: this is no idx file: it begins with 0x09000803 and not with 0x00000803/,
    ],
    ['little endian', changed(0, 3, 8, 0, 0), /byte order is swapped/],
    ['floats', changed(2, 13), /byte 2: its numbers are float32, not unsigned bytes/],
    ['unknown type', changed(2, 77), /unknown type 77/],
    ['labels for images', idx([5], pixels(1)), /byte 3: it has 1 dimensions and not 3: these are labels/],
    ['255 dimensions', changed(3, 255), /255 dimensions/],
    ['no image', changed(4, 0, 0, 0, 0), /byte 4: dimension 0 is 0/],
    [
      'product beyond 2^32',
      changed(4, ...Array(12).fill(255)),
      /bytes are announced and 18 are there: the file was cut off/,
    ],
    ['cut', good.slice(0, -1), /byte 33: 3 × 2 × 3 = 18 bytes are announced and 17 are there/],
    ['something after', Uint8Array.of(...good, 1), /byte 34: .*something follows/],
    ['cut header', good.slice(0, 9), /byte 9: the file ends within its header/],
  ])('%s', (_, bytes, message) => {
    expect(() => readIdx(bytes as Uint8Array<ArrayBuffer>, 'train-images', 3)).toThrow(message);
  });
});

describe('four files', () => {
  test('in any order, gzipped or not', async () => {
    const plain = await read(four());
    expect([...plain.train.labels]).toEqual([0, 9, 4]);
    expect([...plain.test.images]).toEqual([0, 1, 2, 3, 4, 5]);
    const zipped = four().map(([name, bytes]): [string, Uint8Array] => [`${name}.gz`, gzip(bytes)]);
    expect(await read(zipped.reverse())).toEqual(plain);
  });

  const replaced = (at: number, bytes: Uint8Array<ArrayBuffer>) =>
    four().map((one, i) => (i === at ? ([one[0], bytes] as const) : one));
  test.each([
    ['missing', four().slice(0, 3), /the test labels are missing/],
    ['twice', [...four(), ...four().slice(0, 1)], /the train images were already given/],
    ['unnamed', [['a.gz', four()[0]?.[1] as Uint8Array] as const], /which of the four files/],
    [
      'counts differ',
      replaced(1, idx([2], Uint8Array.of(1, 2))),
      /it has 2 labels, but train-images-idx3-ubyte has 3 images/,
    ],
    [
      'label 10',
      replaced(3, idx([1], Uint8Array.of(10))),
      /record 0 \(byte 8\): label 10 is none of the 10 classes/,
    ],
    ['other size', replaced(0, idx([3, 3, 2], pixels(3))), /3 × 2 pixels and not 2 × 3/],
  ])('%s', async (_, files, message) => {
    await expect(read(files)).rejects.toThrow(message);
  });

  test('damage is an error or the right data', async () => {
    const right = await read(four());
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.nat(60), fc.integer({ min: 1, max: 255 }), async (which, at, by) => {
        const files = four().map(([name, bytes]): [string, Uint8Array] => [`${name}.gz`, gzip(bytes)]);
        const bytes = files[which]?.[1] as Uint8Array;
        bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ by;
        const result = await read(files).catch((thrown: unknown) => thrown);
        if (!(result instanceof LabError)) expect(result).toEqual(right);
      }),
      { numRuns: 150 },
    );
  });
});

const real = resolve(import.meta.dirname, '../../../../shared/data/mnist');
const isHere = existsSync(real);
const title = 'the real MNIST has the known hash';
test.skipIf(!isHere)(isHere ? title : `${title} (not run: the development data is not here)`, async () => {
  const files = IDX_FILES.map((name) => fileOf(name, readFileSync(resolve(real, name))));
  const splits = await readIdxDataset(files, { ...mnist, classes: 10, order: 'official' }, pause);
  expect(await datasetSha256(splits.train, splits.test, pause)).toBe(mnist.known?.['official']);
});
