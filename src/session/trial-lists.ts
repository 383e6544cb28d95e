// The trials of each sweep that is looked at or queued, listed once and a few milliseconds at a time, so that a grid of
// thousands does not hold up the page.
import type { DatasetFacts } from '../core/dataset.ts';
import { decode } from '../experiment/address.ts';
import type { Config } from '../experiment/config.ts';
import { listing, type TrialList } from '../experiment/sweep/trials.ts';
import type { Store } from './store.ts';

export interface TrialLists {
  /** Null while it is being listed; `queue.listed` changes when it is there. */
  get(link: string): TrialList | null;
  read(link: string): Promise<TrialList>;
}

const SLICE_MS = 8;

const nothing: TrialList = { trials: [], refused: [] };

interface Entry {
  /** The facts that the list was made with. */
  readonly facts: string;
  list: TrialList | null;
  readonly reading: Promise<TrialList>;
}

export function createTrialLists(store: Store, now: () => number): TrialLists {
  const entries = new Map<string, Entry>();

  /** Facts of the data that is there now, also when the list is done later. */
  const factsNow = (): ((dataset: Config['data']) => DatasetFacts | undefined) => {
    const { data } = store.getState();
    return (dataset) => {
      const state = data[dataset];
      return state?.status === 'ready' ? state.card : undefined;
    };
  };
  /** What of the loaded datasets decides sizes: lists are made again when it changes. */
  const signature = (): string =>
    JSON.stringify(
      Object.entries(store.getState().data).map(([id, state]) =>
        state?.status === 'ready' ? [id, state.card.shape, state.card.train, state.card.test] : id,
      ),
    );

  async function list(link: string): Promise<TrialList> {
    const { config, sweep } = decode(link);
    if (!sweep) return nothing;
    const cells = listing(config, sweep, factsNow());
    for (;;) {
      const began = now();
      do {
        const { done, value } = cells.next();
        if (done) return value;
      } while (now() - began < SLICE_MS);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  function entryOf(link: string): Entry {
    const facts = signature();
    const known = entries.get(link);
    if (known?.facts === facts) return known;
    // What was listed before stays on the screen until the new list is there.
    const entry: Entry = {
      facts,
      list: known?.list ?? null,
      reading: list(link).then((made) => {
        entry.list = made;
        const { queue } = store.getState();
        store.setState({ queue: { ...queue, listed: queue.listed + 1 } });
        return made;
      }),
    };
    entries.set(link, entry);
    return entry;
  }

  return { get: (link) => entryOf(link).list, read: (link) => entryOf(link).reading };
}
