// The digest of a run's measurements: ends and extremes as they are, curves thinned but with both ends.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/core/digest.ts';
import { columnOf, createMetricLog } from '../../src/core/metrics.ts';

const values = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), {
  minLength: 1,
  maxLength: 400,
});

test('ends and extremes are those of the columns; a curve has at most 32 points and keeps its extremes', () => {
  fc.assert(
    fc.property(values, (list) => {
      const log = createMetricLog();
      const column = columnOf(list.map((value, index) => [index + 1, value]));
      log.append({ 'train/loss': column, 'test/accuracy': column });
      const digest = digestOf(log);
      const finite = list.filter(Number.isFinite);
      const { curve, ...ends } = digest['test/accuracy'] ?? { last: 0, least: 0, most: 0 };
      expect(ends).toEqual({ last: list.at(-1), least: Math.min(...finite), most: Math.max(...finite) });
      expect(digest['train/loss']).toEqual(ends);
      expect(curve?.values.length).toBe(Math.min(curve?.values.length ?? 0, 32));
      if (finite.length > 0) {
        expect(Math.max(...(curve?.values ?? []))).toBe(ends.most);
        expect(Math.min(...(curve?.values ?? []))).toBe(ends.least);
      }
      for (const [index, step] of (curve?.steps ?? []).entries())
        expect(list[step - 1]).toBe(curve?.values[index]);
    }),
  );
});

test('what was not measured is not in it', () => {
  expect(digestOf(createMetricLog())).toEqual({});
});
