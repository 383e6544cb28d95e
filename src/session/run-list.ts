// The runs of this browser: the list in the store, what is on the charts, removing with undo, other tabs.
import { abandon, isUnderway, type Run } from '../experiment/run.ts';
import { withHidden, withShown } from './colour-slots.ts';
import type { RunLocks } from './run-locks.ts';
import type { Series } from './series.ts';
import type { StoredRun } from './storage.ts';
import type { Keeping, Store } from './store.ts';
import type { Tabs } from './surroundings.ts';

export interface RunList {
  /** Puts a run into the list, new or changed. */
  put(run: Run): void;
  find(key: string): Run | undefined;
  /** Reads the list again: another tab may have written it. Runs whose writer is gone count as stopped. */
  refresh(): Promise<void>;
  /** Keys in use for a config and its data, removed runs included: the next attempt must not take one of them. */
  taken(prefix: string): Promise<readonly string[]>;
  /** What storage does not have: kept as it is here when the list is read again. */
  setUnsaved(key: string, unsaved: boolean): void;
  show(key: string): void;
  hide(key: string): void;
  remove(key: string): Promise<void>;
  undoRemove(): Promise<void>;
}

/** How long a removed run can be brought back. */
export const UNDO_MS = 20_000;
/** Removed by a page that went away before its undo ran out. */
const STALE_MS = 60_000;
const SHOWN = 'shown';

const newestFirst = (a: Run, b: Run): number => b.createdAt - a.createdAt || (a.key < b.key ? 1 : -1);

const withoutMark = ({ removedAt: _, ...run }: StoredRun): Run => run;

export function createRunList(
  store: Store,
  keeping: Keeping,
  { locks, tabs, series }: { readonly locks: RunLocks; readonly tabs: Tabs; readonly series: Series },
): RunList {
  const unsaved = new Set<string>();
  /** Grows when storage caught up with a run of this page: what was read before is out of date. */
  let caughtUp = 0;

  const find = (key: string): Run | undefined => store.getState().runs.find((run) => run.key === key);

  function put(run: Run): void {
    const { runs } = store.getState();
    const known = runs.some(({ key }) => key === run.key);
    store.setState({
      runs: known
        ? runs.map((other) => (other.key === run.key ? run : other))
        : [run, ...runs].sort(newestFirst),
    });
  }

  async function refresh(): Promise<void> {
    await keeping.settled();
    const storage = await keeping.opened;
    const before = caughtUp;
    const [stored, held] = await Promise.all([storage.runs(), locks.held()]);
    if (before !== caughtUp) return refresh();
    const { active, runs, removed, shown } = store.getState();
    const isHere = (key: string): boolean => key === active || unsaved.has(key);
    const hidden = new Set(removed.map(({ key }) => key));
    const theirs = stored.filter(
      ({ key, removedAt }) => removedAt === null && !isHere(key) && !hidden.has(key),
    );
    const now = theirs.map((entry) => {
      const run = withoutMark(entry);
      return isUnderway(run) && !held.has(run.key) ? abandon(run) : run;
    });
    const next = [...runs.filter(({ key }) => isHere(key)), ...now].sort(newestFirst);
    const keys = new Set(next.map(({ key }) => key));
    store.setState({ runs: next, shown: shown.filter(({ key }) => keys.has(key)) });
  }

  function setShown(shown: ReturnType<typeof withHidden>): void {
    if (shown === store.getState().shown) return;
    store.setState({ shown });
    const keys = shown.map(({ key }) => key);
    void keeping.write((storage) => storage.saveSetting(SHOWN, keys));
  }

  function show(key: string): void {
    const { shown, runs, active } = store.getState();
    setShown(withShown(shown, key, runs, active));
  }

  async function purge(key: string): Promise<void> {
    store.setState({ removed: store.getState().removed.filter((run) => run.key !== key) });
    series.forget(key);
    await keeping.write((storage) => storage.purge(key));
    tabs.changed(key);
  }

  /** What an earlier visit left: the runs, those that were on the charts, the removed ones that nobody brought back. */
  async function restore(): Promise<void> {
    const storage = await keeping.opened;
    await refresh();
    const keys = await storage.setting(SHOWN);
    if (Array.isArray(keys)) for (const key of keys) if (typeof key === 'string' && find(key)) show(key);
    for (const { key, removedAt } of await storage.runs()) {
      if (removedAt !== null && Date.now() - removedAt > STALE_MS) await purge(key);
    }
  }

  restore().catch(() => {}); // The list stays empty; writing tells what is wrong.
  tabs.listen((key) => {
    refresh().catch(() => {});
    if (key !== null && key !== store.getState().active && !unsaved.has(key)) series.reread(key);
  });

  return {
    put,
    find,
    refresh,
    async taken(prefix) {
      const storage = await keeping.opened;
      const stored = await storage.runs().catch(() => []);
      const keys = [...stored, ...store.getState().runs].map(({ key }) => key);
      return keys.filter((key) => key.startsWith(prefix));
    },
    setUnsaved(key, isUnsaved) {
      if (isUnsaved) unsaved.add(key);
      else if (unsaved.delete(key)) caughtUp++;
      store.setState({ unsaved: [...unsaved] });
    },
    show,
    hide(key) {
      const { shown, active } = store.getState();
      if (key !== active) setShown(withHidden(shown, key));
    },
    async remove(key) {
      const run = find(key);
      if (!run) return;
      const release = await locks.acquire(key);
      if (!release) {
        const message = 'Another tab trains this run: stop it there before deleting it.';
        store.setState({ startFailure: { code: 'cancelled', message } });
        return;
      }
      const { runs, removed, shown } = store.getState();
      setShown(withHidden(shown, key));
      store.setState({ runs: runs.filter((other) => other.key !== key), removed: [...removed, run] });
      await keeping.write((storage) => storage.setRemoved(key, Date.now()));
      release();
      tabs.changed(key);
      setTimeout(() => {
        if (store.getState().removed.some((other) => other.key === key)) void purge(key);
      }, UNDO_MS);
    },
    async undoRemove() {
      const { removed } = store.getState();
      const run = removed.at(-1);
      if (!run) return;
      store.setState({ removed: removed.slice(0, -1) });
      put(run);
      show(run.key);
      await keeping.write((storage) => storage.setRemoved(run.key, null));
      tabs.changed(run.key);
    },
  };
}
