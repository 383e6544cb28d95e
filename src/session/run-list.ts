// The runs of this browser: the list in the store, what is on the charts, removing with undo, other tabs.
import { digestOf } from '../core/digest.ts';
import {
  abandon,
  groupOf,
  isLinked,
  isUnderway,
  type Remarks,
  type Run,
  tidyRemarks,
} from '../experiment/run.ts';
import { slots, withColour, withHidden, withShown } from './colour-slots.ts';
import type { RunLocks } from './run-locks.ts';
import type { Series } from './series.ts';
import type { Shown, Slot } from './state.ts';
import type { StoredRun } from './storage.ts';
import type { Keeping, Store } from './store.ts';
import type { Tabs } from './surroundings.ts';

export interface RunList {
  /** Puts a run into the list, new or changed. */
  put(run: Run): void;
  find(key: string): Run | undefined;
  /**
   * Reads the list again, or the part of it whose keys begin so: another tab may have written it. Runs whose writer is
   * gone count as stopped.
   */
  refresh(prefix?: string): Promise<void>;
  /** Keys in use for a config and its data, removed runs included: the next attempt must not take one of them. */
  taken(prefix: string): Promise<readonly string[]>;
  /** What storage does not have: kept as it is here when the list is read again. */
  setUnsaved(key: string, unsaved: boolean): void;
  show(keys: readonly string[]): void;
  hide(keys: readonly string[]): void;
  release(slot: Slot): void;
  recolour(key: string, slot: Slot): void;
  remark(key: string, changes: Partial<Remarks>): void;
  remove(keys: readonly string[]): Promise<void>;
  undoRemove(): Promise<void>;
}

/** How long a removed run can be brought back: nobody has to hurry. */
export const UNDO_MS = 5 * 60_000;
/** Removed by a page that went away before its undo ran out. */
const STALE_MS = 2 * UNDO_MS;
const SHOWN = 'shown';

const newestFirst = (a: Run, b: Run): number => b.createdAt - a.createdAt || (a.key < b.key ? 1 : -1);

const withoutMark = ({ removedAt: _, ...run }: StoredRun): Run => run;

/** What was stored of the charts; before runs shared colours it was keys alone. */
function readShown(stored: unknown): readonly { readonly key: string; readonly slot: Slot | null }[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [{ key: entry, slot: null }];
    const { key, slot } = (entry ?? {}) as { readonly key?: unknown; readonly slot?: unknown };
    return typeof key === 'string' ? [{ key, slot: slots.find((one) => one === slot) ?? null }] : [];
  });
}

