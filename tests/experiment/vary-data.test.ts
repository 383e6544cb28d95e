// What is done to a dataset before it goes to the device: resizing as PyTorch does it, one order of pixels, wrong labels.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dataset, features, type ImageShape } from '../../src/core/dataset.ts';
import { noisyLabels } from '../../src/core/label-noise.ts';
import { resizedShape, resizer } from '../../src/core/resize-images.ts';
import { stream } from '../../src/core/rng.ts';
import { pixelOrder } from '../../src/core/shuffle-pixels.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { variedData } from '../../src/experiment/vary-data.ts';

interface Case {
  readonly from: ImageShape;
  readonly to: ImageShape;
  readonly images: string;
  readonly bytes: string;
  readonly ties: readonly number[];
}

const golden = resolve(import.meta.dirname, '../reference/resize.json');
const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: readonly Case[] };
const size = ({ channels, height, width }: ImageShape) => `${channels}×${height}×${width}`;

describe('resizing', () => {
  test.each(cases.map((one) => [`${size(one.from)} to ${size(one.to)}`, one] as const))(
    '%s: PyTorch’s bytes',
    (_, { from, to, images, bytes, ties }) => {
      const wanted = new Uint8Array(Buffer.from(bytes, 'base64'));
      const target = new Uint8Array(wanted.length);
      resizer(from, to)(new Uint8Array(Buffer.from(images, 'base64')), target);
      const open = new Set(ties);
      for (const [index, byte] of wanted.entries()) {
        const off = Math.abs((target[index] as number) - byte);
        if (off > 0) expect([off, open.has(index)]).toEqual([1, true]);
      }
    },
  );

  test('an even image stays even, and keeps its aspect', () => {
    const shape = { channels: 1, height: 8, width: 6 };
    expect(resizedShape(shape, 0)).toBe(shape);
    expect(resizedShape(shape, 4)).toEqual({ channels: 1, height: 4, width: 3 });
    const target = new Uint8Array(200);
    resizer(shape, { channels: 1, height: 20, width: 10 })(new Uint8Array(48).fill(77), target);
    expect(target.every((byte) => byte === 77)).toBe(true);
  });
});

function datasetOf(shape: ImageShape, train: number, test: number, classes = 5): Dataset {
  const random = stream(9, 1);
  const split = (count: number, from: number) => ({
    images: new Uint8Array(count * features(shape)).map((_, i) => random.integer(256, i, from)),
    labels: new Uint8Array(count).map((_, i) => random.integer(classes, i, 10 + from)),
  });
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return {
    id: 'digits',
    order: 'x',
    sha256: 'y',
    shape,
    classes: names,
    train: split(train, 0),
    test: split(test, 1),
  };
}

const shape = { channels: 3, height: 6, width: 4 };
const dataset = datasetOf(shape, 600, 300);
const vary = (settings: Named, of = dataset) =>
  variedData(makeConfig({ data: 'digits', ...settings }), of, () => Promise.resolve());

test('where nothing is asked for the dataset itself comes back', async () => {
  expect(await vary({ augment: 'flip-crop', seed: 4 })).toBe(dataset);
});

describe('label noise', () => {
  test('hits the share exactly, never the own class, every other class alike; nested over shares; by seed', () => {
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.integer({ min: 2, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, classes, share) => {
          const labels = new Uint8Array(400).map((_, row) => row % classes);
          const noisy = noisyLabels(labels, classes, share, seed);
          expect(noisy.filter((label, row) => label !== labels[row])).toHaveLength(Math.round(share * 400));
          expect(noisy.every((label) => label < classes)).toBe(true);
          const more = noisyLabels(labels, classes, Math.min(1, share + 0.2), seed);
          for (const [row, label] of noisy.entries())
            if (label !== labels[row]) expect(more[row]).toBe(label);
        },
      ),
      { numRuns: 50 },
    );
    const all = noisyLabels(new Uint8Array(9000).fill(3), 10, 1, 1);
    for (let label = 0; label < 10; label++) {
      const count = all.filter((one) => one === label).length;
      if (label === 3) expect(count).toBe(0);
      else expect(Math.abs(count - 1000)).toBeLessThan(150);
    }
    const zeros = new Uint8Array(300);
    expect(noisyLabels(zeros, 10, 0.5, 1)).not.toEqual(noisyLabels(zeros, 10, 0.5, 2));
  });

  test('leaves test labels, pixels and the dataset itself alone', async () => {
    const before = dataset.train.labels.slice();
    const varied = await vary({ 'data.labelNoise': 0.25 });
    expect(varied.train.labels.filter((label, row) => label !== before[row])).toHaveLength(150);
    expect(varied.test.labels).toBe(dataset.test.labels);
    expect(varied.train.images).toBe(dataset.train.images);
    expect(dataset.train.labels).toEqual(before);
    expect(varied.sha256).toBe(dataset.sha256);
  });
});

describe('shuffled pixels', () => {
  test('one permutation for all images, both splits and all channels', async () => {
    const varied = await vary({ 'data.shufflePixels': true, seed: 5 });
    const order = pixelOrder(shape, 5);
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(24).keys()]);
    expect([...order]).not.toEqual([...Array(24).keys()]);
    for (const split of ['train', 'test'] as const)
      for (const image of [0, 299])
        for (let channel = 0; channel < 3; channel++)
          for (let place = 0; place < 24; place++) {
            const base = (image * 3 + channel) * 24;
            const from = dataset[split].images[base + (order[place] as number)];
            expect(varied[split].images[base + place]).toBe(from);
          }
    expect((await vary({ 'data.shufflePixels': true, seed: 6 })).train.images).not.toEqual(
      varied.train.images,
    );
    expect(await vary({ 'data.shufflePixels': true, seed: 5 })).toEqual(varied);
  });
});

describe('resolution', () => {
  test('is resized first, then shuffled; the plan knows its size', async () => {
    const settings: Named = { 'data.resolution': 3, 'data.shufflePixels': true, seed: 1 };
    const varied = await vary(settings);
    expect(varied.shape).toEqual({ channels: 3, height: 3, width: 2 });
    expect(varied.test.images).toHaveLength(300 * 18);
    const plain = await vary({ 'data.resolution': 3 });
    const order = pixelOrder(varied.shape, 1);
    expect([...varied.train.images.subarray(0, 6)]).toEqual(
      [...order].map((place) => plain.train.images[place]),
    );
    const config = makeConfig({ data: 'cifar-10', 'data.resolution': 64 });
    expect(plan(config)).toMatchObject({
      inputs: 3 * 64 * 64,
      shape: { channels: 3, height: 64, width: 64 },
    });
    expect(() => plan(makeConfig({ data: 'cifar-10', 'data.resolution': 512 }))).toThrow(
      /data\.resolution=512 makes 47\.2 GB of 60000 images: choose at most 105\./,
    );
  });
});
