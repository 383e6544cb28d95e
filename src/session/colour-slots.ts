// Six colour slots for what is on the charts. A slot belongs to a config without its seed: the seeds of one config
// share it, and hiding the last of them frees it. Where all six are taken, the next config waits in grey until
// somebody says which one gives up its own.
import type { Shown, Slot } from './state.ts';

export const slots: readonly Slot[] = [0, 1, 2, 3, 4, 5];

/** The group of a run: what shares a colour; undefined where the run is not there. */
type GroupOf = (key: string) => string | undefined;

type AllShown = readonly Shown[];

/** Gives free slots to what waits, in the order in which it was shown. */
function dealt(shown: AllShown, groupOf: GroupOf): AllShown {
  const taken = new Map<string | undefined, Slot>();
  for (const { key, slot } of shown) if (slot !== null) taken.set(groupOf(key), slot);
  const free = slots.filter((slot) => ![...taken.values()].includes(slot));
  return shown.map((entry) => {
    if (entry.slot !== null) return entry;
    const group = groupOf(entry.key);
    const slot = taken.get(group) ?? free.shift();
    if (slot === undefined) return entry;
    taken.set(group, slot);
    return { ...entry, slot };
  });
}

/** With these runs on the charts too; those that are not there are left out. */
export function withShown(shown: AllShown, keys: readonly string[], groupOf: GroupOf): AllShown {
  const known = new Set(shown.map(({ key }) => key));
  const added = [...new Set(keys)].filter((key) => !known.has(key) && groupOf(key) !== undefined);
  if (added.length === 0) return shown;
  return dealt([...shown, ...added.map((key): Shown => ({ key, slot: null }))], groupOf);
}

/** Without these runs; a slot that falls free goes to what waits for one. */
export function withHidden(shown: AllShown, keys: readonly string[], groupOf: GroupOf): AllShown {
  const hidden = new Set(keys);
  if (!shown.some(({ key }) => hidden.has(key))) return shown;
  return dealt(
    shown.filter(({ key }) => !hidden.has(key)),
    groupOf,
  );
}

/** The runs of `key`'s group in this colour; whoever had it gets the group's own, or waits. */
export function withColour(shown: AllShown, key: string, colour: Slot, groupOf: GroupOf): AllShown {
  const own = shown.find((entry) => entry.key === key);
  if (!own) return shown;
  const group = groupOf(key);
  return shown.map((entry) => {
    if (groupOf(entry.key) === group) return { ...entry, slot: colour };
    return entry.slot === colour ? { ...entry, slot: own.slot } : entry;
  });
}

/** What waits for a colour, oldest first: one run of each group. */
export function waitingFor(shown: AllShown, groupOf: GroupOf): readonly string[] {
  const groups = new Map<string | undefined, string>();
  for (const { key, slot } of shown)
    if (slot === null && !groups.has(groupOf(key))) groups.set(groupOf(key), key);
  return [...groups.values()];
}
