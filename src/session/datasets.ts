// The datasets of this page: what the engine has loaded, what the browser keeps, what was dropped.
import { datasets } from '../catalog/datasets/index.ts';
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, LabError, toError } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { Command, Event as EngineEvent, LoadFrom, StoredDataset } from '../experiment/protocol.ts';
import type { HashOf } from '../experiment/queue.ts';
import type { DataState, LabState } from './state.ts';
import { type Keeping, type Store, until } from './store.ts';

type Id = Config['data'];
type DataEvent = Extract<EngineEvent, { kind: 'progress' | 'loaded' | 'forgotten' }>;

export interface Datasets {
  load(dataset: Id, from: LoadFrom): void;
  cancel(dataset: Id): void;
  forget(dataset: Id): Promise<void>;
  drop(files: readonly File[]): void;
  dismissDrop(): void;
  /** The card once the engine has the dataset, fetching nothing from other sites; rejects when it cannot be had. */
  ensure(dataset: Id): Promise<DatasetCard>;
  /** Loads what costs no network beyond this site: built in, generated, or kept in the browser. */
  loadQuietly(dataset: Id): void;
  /** The engine is gone with all its data. */
  onGone(): void;
  on(event: DataEvent): void;
  onFailed(dataset: Id | 'recognise', failure: Failure): void;
}

const isKnown = (id: string): id is Id => Object.hasOwn(datasets, id);

const loading = (file = ''): Extract<DataState, { status: 'loading' }> => ({
  status: 'loading',
  phase: 'read',
  file,
  done: 0,
  total: null,
  startedAt: Date.now(),
});

/** Hash of each dataset that is loaded here. */
export function hashes({ data }: Pick<LabState, 'data'>): HashOf {
  return (dataset) => {
    const state = data[dataset];
    return state?.status === 'ready' ? state.card.sha256 : null;
  };
}

