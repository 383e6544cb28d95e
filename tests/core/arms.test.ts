// Arms at their best over what is tuned, and amounts by seed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { armsAt, armsOf, effectOf, meanBySeed, minus, scoreAt, slopeBySeed } from '../../src/core/arms.ts';
import { bySeed } from '../../src/core/observations.ts';
import { planted } from '../fixtures/measurement.ts';

const run = (
  model: string,
  rate: number,
  seed: number,
  loss: number,
  outcome: 'finished' | 'diverged' = 'finished',
) =>
  planted({
    cell: { model, rate, seed },
    outcome,
    final: { 'validation/loss': loss, 'test/loss': loss + 1 },
  });

describe('arms', () => {
  const rows = [
    ...[0, 1].flatMap((seed) =>
      [1, 2, 3].map((rate) => run('a', rate, seed, Math.abs(rate - 2) + 0.1 * seed)),
    ),
    ...[0, 1].flatMap((seed) => [1, 2, 3].map((rate) => run('b', rate, seed, rate + 0.1 * seed))),
  ];
  const arms = armsOf(rows, ['rate'], 'validation/loss');

  test('each place has its best cell, how many were tried, and whether it lies at an edge', () => {
    expect(arms.map(({ place, group, tried, edges }) => [place, group.cell['rate'], tried, edges])).toEqual([
      [{ model: 'a' }, 2, 3, []],
      [{ model: 'b' }, 1, 3, ['rate']],
    ]);
    expect([...scoreAt(arms, { model: 'a' }, 'test/loss', 10)]).toEqual([
      [0, 10],
      [1, 11],
    ]);
    expect(scoreAt(arms, { model: 'c' }, 'test/loss').size).toBe(0);
  });

  test('a cell with a diverged seed is no best cell where another has none', () => {
    const risky = [run('a', 1, 0, 0.1), run('a', 1, 1, 0, 'diverged'), run('a', 2, 0, 1), run('a', 2, 1, 1)];
    const [arm] = armsOf(risky, ['rate'], 'validation/loss');
    expect(arm?.group.cell['rate']).toBe(2);
    const [only] = armsOf(risky.slice(0, 2), ['rate'], 'validation/loss');
    expect(only?.group.cell['rate']).toBe(1);
    expect(armsOf([run('a', 1, 0, 0, 'diverged')], ['rate'], 'validation/loss')).toEqual([]);
  });

  test('an effect is the mean over what else is varied; a combination without all seeds is left out', () => {
    const cell = (model: string, width: number, seed: number, loss: number) =>
      planted({ cell: { model, width, seed }, final: { 'test/loss': loss } });
    const grid = [
      ...[0, 1].flatMap((seed) => [cell('a', 1, seed, 3 + seed), cell('b', 1, seed, 1)]),
      ...[0, 1].flatMap((seed) => [cell('a', 2, seed, 5 + seed), cell('b', 2, seed, 1)]),
      ...[0, 1].map((seed) => cell('a', 3, seed, 9)),
      cell('b', 3, 0, 1),
    ];
    const effect = effectOf(armsOf(grid, [], 'test/loss'), 'model', ['a', 'b'], ({ group }) =>
      bySeed(group, 'test/loss'),
    );
    expect(effect).toMatchObject({ used: 2, all: 3 });
    expect([...effect.gain]).toEqual([
      [0, 3],
      [1, 4],
    ]);
    expect(
      effectOf(armsAt(armsOf(grid, [], 'test/loss'), { model: 'a' }), 'model', ['a', 'b'], () => new Map())
        .gain.size,
    ).toBe(0);
  });
});

describe('amounts by seed', () => {
  const amount = fc
    .array(fc.tuple(fc.nat(5), fc.integer({ min: -100, max: 100 })), { maxLength: 6 })
    .map((pairs) => new Map(pairs));

  test('a difference has the seeds of both, a mean those of all', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const both = [...a.keys()].filter((seed) => b.has(seed));
        const [less, mean] = [minus(a, b), meanBySeed([a, b])];
        expect([...less.keys()]).toEqual(both);
        expect([...mean.keys()]).toEqual(both);
        for (const seed of both) {
          expect(less.get(seed)).toBe((a.get(seed) ?? 0) - (b.get(seed) ?? 0));
          expect(mean.get(seed)).toBe(((a.get(seed) ?? 0) + (b.get(seed) ?? 0)) / 2);
        }
      }),
    );
    expect(meanBySeed([]).size).toBe(0);
  });

  test('a slope is that of each seed’s own line', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), (one, other) => {
        const points = [1, 2, 4, 7].map((x) => ({
          x,
          y: new Map([
            [0, 3 + one * x],
            [1, other * x],
          ]),
        }));
        const slopes = slopeBySeed(points);
        expect(slopes.get(0)).toBeCloseTo(one);
        expect(slopes.get(1)).toBeCloseTo(other);
      }),
    );
    expect(slopeBySeed([{ x: 1, y: new Map([[0, 1]]) }]).size).toBe(0);
    expect(slopeBySeed([1, 1].map((x) => ({ x, y: new Map([[0, 1]]) }))).size).toBe(0);
  });
});
