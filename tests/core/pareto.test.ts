import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, paretoFront } from '../../src/core/pareto.ts';

const candidate = (name: string, cost: number, ...scores: number[]): Candidate => ({
  name,
  cost,
  scores: new Map(scores.map((score, seed) => [seed, score])),
});

describe('paretoFront', () => {
  const shapes = [
    candidate('wide', 300, 0.9, 0.91, 0.92),
    candidate('small', 100, 0.8, 0.81, 0.82),
    candidate('waste', 400, 0.7, 0.71, 0.72),
    candidate('close', 310, 0.895, 0.9, 0.926),
    candidate('once', 200, 0.79),
  ];

  test('places shapes by cost: on the front, dominated, or undecided', () => {
    const placed = paretoFront(shapes, 'higher');
    expect(placed.map(({ name, place, beatenBy }) => [name, place, beatenBy])).toEqual([
      ['small', 'front', null],
      ['once', 'undecided', 'small'],
      ['wide', 'front', null],
      ['close', 'undecided', 'wide'],
      ['waste', 'dominated', 'wide'],
    ]);
    expect(placed.map(({ score }) => score.n)).toEqual([3, 1, 3, 3, 3]);
    expect(placed[1]?.score.interval).toBeNull();
  });

  test('turns round for scores of which less is better', () => {
    const losses = shapes.map((one) => ({
      ...one,
      scores: new Map([...one.scores].map(([seed, v]) => [seed, 1 - v])),
    }));
    expect(paretoFront(losses, 'lower').map(({ place }) => place)).toEqual(
      paretoFront(shapes, 'higher').map(({ place }) => place),
    );
  });

  test('of equal cost the better one stays, of equal score the cheaper one', () => {
    const places = paretoFront([candidate('a', 1, 5), candidate('b', 1, 6), candidate('c', 2, 6)], 'higher');
    expect(places.map(({ name, beatenBy }) => [name, beatenBy])).toEqual([
      ['a', 'b'],
      ['b', null],
      ['c', 'b'],
    ]);
  });

  test('the front rises with cost, and nothing off it would belong there', () => {
    const numbers = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(numbers, (pairs) => {
        const placed = paretoFront(
          pairs.map(([cost, score], i) => candidate(String(i), cost, score)),
          'higher',
        );
        const front = placed.filter(({ place }) => place === 'front');
        for (const [index, one] of front.slice(1).entries()) {
          expect(one.score.mean).toBeGreaterThanOrEqual(front[index]?.score.mean as number);
        }
        for (const one of placed.filter(({ place }) => place !== 'front')) {
          expect(front.some((other) => other.cost <= one.cost && other.score.mean >= one.score.mean)).toBe(
            true,
          );
        }
      }),
    );
  });

  test('leaves out what has no score', () => {
    expect(paretoFront([candidate('none', 1)], 'higher')).toEqual([]);
  });
});
