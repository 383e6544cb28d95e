// Own data in every form that is read: arrays in every layout, folders of pictures.

import { describe, expect, test, vi } from 'vitest';
import { readOwnDataset } from '../../../src/core/files/own-dataset.ts';
import type { OwnSplits } from '../../../src/core/files/read-splits.ts';
import {
  type Bytes,
  folders,
  noise,
  npy,
  npyWith,
  npz,
  palettePng,
  png,
  tensors,
  zip,
} from '../../fixtures/own-files.ts';
import { fileOf } from '../../fixtures/synthetic-files.ts';

vi.setConfig({ testTimeout: 60_000 });

const read = (bytes: Bytes, name = 'own.npz'): Promise<OwnSplits> =>
  readOwnDataset([fileOf(name, bytes)], () => Promise.resolve());

const labels = (count: number, classes = 3) => new Uint8Array(count).map((_, row) => row % classes);
const x = noise(10 * 12);
const y = npy(labels(10), [10]);
const whole = (arrays: Record<string, Bytes>) =>
  npz({ x_test: npy(x.slice(0, 12), [1, 4, 3]), y_test: npy(labels(1), [1]), ...arrays });

describe('arrays', () => {
  test('uint8 in every layout gives channel planes', async () => {
    const image = (splits: OwnSplits, row: number, size: number) => [
      ...splits.train.images.subarray(row * size, (row + 1) * size),
    ];
    const pixels = noise(6 * 2 * 3 * 3);
    const last = {
      x_train: npy(pixels, [6, 2, 3, 3]),
      y_train: npy(labels(6), [6]),
      x_test: npy(pixels, [6, 2, 3, 3]),
      y_test: npy(labels(6), [6]),
    };
    const nhwc = await read(npz(last));
    expect(nhwc).toMatchObject({
      order: 'file',
      shape: { channels: 3, height: 2, width: 3 },
      classes: ['0', '1', '2'],
    });
    expect(image(nhwc, 1, 18)).toEqual(
      [0, 1, 2].flatMap((channel) =>
        Array.from({ length: 6 }, (_, pixel) => pixels[18 + pixel * 3 + channel]),
      ),
    );
    const first = Object.fromEntries(
      Object.entries(last).map(([name, bytes]) => [
        name,
        name.startsWith('x') ? npy(pixels, [6, 3, 2, 3]) : bytes,
      ]),
    );
    // The last axis is asked first: 3 × 2 × 3 is three rows of two pixels in three colours.
    expect((await read(npz(first))).shape).toEqual({ channels: 3, height: 3, width: 2 });
    const planes = noise(4 * 3 * 5 * 4);
    const nchw = await read(
      npz({
        x_train: npy(planes, [4, 3, 5, 4]),
        y_train: npy(labels(4), [4]),
        x_test: npy(planes, [4, 3, 5, 4]),
        y_test: npy(labels(4), [4]),
      }),
    );
    expect([nchw.shape, nchw.train.images]).toEqual([{ channels: 3, height: 5, width: 4 }, planes]);
    const flat = await read(
      whole({ x_train: npy(x, [10, 12]), y_train: y, x_test: npy(x, [10, 12]), y_test: y }),
    );
    expect([flat.shape, flat.train.images]).toEqual([{ channels: 1, height: 1, width: 12 }, x]);
    const grey = await read(whole({ x_train: npy(x, [10, 4, 3]), y_train: y }));
    expect([grey.shape, grey.train.images, grey.test.labels.length]).toEqual([
      { channels: 1, height: 4, width: 3 },
      x,
      1,
    ]);
  });

  test('floats in [0, 1] are rounded to bytes, halves to even; other whole numbers are pixels', async () => {
    const exact = Float32Array.from(x, (byte) => byte / 255);
    const halves = Float64Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? 0.5 : 2.5) / 255);
    for (const [values, wanted] of [
      [exact, x],
      [Float64Array.from(x, (byte) => byte / 255), x],
      [BigInt64Array.from(x, BigInt), x],
      [Int32Array.from(x), x],
      [halves, x.map((_, i) => (i % 2 === 0 ? 0 : 2))],
    ] as const)
      expect((await read(whole({ x_train: npy(values, [10, 4, 3]), y_train: y }))).train.images).toEqual(
        wanted,
      );
  });

  test('labels of any whole type, as a row or a column', async () => {
    const kinds = [Int8Array, Uint16Array, Int32Array] as const;
    for (const Kind of kinds)
      for (const shape of [[10], [10, 1]])
        expect(
          (await read(whole({ x_train: npy(x, [10, 4, 3]), y_train: npy(Kind.from(labels(10)), shape) })))
            .train.labels,
        ).toEqual(labels(10));
    const long = BigInt64Array.from(labels(10), BigInt);
    expect(
      (await read(whole({ x_train: npy(x, [10, 4, 3]), y_train: npy(long, [10]) }))).train.labels,
    ).toEqual(labels(10));
  });

  test('safetensors; other arrays are left alone', async () => {
    const bytes = tensors([
      { name: 'x', dtype: 'U8', shape: [10, 4, 3], values: x },
      { name: 'y', dtype: 'I64', shape: [10], values: BigInt64Array.from(labels(10), BigInt) },
      { name: 'notes', dtype: 'BF16', shape: [1], values: new Uint16Array(1) },
    ]);
    const splits = await read(bytes, 'own.safetensors');
    expect([splits.order, splits.shape]).toEqual(['file-split', { channels: 1, height: 4, width: 3 }]);
    const same = await read(npz({ x: npy(x, [10, 4, 3]), y, more: npyWith('no header at all', x) }));
    expect(same).toEqual(splits);
  });

  test('without a split a fifth of each class is held out, always the same, none lost', async () => {
    const count = 200;
    const images = new Uint8Array(count * 2).map((_, i) => Math.floor(i / 2));
    const file = npz({ x: npy(images, [count, 2]), y: npy(labels(count, 4), [count]) });
    const { train, test: held, order } = await read(file);
    expect([order, train.labels.length, held.labels.length]).toEqual(['file-split', 160, 40]);
    for (let label = 0; label < 4; label++)
      expect(held.labels.filter((one) => one === label)).toHaveLength(10);
    const rows = [...train.images, ...held.images].filter((_, i) => i % 2 === 0).sort((a, b) => a - b);
    expect(rows).toEqual([...Array(count).keys()]);
    for (const { images: pixels, labels: found } of [train, held])
      expect([...found]).toEqual([...pixels].filter((_, i) => i % 2 === 0).map((row) => row % 4));
    expect(await read(file, 'renamed.npz')).toEqual({
      order,
      train,
      test: held,
      shape: expect.anything(),
      classes: expect.anything(),
    });
  });
});

