// The sweeps that are queued, as they are kept: shared by all tabs, changed in storage and here by the same function.
import { decode, encode } from '../experiment/address.ts';
import { inTurn, movedRank, type QueuedSweep, sweepId } from '../experiment/queue.ts';
import type { Keeping, Store } from './store.ts';
import type { Tabs } from './surroundings.ts';

export interface Sweeps {
  /** Once those of earlier visits are here. */
  readonly restored: Promise<void>;
  find(id: string): QueuedSweep | undefined;
  /** Puts a sweep at the end of the queue, or lets it go on where it is already; gives its id. */
  add(link: string): string;
  change(id: string, change: (sweep: QueuedSweep) => QueuedSweep): void;
  remove(id: string): void;
  move(id: string, to: 'up' | 'down' | 'first'): void;
}

/** What other tabs are told. */
const CHANGED = 'sweeps';

export function createSweeps(store: Store, { keeping, tabs }: { keeping: Keeping; tabs: Tabs }): Sweeps {
  const all = (): readonly QueuedSweep[] => store.getState().queue.sweeps;
  const find = (id: string): QueuedSweep | undefined => all().find((sweep) => sweep.id === id);
  const set = (sweeps: readonly QueuedSweep[]): void =>
    store.setState({ queue: { ...store.getState().queue, sweeps: inTurn(sweeps) } });

  /** Changes that are not written yet, counted: what was read before is out of date. */
  const writing = new Map<string, number>();

  async function reread(): Promise<void> {
    await keeping.settled();
    const stored = await (await keeping.opened).sweeps();
    const isNewer = ({ id }: QueuedSweep): boolean => (writing.get(id) ?? 0) > 0;
    set([...stored.filter((sweep) => !isNewer(sweep)), ...all().filter(isNewer)]);
  }

  /** `change` gets null where nothing is known of the sweep, and gives null to take it out. */
  function update(id: string, change: (sweep: QueuedSweep | null) => QueuedSweep | null): void {
    const changed = change(find(id) ?? null);
    set([...all().filter((sweep) => sweep.id !== id), ...(changed ? [changed] : [])]);
    writing.set(id, (writing.get(id) ?? 0) + 1);
    void keeping
      .write(async (storage) => {
        await storage.changeSweep(id, change);
      })
      .then(() => {
        writing.set(id, (writing.get(id) ?? 1) - 1);
        tabs.changed(CHANGED);
      });
  }

  tabs.listen((key) => {
    if (key === CHANGED || key === null) reread().catch(() => {}); // What is here stays.
  });

  return {
    restored: reread().catch(() => {}), // An unreadable storage holds no queue.
    find,
    add(link) {
      const { config, sweep } = decode(link);
      const canonical = encode(config, {}, sweep);
      const id = sweepId(canonical);
      const last = inTurn(all()).at(-1);
      const fresh: QueuedSweep = {
        id,
        link: canonical,
        addedAt: Date.now(),
        rank: last ? last.rank + 1 : 0,
        isPaused: false,
        marks: {},
      };
      update(id, (known) => (known ? { ...known, isPaused: false } : fresh));
      return id;
    },
    change: (id, change) => update(id, (known) => known && change(known)),
    remove: (id) => update(id, () => null),
    move(id, to) {
      const rank = movedRank(all(), id, to);
      if (rank !== null) update(id, (known) => known && { ...known, rank });
    },
  };
}
