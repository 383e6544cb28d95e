// Colours on the charts: one a config whatever its seed, six at most, nobody loses one without being asked.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waitingFor, withColour, withHidden, withShown } from '../../src/session/colour-slots.ts';
import type { Shown, Slot } from '../../src/session/state.ts';

/** Twenty runs of ten configs, two seeds each. */
const groupOf = (key: string): string | undefined => (Number(key) < 20 ? `g${Number(key) % 10}` : undefined);
const keys = fc.uniqueArray(fc.integer({ min: 0, max: 22 }).map(String), { maxLength: 4 });
const action = fc.oneof(
  fc.record({ kind: fc.constant('show' as const), keys }),
  fc.record({ kind: fc.constant('hide' as const), keys }),
  fc.record({ kind: fc.constant('colour' as const), keys, slot: fc.integer({ min: 0, max: 5 }) }),
);

test('a config has one colour, a colour one config, and who waits gets the first that falls free', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let shown: readonly Shown[] = [];
      for (const one of actions) {
        const before = shown;
        if (one.kind === 'show') shown = withShown(shown, one.keys, groupOf);
        else if (one.kind === 'hide') shown = withHidden(shown, one.keys, groupOf);
        else shown = withColour(shown, one.keys[0] ?? '0', one.slot as Slot, groupOf);
        const slotOf = new Map<string | undefined, Slot | null>();
        for (const { key, slot } of shown) {
          const group = groupOf(key);
          expect(slotOf.has(group) ? slotOf.get(group) : slot).toBe(slot);
          slotOf.set(group, slot);
        }
        const taken = [...slotOf.values()].filter((slot) => slot !== null);
        expect(new Set(taken).size).toBe(taken.length);
        expect(slotOf.size > 6 ? 6 : slotOf.size).toBe(taken.length);
        expect(new Set(shown.map(({ key }) => key)).size).toBe(shown.length);
        // Showing and hiding others takes no colour away.
        if (one.kind !== 'colour')
          for (const { key, slot } of before)
            if (slot !== null && shown.some((entry) => entry.key === key))
              expect(shown.find((entry) => entry.key === key)?.slot).toBe(slot);
      }
    }),
  );
});

describe('the seventh config', () => {
  const six = withShown([], ['0', '1', '2', '3', '4', '5'], groupOf);

  test('waits in grey, its seeds with it', () => {
    const shown = withShown(six, ['6', '16', '7'], groupOf);
    expect(shown.slice(6).map(({ slot }) => slot)).toEqual([null, null, null]);
    expect(waitingFor(shown, groupOf)).toEqual(['6', '7']);
  });

  test('takes the colour of the one that goes', () => {
    const shown = withHidden(withShown(six, ['6', '16'], groupOf), ['2'], groupOf);
    expect(shown.filter(({ slot }) => slot === 2).map(({ key }) => key)).toEqual(['6', '16']);
  });

  test('may be given a colour by hand: its owner waits then', () => {
    const shown = withColour(withShown(six, ['6'], groupOf), '6', 3, groupOf);
    expect(shown.find(({ key }) => key === '6')?.slot).toBe(3);
    expect(waitingFor(shown, groupOf)).toEqual(['3']);
  });
});
