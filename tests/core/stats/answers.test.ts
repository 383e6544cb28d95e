// Counted answers: confusion, intervals of shares, calibration.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrationOf } from '../../../src/core/stats/calibration.ts';
import {
  confusionOf,
  type Predictions,
  rowsOfCell,
  shareOf,
  worstMistakes,
  worstPairs,
} from '../../../src/core/stats/confusion.ts';
import { wilsonInterval } from '../../../src/core/stats/wilson.ts';

const few: Predictions = {
  labels: Uint8Array.of(0, 0, 0, 1, 1, 2),
  predicted: Uint8Array.of(0, 1, 1, 1, 0, 2),
  confidence: Float32Array.of(0.9, 0.5, 0.75, 0.6, 0.99, 1),
};

const many = fc
  .array(fc.tuple(fc.nat(4), fc.nat(4), fc.float({ min: Math.fround(0.2), max: 1, noNaN: true })), {
    minLength: 1,
  })
  .map(
    (rows): Predictions => ({
      labels: Uint8Array.from(rows, ([label]) => label),
      predicted: Uint8Array.from(rows, ([, predicted]) => predicted),
      confidence: Float32Array.from(rows, ([, , sure]) => sure),
    }),
  );

describe('confusion', () => {
  test('counts, shares of rows, pairs and mistakes of a few rows', () => {
    const confusion = confusionOf(few, 3);
    expect([...confusion.counts]).toEqual([1, 2, 0, 1, 1, 0, 0, 0, 1]);
    expect([...confusion.totals]).toEqual([3, 2, 1]);
    expect(shareOf(confusion, 0, 1)).toBeCloseTo(2 / 3, 12);
    expect(worstPairs(confusion, 5)).toEqual([
      { label: 0, predicted: 1, count: 2 },
      { label: 1, predicted: 0, count: 1 },
    ]);
    expect(rowsOfCell(few, 0, 1)).toEqual([2, 1]);
    expect(worstMistakes(few, 2)).toEqual([4, 2]);
  });

  test('every row lies in one cell; a class without images has no share', () => {
    fc.assert(
      fc.property(many, (rows) => {
        const confusion = confusionOf(rows, 6);
        expect(confusion.counts.reduce((sum, count) => sum + count, 0)).toBe(rows.labels.length);
        for (let label = 0; label < 6; label++) {
          const shares = Array.from({ length: 6 }, (_, predicted) => shareOf(confusion, label, predicted));
          const sum = shares.reduce((all, share) => all + share, 0);
          expect(sum).toBeCloseTo(confusion.totals[label] === 0 ? 0 : 1, 9);
          for (let taken = 0; taken < 6; taken++)
            expect(rowsOfCell(rows, label, taken)).toHaveLength(
              confusion.counts[label * 6 + taken] as number,
            );
        }
      }),
    );
  });
});

describe('the interval of a share', () => {
  test('is that of R and of statsmodels (method "wilson")', () => {
    const [low, high] = wilsonInterval(8, 10) ?? [0, 0];
    expect(low).toBeCloseTo(0.4901625, 6);
    expect(high).toBeCloseTo(0.9433178, 6);
    expect(wilsonInterval(0, 0)).toBe(null);
  });

  test('holds the share and stays within [0, 1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (n, some) => {
        const hits = Math.min(n, some);
        const [low, high] = wilsonInterval(hits, n) ?? [2, -1];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
      }),
    );
  });
});

describe('calibration', () => {
  test('of a few rows', () => {
    const { bins, error, excess } = calibrationOf(few, 4);
    expect(bins.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
    expect(bins[2]).toMatchObject({ low: 0.5, high: 0.75, hits: 1, accuracy: 0.5 });
    expect(bins[2]?.confidence).toBeCloseTo(0.675, 6);
    expect(bins[0]?.accuracy).toBeNaN();
    expect(error).toBeCloseTo((0.5 + 0.35 + 0.89) / 6, 6);
    expect(excess).toBeCloseTo((0.5 + 0.35 + 0.89) / 6, 6);
  });

  test('the error is at least the excess; right and sure is perfect; no rows say nothing', () => {
    fc.assert(
      fc.property(many, (rows) => {
        const { bins, error, excess } = calibrationOf(rows);
        expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(rows.labels.length);
        expect(error).toBeGreaterThanOrEqual(Math.abs(excess) - 1e-9);
        expect(error).toBeLessThanOrEqual(1);
        const right = { ...rows, predicted: rows.labels, confidence: rows.confidence.map(() => 1) };
        expect(calibrationOf(right).error).toBe(0);
      }),
    );
    const none = new Uint8Array(0);
    expect(calibrationOf({ labels: none, predicted: none, confidence: new Float32Array(0) }).error).toBeNaN();
  });
});
