// Subset and validation split: sizes, shares, no overlap, nested.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitRows } from '../../src/core/split.ts';

const CLASSES = 4;
const labels = fc
  .array(fc.nat(CLASSES - 1), { minLength: 1, maxLength: 200 })
  .map((list) => Uint8Array.from(list));
const seed = fc.integer({ min: 0, max: 1000 });

function counts(all: Uint8Array, rows: Iterable<number>): number[] {
  const found = Array<number>(CLASSES).fill(0);
  for (const row of rows) found[all[row] as number] = (found[all[row] as number] as number) + 1;
  return found;
}

describe('splitRows', () => {
  test('sizes are exact, rows ascend, nothing is shared', () => {
    fc.assert(
      fc.property(labels, fc.nat(250), fc.nat(100), seed, (all, trainSize, part, s) => {
        const validationSize = Math.floor((part / 100) * all.length);
        const { train, validation } = splitRows(all, CLASSES, { trainSize, validationSize, seed: s });
        const left = all.length - validationSize;
        expect(validation).toHaveLength(validationSize);
        expect(train).toHaveLength(trainSize === 0 ? left : Math.min(trainSize, left));
        for (const rows of [train, validation]) expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
        expect(new Set([...train, ...validation]).size).toBe(train.length + validation.length);
      }),
    );
  });

  test('every class is within one row of its share', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 1, max: 200 }), seed, (all, size, s) => {
        const { train } = splitRows(all, CLASSES, { trainSize: size, validationSize: 0, seed: s });
        const whole = counts(all, all.keys());
        for (const [label, count] of counts(all, train).entries()) {
          expect(Math.abs(count - (train.length * (whole[label] as number)) / all.length)).toBeLessThan(1);
        }
      }),
    );
  });

  const balanced = Uint8Array.from({ length: 200 }, (_, i) => (i * 7) % CLASSES);

  test('a smaller set lies within a larger one of the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 199 }), fc.integer({ min: 1, max: 199 }), seed, (a, b, s) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)].map((size) => size);
        const rows = (size: number) =>
          splitRows(balanced, CLASSES, { trainSize: size, validationSize: 0, seed: s }).train;
        const outer = new Set(rows(large as number));
        expect(rows(small as number).every((row) => outer.has(row))).toBe(true);
      }),
    );
  });

  test('seeds differ, one seed does not', () => {
    const rows = (s: number) => splitRows(balanced, CLASSES, { trainSize: 40, validationSize: 40, seed: s });
    expect(rows(1)).toEqual(rows(1));
    expect(rows(1).train).not.toEqual(rows(2).train);
    expect(rows(1).validation).not.toEqual(rows(2).validation);
  });

  test('more validation than there is, is an error', () => {
    expect(() => splitRows(balanced, CLASSES, { trainSize: 0, validationSize: 201, seed: 0 })).toThrow(
      RangeError,
    );
  });
});