describe('folders of pictures', () => {
  const planes = (seed: number) => {
    const data = noise(60, seed);
    return [0, 1, 2].flatMap((channel) =>
      Array.from({ length: 20 }, (_, pixel) => data[pixel * 3 + channel]),
    );
  };

  test('classes are folders by name, pictures are channel planes, train and test are folders too', async () => {
    const files = { ...folders(['cat', 'ant'], 2, 'set/train/'), ...folders(['cat', 'ant'], 1, 'set/test/') };
    const more = {
      'set/readme.txt': noise(4),
      '__MACOSX/set/train/cat/._0.png': noise(9),
      'set/.DS_Store': noise(3),
    };
    const { classes, shape, train, test: held, order } = await read(zip({ ...files, ...more }), 'own.zip');
    expect([classes, shape, order]).toEqual([['ant', 'cat'], { channels: 3, height: 4, width: 5 }, 'file']);
    expect([...train.labels, ...held.labels]).toEqual([0, 0, 1, 1, 0, 1]);
    expect([...train.images.subarray(0, 60)]).toEqual(planes(100));
    expect([...train.images.subarray(120, 180)]).toEqual(planes(0));
  });

  test('numbered classes are in the order of their numbers; without train and test a fifth is held out', async () => {
    const { classes, train, test: held, order } = await read(zip(folders(['10', '9', '0'], 5), 0), 'own.zip');
    expect([classes, order, train.labels.length, held.labels.length]).toEqual([
      ['0', '9', '10'],
      'file-split',
      12,
      3,
    ]);
  });

  test('grey, opaque alpha and palettes are read as what they show', async () => {
    const grey = png({ width: 5, height: 4, channels: 1, seed: 7 });
    const alpha = (channels: 2 | 4) => png({ width: 5, height: 4, channels, seed: 7 });
    const one = await read(
      zip({ 'a/0.png': grey, 'a/1.png': alpha(2), 'b/0.png': grey, 'b/1.png': grey, 'b/2.png': grey }),
      'own.zip',
    );
    expect(one.shape.channels).toBe(1);
    const colour = await read(
      zip({
        'a/0.png': alpha(4),
        'a/1.png': png({ width: 5, height: 4, channels: 3 }),
        'b/0.png': alpha(4),
        'b/1.png': alpha(4),
        'b/2.png': alpha(4),
      }),
      'own.zip',
    );
    expect(colour.shape.channels).toBe(3);
    const colours = [
      [9, 20, 31],
      [200, 100, 0],
    ];
    const shown = await read(
      zip(folders(['a', 'b'], 3, '', (seed) => palettePng(5, 4, colours, noise(20, seed)))),
      'own.zip',
    );
    expect(shown.shape.channels).toBe(3);
    const first = noise(20, 0).map((byte) => byte % 2);
    const row = [...shown.train.images.subarray(0, 60)];
    expect(row).toEqual([0, 1, 2].flatMap((channel) => [...first].map((index) => colours[index]?.[channel])));
  });
});
