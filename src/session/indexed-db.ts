// Storage in IndexedDB. One transaction a write: a run's record, its series tail and its checkpoint appear together.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { LabError } from '../core/failure.ts';
import type { Measurement } from '../core/measurement.ts';
import type { Chunk } from '../core/metrics.ts';
import { plan } from '../experiment/plan.ts';
import type { StoredDataset } from '../experiment/protocol.ts';
import type { QueuedSweep } from '../experiment/queue.ts';
import { costOf, noRemarks, type RunCost } from '../experiment/run.ts';
import {
  checkpointBytes,
  chunkBytes,
  type LabStorage,
  type Progress,
  recordBytes,
  type StoredCheckpoint,
  type StoredRun,
} from './storage.ts';

interface Schema extends DBSchema {
  runs: { key: string; value: StoredRun };
  /** Segments of the metric columns; a segment is appended at each write. */
  series: { key: [runKey: string, sequence: number]; value: Chunk };
  /** The newest one of each run: putting it replaces the one before in the same transaction. */
  checkpoints: { key: string; value: StoredCheckpoint };
  sweeps: { key: string; value: QueuedSweep };
  /** By the run's key; made again from its series where it is missing. */
  measurements: { key: string; value: Measurement };
  datasets: { key: string; value: StoredDataset };
  settings: { key: string; value: unknown };
}

/** Raise with every change of the schema, and add the step to `upgrade`. */
const SCHEMA_VERSION = 3;

type Upgrade = IDBPTransaction<Schema, ArrayLike<StoreNames<Schema>>, 'versionchange'>;

async function upgrade(
  database: IDBPDatabase<Schema>,
  from: number,
  _to: number | null,
  transaction: Upgrade,
): Promise<void> {
  if (from < 1) {
    for (const name of ['runs', 'series', 'checkpoints', 'datasets', 'settings'] as const) {
      database.createObjectStore(name);
    }
  } else if (from < 2) {
    // Runs got remarks, the checkpoint they forked from, what their plan said, and a digest (made when it is wanted).
    let cursor = await transaction.objectStore('runs').openCursor();
    while (cursor) {
      const run = cursor.value;
      await cursor.update({ ...run, remarks: noRemarks, parent: null, cost: plannedCost(run), digest: null });
      cursor = await cursor.continue();
    }
  }
  if (from < 3) for (const name of ['sweeps', 'measurements'] as const) database.createObjectStore(name);
}

function plannedCost({ config, data }: StoredRun): RunCost | null {
  try {
    return costOf(plan(config, data?.facts));
  } catch {
    return null; // Made for a dropped file with other counts, or by a lab that knew other settings.
  }
}

/** Records read at once: a list of thousands is read in pieces, so that none holds up the page. */
const PIECE = 250;

const segments = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, []]);

