import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBatches } from '../../src/engine/batches.ts';
import { gather, pixels, targets } from '../../src/engine/gather.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';

const shape = { channels: 2, height: 3, width: 3 };
const made = (settings: Named): Config => makeConfig({ 'train.batchSize': 8, ...settings });
const rowsOf = (count: number): Uint32Array<ArrayBuffer> =>
  Uint32Array.from({ length: count }, (_, row) => 1000 + row);

describe('batches', () => {
  test('each epoch takes each row once, but for the last partial batch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(99),
        (count, size, seed) => {
          fc.pre(size <= count);
          const batches = createBatches(rowsOf(count), made({ 'train.batchSize': size, seed }), shape);
          for (const epoch of [0, 1]) {
            const taken = Array.from({ length: batches.stepsPerEpoch }, (_, step) => [
              ...batches.rows(epoch * batches.stepsPerEpoch + step),
            ]).flat();
            expect(new Set(taken).size).toBe(batches.stepsPerEpoch * size);
            expect(taken.every((row) => row >= 1000 && row < 1000 + count)).toBe(true);
          }
        },
      ),
    );
  });

  test('a batch depends on seed and step only, not on what was asked before', () => {
    const config = (seed: number) =>
      made({ seed, 'train.batchSize': 8, augment: 'resized-crop', 'augment.mixup': 0.8 });
    const inOrder = createBatches(rowsOf(40), config(3), shape);
    for (let step = 0; step < 17; step++) inOrder.rows(step);
    const fresh = createBatches(rowsOf(40), config(3), shape);
    expect(fresh.rows(17)).toEqual(inOrder.rows(17));
    expect(fresh.draws(17)).toEqual(inOrder.draws(17));
    expect(fresh.share(17)).toBe(inOrder.share(17));
    const other = createBatches(rowsOf(40), config(4), shape);
    expect(other.rows(17)).not.toEqual(fresh.rows(17));
    expect(other.share(17)).not.toBe(fresh.share(17));
    expect(createBatches(rowsOf(40), made({}), shape).share(0)).toBeNull();
  });
});

describe('gather', () => {
  const images = Uint8Array.from({ length: 36 }, (_, index) => index + 1);
  const look = pixels(shape, [0, 0.5], [1, 0.25]);
  const normal = (byte: number, channel: number): number =>
    channel === 0 ? Math.fround(byte / 255) : Math.fround(Math.fround(Math.fround(byte / 255) - 0.5) / 0.25);

  test('normalises each channel in float32, channel-first', () => {
    const out = new Float32Array(18);
    gather(look, images, Uint32Array.of(1), null, out);
    expect([...out]).toEqual(Array.from({ length: 18 }, (_, index) => normal(19 + index, index < 9 ? 0 : 1)));
  });

  test('cuts a shifted window with black around it, then mirrors', () => {
    const out = new Float32Array(18);
    gather(look, images, Uint32Array.of(0), Int32Array.of(0, 1, -1), out);
    const black = normal(0, 0);
    // Row −1 is above the image; columns 1, 2 and 3, the last one outside.
    expect([...out.subarray(0, 9)]).toEqual([
      black,
      black,
      black,
      normal(2, 0),
      normal(3, 0),
      black,
      normal(5, 0),
      normal(6, 0),
      black,
    ]);
    const mirrored = new Float32Array(18);
    gather(look, images, Uint32Array.of(0), Int32Array.of(1, 1, -1), mirrored);
    for (let y = 0; y < 6; y++)
      expect([...mirrored.subarray(3 * y, 3 * y + 3)]).toEqual([...out.subarray(3 * y, 3 * y + 3)].reverse());
  });

  test('targets are PyTorch’s smoothed labels and sum to one', () => {
    const out = new Float32Array(8);
    targets(Uint8Array.of(2, 0), Uint32Array.of(1, 0), 4, 0.2, out);
    expect([...out].map((value) => Math.round(value * 100) / 100)).toEqual([
      0.85, 0.05, 0.05, 0.05, 0.05, 0.05, 0.85, 0.05,
    ]);
  });
});
