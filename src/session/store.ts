// The store and what all parts of the session share.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../core/failure.ts';
import { makeConfig } from '../experiment/config.ts';
import { plan } from '../experiment/plan.ts';
import { noHistory } from './history.ts';
import type { LabState, View } from './state.ts';
import { type LabStorage, toStorageFailure } from './storage.ts';

export type Store = StoreApi<LabState>;

export const defaultView: View = {
  x: 'step',
  logX: false,
  logY: false,
  smoothing: 0.9,
  seeds: 'mean',
  multiplyAdd: 2,
};

export function createLabStore(): Store {
  const draft = makeConfig();
  return createStore<LabState>(() => ({
    page: 'train',
    subject: null,
    draft,
    fork: null,
    sweep: null,
    lesson: null,
    result: null,
    finding: null,
    history: noHistory,
    problems: [],
    readOnly: false,
    planned: { plan: plan(draft) },
    view: defaultView,
    theme: 'system',
    engine: { status: 'starting' },
    backend: 'auto',
    notify: false,
    speed: null,
    tuning: { isOn: true, known: [] },
    data: {},
    kept: [],
    drop: null,
    offer: null,
    runs: [],
    active: null,
    training: {},
    preparing: false,
    startFailure: null,
    stopping: false,
    live: null,
    unsaved: [],
    shown: [],
    sights: {},
    removed: [],
    queue: { sweeps: [], driving: false, current: null, failure: null, listed: 0 },
    measured: {},
    seriesVersion: {},
    storage: { bytes: 0, failure: null },
  }));
}

/** Waits until `select` gives something; rejects when it throws. */
export function until<T>(store: Store, select: (state: LabState) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let leave: (() => void) | undefined;
    const look = (): boolean => {
      try {
        const found = select(store.getState());
        if (found === undefined) return false;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      leave?.();
      return true;
    };
    if (!look()) leave = store.subscribe(look);
  });
}

/** The open storage, and the order in which it is written. */
export interface Keeping {
  readonly opened: Promise<LabStorage>;
  /** Does the work after all work before it. A failure is shown and gives false; training goes on. */
  write(work: (storage: LabStorage) => Promise<void>): Promise<boolean>;
  /** Once all that was asked for so far is written. */
  settled(): Promise<void>;
}

export function createKeeping(store: Store, opened: Promise<LabStorage>): Keeping {
  let queue: Promise<unknown> = opened;
  const tell = (failure: Failure | null): void => {
    const { storage } = store.getState();
    if (storage.failure !== failure) store.setState({ storage: { ...storage, failure } });
  };
  const measure = async (storage: LabStorage): Promise<void> => {
    const bytes = await storage.bytes().catch(() => store.getState().storage.bytes);
    store.setState({ storage: { ...store.getState().storage, bytes } });
  };
  void opened.then(measure);
  return {
    opened,
    write(work) {
      const done = queue.then(async () => {
        const storage = await opened;
        try {
          await work(storage);
          if (store.getState().storage.failure?.code === 'storage-full') tell(null);
          return true;
        } catch (error) {
          tell(toStorageFailure(error));
          return false;
        } finally {
          void measure(storage);
        }
      });
      queue = done;
      return done;
    },
    async settled() {
      await queue;
    },
  };
}