/** Rejects where the browser has no IndexedDB, or a newer lab has upgraded it. */
export async function openIndexedDb(name = 'mlp-lab'): Promise<LabStorage> {
  let closed: string | null = null;
  const database = await openDB<Schema>(name, SCHEMA_VERSION, {
    upgrade,
    // A newer lab in another tab wants to change the schema: make way, and write nothing from here on.
    blocking() {
      closed =
        'A newer version of the lab is open in another tab: this tab stores nothing any more. Reload it.';
      database.close();
    },
    terminated() {
      closed = 'The browser closed this site’s storage: nothing more is stored. Reload the page.';
    },
  });
  const open = (): IDBPDatabase<Schema> => {
    if (closed !== null) throw new LabError('internal', closed);
    return database;
  };

  async function save({ run, tail, series, checkpoint }: Progress): Promise<void> {
    const transaction = open().transaction(['runs', 'series', 'checkpoints'], 'readwrite');
    const written = async (): Promise<void> => {
      const runs = transaction.objectStore('runs');
      const stored = transaction.objectStore('series');
      const before = await runs.get(run.key);
      const { removedAt = null, remarks = run.remarks } = before ?? {};
      await runs.put({ ...run, removedAt, remarks }, run.key);
      if (series) {
        await stored.delete(segments(run.key));
        await stored.put(series, [run.key, 0]);
      }
      if (tail) {
        const newest = await stored.openKeyCursor(segments(run.key), 'prev');
        await stored.put(tail, [run.key, newest ? newest.key[1] + 1 : 0]);
      }
      if (checkpoint) await transaction.objectStore('checkpoints').put(checkpoint, run.key);
    };
    const [puts, done] = await Promise.allSettled([written().catch(abort(transaction)), transaction.done]);
    if (done.status === 'rejected') {
      // A full disk shows at the commit; anything else at the put, after which `done` says only "aborted".
      const full = (done.reason as { name?: unknown } | null)?.name === 'QuotaExceededError';
      throw full || puts.status === 'fulfilled' ? done.reason : puts.reason;
    }
  }

  async function runs(prefix = ''): Promise<readonly StoredRun[]> {
    const found: StoredRun[] = [];
    for (let after: string | undefined; ; after = found.at(-1)?.key) {
      const rest = IDBKeyRange.bound(after ?? prefix, `${prefix}\uffff`, after !== undefined);
      const piece = await open().getAll('runs', rest, PIECE);
      found.push(...piece);
      if (piece.length < PIECE) return found;
    }
  }

  async function change(keys: readonly string[], changes: Partial<StoredRun>): Promise<void> {
    const transaction = open().transaction('runs', 'readwrite');
    for (const key of keys) {
      const run = await transaction.store.get(key);
      if (run) await transaction.store.put({ ...run, ...changes }, key);
    }
    await transaction.done;
  }

  /** Counts one record after the other: no store is read as a whole. */
  async function counted<S extends 'runs' | 'series' | 'checkpoints' | 'datasets' | 'settings'>(
    name: S,
    bytes: (value: Schema[S]['value']) => number,
  ): Promise<{ readonly count: number; readonly bytes: number }> {
    const sum = { count: 0, bytes: 0 };
    let cursor = await open().transaction(name).store.openCursor();
    while (cursor) {
      sum.count++;
      sum.bytes += bytes(cursor.value);
      cursor = await cursor.continue();
    }
    return sum;
  }

  return {
    runs,
    save,
    series: async (key) => open().getAll('series', segments(key)),
    checkpoint: async (key) => (await open().get('checkpoints', key)) ?? null,
    setRemoved: (keys, removedAt) => change(keys, { removedAt }),
    setRemarks: (key, remarks) => change([key], { remarks }),
    setDigest: (key, digest) => change([key], { digest }),
    async dropCheckpoint(key) {
      const transaction = open().transaction(['runs', 'checkpoints'], 'readwrite');
      const runs = transaction.objectStore('runs');
      const run = await runs.get(key);
      if (run) await runs.put({ ...run, checkpointStep: null }, key);
      await transaction.objectStore('checkpoints').delete(key);
      await transaction.done;
    },
    async purge(key) {
      const transaction = open().transaction(['runs', 'series', 'checkpoints', 'measurements'], 'readwrite');
      await Promise.all([
        transaction.objectStore('measurements').delete(key),
        transaction.objectStore('runs').delete(key),
        transaction.objectStore('series').delete(segments(key)),
        transaction.objectStore('checkpoints').delete(key),
        transaction.done,
      ]);
    },
    sweeps: async () => open().getAll('sweeps'),
    async changeSweep(id, change) {
      const transaction = open().transaction('sweeps', 'readwrite');
      const changed = change((await transaction.store.get(id)) ?? null);
      await (changed ? transaction.store.put(changed, id) : transaction.store.delete(id));
      await transaction.done;
      return changed;
    },
    measurement: async (runKey) => (await open().get('measurements', runKey)) ?? null,
    async saveMeasurement(measurement) {
      await open().put('measurements', measurement, measurement.key);
    },
    cards: async () => (await open().getAll('datasets')).map(({ card }) => card),
    dataset: async (id) => (await open().get('datasets', id)) ?? null,
    async saveDataset(stored) {
      await open().put('datasets', stored, stored.card.id);
    },
    removeDataset: async (id) => open().delete('datasets', id),
    setting: async (name) => open().get('settings', name),
    async saveSetting(name, value) {
      await open().put('settings', value, name);
    },
    clearSettings: async () => open().clear('settings'),
    async usage() {
      const records = await counted('runs', recordBytes);
      const measured = await counted('series', chunkBytes);
      return {
        runs: { count: records.count, bytes: records.bytes + measured.bytes },
        checkpoints: await counted('checkpoints', checkpointBytes),
        datasets: await counted('datasets', ({ card }) => card.bytes),
        settings: await counted('settings', recordBytes),
      };
    },
    bytes: async () => (await navigator.storage?.estimate())?.usage ?? 0,
    close() {
      closed ??= 'The storage was closed.';
      database.close();
    },
  };
}

/** Aborts with the error that a request gave, where the transaction has not already aborted by itself. */
function abort(transaction: { abort(): void }): (reason: unknown) => never {
  return (reason) => {
    try {
      transaction.abort();
    } catch {
      // It has: `done` carries the reason.
    }
    throw reason;
  };
}
