// Six colour slots for the runs on the charts. Runs of one config share a slot; hiding the last of them frees it.
import type { Shown } from './state.ts';

const SLOTS = [0, 1, 2, 3, 4, 5] as const;

/** What the slots need to know of a run. */
interface Known {
  readonly key: string;
  readonly id: string;
}

/** With the run on the charts. When all slots are taken the config that was shown first, `keep` aside, gives up its own. */
export function withShown(
  shown: readonly Shown[],
  key: string,
  runs: readonly Known[],
  keep: string | null,
): readonly Shown[] {
  if (shown.some((entry) => entry.key === key)) return shown;
  const idOf = (wanted: string): string | undefined => runs.find((run) => run.key === wanted)?.id;
  const id = idOf(key);
  if (id === undefined) return shown;
  const sibling = shown.find((entry) => idOf(entry.key) === id);
  if (sibling) return [...shown, { key, slot: sibling.slot }];
  const free = SLOTS.find((slot) => shown.every((entry) => entry.slot !== slot));
  if (free !== undefined) return [...shown, { key, slot: free }];
  const kept = shown.find((entry) => entry.key === keep)?.slot;
  const slot = shown.find((entry) => entry.slot !== kept)?.slot as Shown['slot'];
  return [...shown.filter((entry) => entry.slot !== slot), { key, slot }];
}

export function withHidden(shown: readonly Shown[], key: string): readonly Shown[] {
  return shown.filter((entry) => entry.key !== key);
}
