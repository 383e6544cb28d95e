// Text of numbers, and numbers of text.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatDurationInterval,
  formatNumber,
  formatPercent,
  formatPowerOfTen,
  formatSi,
  parseNumber,
} from '../../src/core/format.ts';

describe('format', () => {
  test('counts have commas', () => {
    expect([0, 999, 1000, 14_182_922, -1234.4].map(formatCount)).toEqual([
      '0',
      '999',
      '1,000',
      '14,182,922',
      '−1,234',
    ]);
  });

  test('SI keeps its significant digits and carries over', () => {
    expect(formatSi(43.5e9, 'FLOP')).toBe('43.5\u2009GFLOP');
    expect(formatSi(999_999)).toBe('1.00\u2009M');
    expect(formatSi(0)).toBe('0');
    expect(formatSi(5e110)).toBe('5e110');
    expect(formatSi(1.2e22, 'FLOP')).toBe('1.2e22\u2009FLOP');
    expect(formatSi(23_200, '', 3)).toBe('23.2\u2009k');
  });

  test('bytes are decimal', () => {
    expect([0, 999, 999_600, 184_320_000, 27_000_000, 2.5e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 MB',
      '184 MB',
      '27.0 MB',
      '2.5 GB',
    ]);
  });

  test('durations use the two largest units', () => {
    expect([0.01, 0.44, 4, 59.6, 128, 4200, 3599.8, 280_000].map(formatDuration)).toEqual([
      '0.1 s',
      '0.4 s',
      '4 s',
      '1 min 00 s',
      '2 min 08 s',
      '1 h 10 min',
      '1 h 00 min',
      '3 d 6 h',
    ]);
    expect(formatDuration(Number.NaN)).toBe('–');
  });

  test('intervals of durations share a unit', () => {
    expect(formatDurationInterval(3, 5)).toBe('[3.0, 5.0]');
    expect(formatDurationInterval(30, 45)).toBe('[30, 45]');
    expect(formatDurationInterval(205, 230)).toBe('[3:25, 3:50]');
    expect(formatDurationInterval(7800, 10_800)).toBe('[2:10, 3:00]');
    expect(formatDurationInterval(86_400, 172_800)).toBe('[24 h, 48 h]');
  });

  test('values are written as a person would', () => {
    expect([5e-5, 1e-3, 0.3, 12_000, 0, 0.9999999, 1e9].map((value) => formatNumber(value))).toEqual([
      '5e-5',
      '1e-3',
      '0.3',
      '12,000',
      '0',
      '1',
      '1e9',
    ]);
    expect(formatNumber(0.9999999, 12)).toBe('0.9999999');
  });

  test('percent and powers', () => {
    expect(formatPercent(0.6361)).toBe('63.6 %');
    expect(formatPowerOfTen(-12)).toBe('10⁻¹²');
  });
});

describe('parseNumber', () => {
  test.each([
    ['5e-5', 5e-5],
    ['50k', 50_000],
    ['1/16', 1 / 16],
    ['12,000', 12_000],
    ['1 000 000', 1e6],
    ['2M', 2e6],
    ['.5', 0.5],
    ['−3', -3],
    ['off', 0],
    [' 7 ', 7],
  ])('reads %s', (text, value) => expect(parseNumber(text)).toBe(value));

  test.each(['', 'abc', '1/0', '1/2/3', '1,00', 'e5', '5 apples', 'NaN', 'Infinity'])('refuses %s', (text) =>
    expect(parseNumber(text)).toBeNull(),
  );

  test('reads back what was written', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (value) => {
        expect(parseNumber(formatNumber(value, 17))).toBe(value);
      }),
    );
  });
});