export function createDatasets(
  store: Store,
  keeping: Keeping,
  post: (command: Command) => void,
  onDropped: (dataset: Id) => void,
): Datasets {
  /** Answers `cancelled` that are still to come for loads nobody waits for. */
  const echoes = new Map<Id, number>();
  /** Kept copies of this page view: there even when storing them failed. */
  const copies = new Map<Id, StoredDataset>();

  const stateOf = (dataset: Id): DataState => store.getState().data[dataset] ?? { status: 'absent' };
  const put = (dataset: Id, state: DataState): void => {
    store.setState({ data: { ...store.getState().data, [dataset]: state } });
  };
  const setKept = (dataset: Id, kept: boolean): void => {
    const others = store.getState().kept.filter((id) => id !== dataset);
    store.setState({ kept: kept ? [...others, dataset] : others });
  };

  const keptIsKnown = keeping.opened
    .then((storage) => storage.cards())
    .then((cards) => {
      for (const { id } of cards) if (isKnown(id)) setKept(id, true);
    })
    .catch(() => {}); // Unreadable: as if nothing were kept.

  function load(dataset: Id, from: LoadFrom): void {
    if (stateOf(dataset).status === 'loading') return;
    put(dataset, loading());
    post({ kind: 'load', dataset, from });
  }

  /** From this site or the browser's own copy. */
  async function loadHere(dataset: Id): Promise<void> {
    if (stateOf(dataset).status === 'loading') return;
    const storage = await keeping.opened;
    await keptIsKnown;
    if (['loading', 'ready'].includes(stateOf(dataset).status)) return;
    if (!store.getState().kept.includes(dataset)) return load(dataset, { kind: 'here' });
    put(dataset, loading());
    const stored = copies.get(dataset) ?? (await storage.dataset(dataset).catch(() => null));
    if (stored) return post({ kind: 'load', dataset, from: { kind: 'cache', stored } });
    setKept(dataset, false);
    put(dataset, {
      status: 'failed',
      failure: {
        code: 'dataset-unavailable',
        message: `The browser has deleted its copy of ${datasets[dataset].label} to make room. Get it or drop it again.`,
      },
    });
  }

  function keep(stored: StoredDataset): void {
    const { id } = stored.card;
    if (!isKnown(id)) return;
    copies.set(id, stored);
    void keeping
      .write((storage) => storage.saveDataset(stored))
      .then((written) => written && setKept(id, true));
  }

  return {
    load,
    cancel(dataset) {
      if (stateOf(dataset).status !== 'loading') return;
      post({ kind: 'cancel', dataset });
      echoes.set(dataset, (echoes.get(dataset) ?? 0) + 1);
      put(dataset, { status: 'absent' });
    },
    async forget(dataset) {
      copies.delete(dataset);
      setKept(dataset, false);
      put(dataset, { status: 'absent' });
      post({ kind: 'forget', dataset });
      await keeping.write((storage) => storage.removeDataset(dataset));
    },
    drop(files) {
      if (files.length === 0 || store.getState().drop?.status === 'loading') return;
      store.setState({ drop: loading(files[0]?.name) });
      post({ kind: 'load', dataset: 'recognise', from: { kind: 'files', files } });
    },
    dismissDrop() {
      if (store.getState().drop?.status === 'loading') post({ kind: 'cancel', dataset: 'recognise' });
      store.setState({ drop: null });
    },
    async ensure(dataset) {
      if (stateOf(dataset).status !== 'ready') await loadHere(dataset);
      return until(store, () => {
        const state = stateOf(dataset);
        if (state.status === 'failed') throw toError(state.failure);
        if (state.status === 'absent') throw new LabError('cancelled', 'Loading the dataset was cancelled.');
        return state.status === 'ready' ? state.card : undefined;
      });
    },
    loadQuietly(dataset) {
      void keptIsKnown.then(() => {
        const { origin } = datasets[dataset];
        const isHere = origin === 'built-in' || origin === 'generated';
        const free = isHere || store.getState().kept.includes(dataset);
        if (free && stateOf(dataset).status === 'absent') void loadHere(dataset);
      });
    },
    onGone() {
      echoes.clear();
      store.setState({ data: {} });
      const { drop } = store.getState();
      if (drop?.status !== 'loading') return;
      const message = 'The engine broke down while it read the files. Drop them again.';
      store.setState({ drop: { status: 'failed', failure: { code: 'internal', message } } });
    },
    on(event) {
      switch (event.kind) {
        case 'progress': {
          const { dataset, phase, file, done, total } = event;
          const { drop } = store.getState();
          if (dataset === 'recognise') {
            if (drop?.status === 'loading') store.setState({ drop: { ...drop, phase, file, done, total } });
            return;
          }
          const state = stateOf(dataset);
          // Progress after a cancel is an echo.
          if (state.status === 'loading') put(dataset, { ...state, phase, file, done, total });
          return;
        }
        case 'loaded': {
          const { card, keep: stored } = event;
          if (!isKnown(card.id)) return;
          // Nobody asked for this dataset by name, so it is what the dropped files are.
          const dropped =
            store.getState().drop?.status === 'loading' &&
            card.origin === 'file' &&
            stateOf(card.id).status !== 'loading';
          echoes.delete(card.id);
          put(card.id, { status: 'ready', card });
          if (stored) keep(stored);
          if (dropped) {
            store.setState({ drop: null });
            onDropped(card.id);
          }
          return;
        }
        case 'forgotten':
          // A load that was asked for after Forget has its own answer.
          if (stateOf(event.dataset).status === 'ready') put(event.dataset, { status: 'absent' });
          return;
        default:
          event satisfies never;
      }
    },
    onFailed(dataset, failure) {
      const cancelled = failure.code === 'cancelled';
      if (dataset === 'recognise') {
        if (store.getState().drop) store.setState({ drop: cancelled ? null : { status: 'failed', failure } });
        return;
      }
      const echo = echoes.get(dataset) ?? 0;
      if (cancelled && echo > 0) echoes.set(dataset, echo - 1);
      else if (stateOf(dataset).status === 'loading') {
        put(dataset, cancelled ? { status: 'absent' } : { status: 'failed', failure });
      }
    },
  };
}
