import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { permutation, stream, streams, threefry } from '../../src/core/rng.ts';

const run = (...words: [number, number, number, number]): string[] => {
  const out = new Uint32Array(2);
  threefry(...words, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0'));
};

describe('threefry-2x32-20', () => {
  // Known answers of the Random123 library (kat_vectors).
  test.each([
    [
      [0, 0, 0, 0],
      ['6b200159', '99ba4efe'],
    ],
    [
      [-1, -1, -1, -1],
      ['1cb996fc', 'bb002be7'],
    ],
    [
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3],
      ['c4923a9c', '483df7a0'],
    ],
  ] as const)('gives the published words for %j', (input, expected) => {
    expect(run(...(input as unknown as [number, number, number, number]))).toEqual(expected);
  });
});

describe('stream', () => {
  test('a number depends on seed, purpose, index and lane, and on nothing that was drawn before', () => {
    const first = stream(1, streams.init);
    const value = first.uniform(1000, 3);
    const second = stream(1, streams.init);
    for (let index = 0; index < 10; index++) second.word(index);
    expect(second.uniform(1000, 3)).toBe(value);
    const others = [
      stream(2, streams.init).uniform(1000, 3),
      stream(1, streams.augment).uniform(1000, 3),
      first.uniform(1001, 3),
      first.uniform(1000, 4),
    ];
    expect(new Set([value, ...others]).size).toBe(5);
  });

  test('uniform numbers are float32 in [0, 1) with the mean and variance of the uniform', () => {
    const { uniform } = stream(7, streams.init);
    const values = Array.from({ length: 20_000 }, (_, index) => uniform(index));
    expect(values.every((value) => value >= 0 && value < 1 && Math.fround(value) === value)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test('integers stay below their bound and reach every value', () => {
    const { integer } = stream(7, streams.augment);
    const seen = new Set(Array.from({ length: 500 }, (_, index) => integer(9, index)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

test('a permutation holds every number once, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), fc.nat(50), (n, seed, epoch) => {
      const order = permutation(n, seed, streams.permutation, epoch);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
    }),
  );
});

test('epochs are shuffled differently', () => {
  const order = (epoch: number): string => permutation(50, 0, streams.permutation, epoch).join();
  expect(new Set([0, 1, 2, 3].map(order)).size).toBe(4);
});
