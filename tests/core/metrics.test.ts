import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnOf, createMetricLog, last } from '../../src/core/metrics.ts';

test('a log gives back what was appended, whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.double({ noNaN: true }), { maxLength: 30 }), { maxLength: 40 }),
      (pieces) => {
        const log = createMetricLog();
        let step = 0;
        for (const piece of pieces)
          log.append({ 'train/loss': columnOf(piece.map((value) => [++step, value])) });
        const column = log.column('train/loss');
        expect([...column.values]).toEqual(pieces.flat());
        expect([...column.steps]).toEqual(Array.from({ length: step }, (_, index) => index + 1));
        expect(last(log, 'train/loss')).toBe(pieces.flat().at(-1) ?? null);
      },
    ),
  );
});

test('names lists what has values, in the order of the catalog', () => {
  const log = createMetricLog();
  log.append({
    'test/accuracy': columnOf([[5, 0.5]]),
    'train/loss': columnOf([[1, 2]]),
    'gradient/norm': columnOf([]),
  });
  expect(log.names()).toEqual(['train/loss', 'test/accuracy']);
});

test('truncate drops values after a step, in every column', () => {
  const log = createMetricLog();
  log.append({
    'train/loss': columnOf([
      [1, 3],
      [2, 2],
      [3, 1],
    ]),
    'test/loss': columnOf([[3, 1]]),
  });
  log.truncate(2);
  expect([...log.column('train/loss').steps]).toEqual([1, 2]);
  expect(log.names()).toEqual(['train/loss']);
});
