// What this site keeps in the browser: how much of each kind, and deleting it.
import type { Config } from '../experiment/config.ts';
import { isLinked, isUnderway, withCheckpoint } from '../experiment/run.ts';
import type { RunList } from './run-list.ts';
import type { Actions } from './state.ts';
import type { StoredKind } from './storage.ts';
import type { Keeping, Store } from './store.ts';

interface Around {
  readonly keeping: Keeping;
  readonly runs: RunList;
  readonly remove: (keys: readonly string[]) => Promise<void>;
  readonly forget: (dataset: Config['data']) => Promise<void>;
}

export function createStoredActions(
  store: Store,
  { keeping, runs, remove, forget }: Around,
): Pick<Actions, 'usage' | 'clear'> {
  /** Runs that no tab trains; those of a link are not stored. */
  const idle = () => store.getState().runs.filter((run) => !isUnderway(run) && !isLinked(run));

  async function clear(kind: StoredKind): Promise<void> {
    switch (kind) {
      case 'runs':
        return remove(idle().map(({ key }) => key));
      case 'checkpoints':
        for (const run of idle()) {
          if (run.checkpointStep === null) continue;
          if (await keeping.write((storage) => storage.dropCheckpoint(run.key)))
            runs.put(withCheckpoint(run, null));
        }
        return;
      case 'datasets':
        for (const dataset of store.getState().kept) await forget(dataset);
        return;
      case 'settings':
        await keeping.write((storage) => storage.clearSettings());
        store.setState({ tuning: { ...store.getState().tuning, known: [] } });
        return;
      default:
        kind satisfies never;
    }
  }

  return {
    async usage() {
      await keeping.settled();
      return (await keeping.opened).usage();
    },
    clear,
  };
}