export function createRunList(
  store: Store,
  keeping: Keeping,
  { locks, tabs, series }: { readonly locks: RunLocks; readonly tabs: Tabs; readonly series: Series },
): RunList {
  const unsaved = new Set<string>();
  /** Grows when storage caught up with a run of this page: what was read before is out of date. */
  let caughtUp = 0;

  const find = (key: string): Run | undefined => store.getState().runs.find((run) => run.key === key);

  /** The group of any run of the list; one look through it for many keys. */
  function groups(): (key: string) => string | undefined {
    const known = new Map(store.getState().runs.map((run) => [run.key, run]));
    return (key) => {
      const run = known.get(key);
      return run && groupOf(run);
    };
  }

  function put(run: Run): void {
    const { runs } = store.getState();
    const known = runs.some(({ key }) => key === run.key);
    store.setState({
      runs: known
        ? runs.map((other) => (other.key === run.key ? run : other))
        : [run, ...runs].sort(newestFirst),
    });
  }

  async function refresh(prefix = ''): Promise<void> {
    await keeping.settled();
    const storage = await keeping.opened;
    const before = caughtUp;
    const [stored, held] = await Promise.all([storage.runs(prefix), locks.held()]);
    if (before !== caughtUp) return refresh(prefix);
    const { active, runs, removed, shown } = store.getState();
    const isHere = (one: string): boolean => one === active || unsaved.has(one) || isLinked({ key: one });
    const hidden = new Set(removed.map((run) => run.key));
    const found = new Map(stored.map((run) => [run.key, run]));
    const theirs = stored.filter((run) => run.removedAt === null && !isHere(run.key) && !hidden.has(run.key));
    const now = theirs.map((entry) => {
      const run = withoutMark(entry);
      return isUnderway(run) && !held.has(run.key) ? abandon(run) : run;
    });
    const here = runs
      .filter((run) => isHere(run.key) || !run.key.startsWith(prefix))
      .map((run) => {
        // A run that trains here is newer here, but for what another tab wrote about it.
        const remarks = found.get(run.key)?.remarks;
        return remarks && JSON.stringify(remarks) !== JSON.stringify(run.remarks) ? { ...run, remarks } : run;
      });
    const next = [...here, ...now].sort(newestFirst);
    const keys = new Set(next.map((run) => run.key));
    const left = shown.filter((one) => keys.has(one.key));
    store.setState({ runs: next, shown: left.length === shown.length ? shown : left });
  }

  function setShown(shown: readonly Shown[]): void {
    if (shown === store.getState().shown) return;
    store.setState({ shown });
    void keeping.write((storage) => storage.saveSetting(SHOWN, shown));
  }

  function show(keys: readonly string[]): void {
    setShown(withShown(store.getState().shown, keys, groups()));
  }

  async function purge(key: string): Promise<void> {
    store.setState({ removed: store.getState().removed.filter((run) => run.key !== key) });
    series.forget(key);
    await keeping.write((storage) => storage.purge(key));
    tabs.changed(key);
  }

  /** Digests of runs that an older lab stored, made one after the other. */
  async function digestOld(): Promise<void> {
    for (const { key } of store.getState().runs.filter((run) => run.digest === null && run.step > 0)) {
      const digest = digestOf(await series.once(key));
      const run = find(key);
      if (!run || run.digest !== null) continue;
      put({ ...run, digest });
      await keeping.write((storage) => storage.setDigest(key, digest));
    }
  }

  /** What an earlier visit left: the runs, those that were on the charts, the removed ones that nobody brought back. */
  async function restore(): Promise<void> {
    const storage = await keeping.opened;
    await refresh();
    const stored = readShown(await storage.setting(SHOWN));
    const own = store.getState().shown;
    const before = stored.filter(({ key }) => find(key) && own.every((one) => one.key !== key));
    const taken = new Set(own.map(({ slot }) => slot));
    const kept = before.filter(({ slot }) => slot !== null && !taken.has(slot));
    store.setState({ shown: [...own, ...kept] });
    show(before.map(({ key }) => key));
    for (const { key, removedAt } of await storage.runs()) {
      if (removedAt !== null && Date.now() - removedAt > STALE_MS) await purge(key);
    }
    await digestOld();
  }

  async function removeOne(key: string): Promise<void> {
    const run = find(key);
    if (!run) return;
    const release = await locks.acquire(key);
    if (!release) {
      const message = 'Another tab trains this run: stop it there before deleting it.';
      store.setState({ startFailure: { code: 'cancelled', message } });
      return;
    }
    setShown(withHidden(store.getState().shown, [key], groups()));
    const { runs, removed } = store.getState();
    store.setState({ runs: runs.filter((other) => other.key !== key), removed: [...removed, run] });
    await keeping.write((storage) => storage.setRemoved([key], Date.now()));
    release();
    tabs.changed(key);
    setTimeout(() => {
      if (store.getState().removed.some((other) => other.key === key)) void purge(key);
    }, UNDO_MS);
  }

  restore().catch(() => {}); // The list stays empty; writing tells what is wrong.
  tabs.listen((key) => {
    refresh(key ?? undefined).catch(() => {});
    if (key !== null && !(key in store.getState().training) && !unsaved.has(key)) series.reread(key);
  });

  return {
    put,
    find,
    refresh,
    async taken(prefix) {
      const storage = await keeping.opened;
      const stored = await storage.runs(prefix).catch(() => []);
      const keys = [...stored, ...store.getState().runs].map(({ key }) => key);
      return [...new Set(keys)].filter((key) => key.startsWith(prefix));
    },
    setUnsaved(key, isUnsaved) {
      if (isUnsaved) unsaved.add(key);
      else if (unsaved.delete(key)) caughtUp++;
      store.setState({ unsaved: [...unsaved] });
    },
    show,
    hide(keys) {
      const { shown, training } = store.getState();
      const hidden = keys.filter((key) => !(key in training));
      setShown(withHidden(shown, hidden, groups()));
    },
    release(slot) {
      const { shown } = store.getState();
      const theirs = shown.filter((one) => one.slot === slot).map(({ key }) => key);
      setShown(withHidden(shown, theirs, groups()));
    },
    recolour: (key, slot) => setShown(withColour(store.getState().shown, key, slot, groups())),
    remark(key, changes) {
      const run = find(key);
      if (!run) return;
      const remarks = tidyRemarks({ ...run.remarks, ...changes });
      put({ ...run, remarks });
      void keeping.write((storage) => storage.setRemarks(key, remarks)).then(() => tabs.changed(key));
    },
    async remove(keys) {
      for (const key of keys) await removeOne(key);
    },
    async undoRemove() {
      const { removed } = store.getState();
      if (removed.length === 0) return;
      // Nothing is deleted for good from here on; the runs show again once that is written.
      store.setState({ removed: [] });
      const keys = removed.map(({ key }) => key);
      await keeping.write((storage) => storage.setRemoved(keys, null));
      for (const run of removed) put(run);
      show(keys);
      for (const key of keys) tabs.changed(key);
    },
  };
}
