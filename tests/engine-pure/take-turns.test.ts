// Who goes next when runs train side by side.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Player, type Turn, takeTurns } from '../../src/engine/take-turns.ts';

interface Made {
  /** Examples of a turn. */
  readonly stride: number;
  readonly turns: number;
  readonly stopsAfter?: number;
}

/** Players that write down each turn: who, and how far everybody was before it. */
function play(made: readonly Made[], by: () => 'examples' | 'step' = () => 'examples') {
  const order: number[] = [];
  const at = made.map((): number | null => null);
  const before: (readonly (number | null)[])[] = [];
  const players = made.map(({ stride, turns, stopsAfter }, index): Player => {
    let taken = 0;
    async function* go(): AsyncGenerator<Turn, void, void> {
      for (; taken <= turns; taken++) {
        before.push([...at]);
        order.push(index);
        at[index] = stride * taken;
        yield { step: taken, examples: stride * taken, flops: 0, seconds: 0 };
      }
      at[index] = Number.POSITIVE_INFINITY;
    }
    return { turns: go(), isUrgent: () => stopsAfter !== undefined && order.length >= stopsAfter };
  });
  return { order, before, done: takeTurns(players, by) };
}

const someone = fc.record({
  stride: fc.integer({ min: 1, max: 50 }),
  turns: fc.integer({ min: 0, max: 30 }),
});

test('everybody is prepared before anybody trains, is played to the end, and nobody runs ahead', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someone, { minLength: 1, maxLength: 6 }), async (made) => {
      const { order, before, done } = play(made);
      await done;
      expect(order.slice(0, made.length)).toEqual(made.map((_, index) => index));
      for (const [index, { turns }] of made.entries())
        expect(order.filter((one) => one === index)).toHaveLength(turns + 1);
      for (const [turn, who] of order.entries()) {
        const own = before[turn]?.[who] ?? Number.NEGATIVE_INFINITY;
        for (const other of before[turn] ?? []) expect(own).toBeLessThanOrEqual(other ?? own);
      }
    }),
    { numRuns: 100 },
  );
});

test('equally far, they go in turn', async () => {
  const { order, done } = play([1, 1, 1].map((stride) => ({ stride, turns: 3 })));
  await done;
  expect(order).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
});

test('who is told to stop goes first, however far it is', async () => {
  const { order, done } = play([
    { stride: 1, turns: 20 },
    { stride: 100, turns: 3, stopsAfter: 8 },
  ]);
  await done;
  expect(order.slice(0, 12)).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0]);
});

test('the unit of the turns may change under way', async () => {
  const made = [
    { stride: 1, turns: 12 },
    { stride: 4, turns: 12 },
  ];
  const { order, done } = play(made, () => (order.length < 6 ? 'step' : 'examples'));
  await done;
  expect(order.slice(0, 6)).toEqual([0, 1, 0, 1, 0, 1]);
  expect(order.slice(6, 14).filter((who) => who === 0)).toHaveLength(7);
});
