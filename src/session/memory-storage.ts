// The same storage in memory: for browsers that keep nothing (private windows), and for tests.
import type { Measurement } from '../core/measurement.ts';
import type { Chunk } from '../core/metrics.ts';
import type { StoredDataset } from '../experiment/protocol.ts';
import type { QueuedSweep } from '../experiment/queue.ts';
import {
  checkpointBytes,
  chunkBytes,
  type LabStorage,
  recordBytes,
  type StoredCheckpoint,
  type StoredRun,
} from './storage.ts';

export function createMemoryStorage(): LabStorage {
  const runs = new Map<string, StoredRun>();
  const series = new Map<string, readonly Chunk[]>();
  const checkpoints = new Map<string, StoredCheckpoint>();
  const sweeps = new Map<string, QueuedSweep>();
  const measurements = new Map<string, Measurement>();
  const datasets = new Map<string, StoredDataset>();
  const settings = new Map<string, unknown>();
  const change = async (key: string, changes: Partial<StoredRun>): Promise<void> => {
    const run = runs.get(key);
    if (run) runs.set(key, structuredClone({ ...run, ...changes }));
  };
  return {
    runs: async (prefix = '') => [...runs.values()].filter(({ key }) => key.startsWith(prefix)),
    async save({ run, tail, series: whole, checkpoint }) {
      const { removedAt = null, remarks = run.remarks } = runs.get(run.key) ?? {};
      runs.set(run.key, structuredClone({ ...run, removedAt, remarks }));
      if (whole) series.set(run.key, [whole]);
      if (tail) series.set(run.key, [...(series.get(run.key) ?? []), tail]);
      if (checkpoint) checkpoints.set(run.key, checkpoint);
    },
    series: async (key) => series.get(key) ?? [],
    checkpoint: async (key) => checkpoints.get(key) ?? null,
    async setRemoved(keys, removedAt) {
      for (const key of keys) await change(key, { removedAt });
    },
    setRemarks: (key, remarks) => change(key, { remarks }),
    setDigest: (key, digest) => change(key, { digest }),
    async dropCheckpoint(key) {
      checkpoints.delete(key);
      await change(key, { checkpointStep: null });
    },
    async purge(key) {
      runs.delete(key);
      series.delete(key);
      checkpoints.delete(key);
      measurements.delete(key);
    },
    sweeps: async () => [...sweeps.values()],
    async changeSweep(id, change) {
      const changed = change(sweeps.get(id) ?? null);
      if (changed) sweeps.set(id, changed);
      else sweeps.delete(id);
      return changed;
    },
    measurement: async (runKey) => measurements.get(runKey) ?? null,
    async saveMeasurement(measurement) {
      measurements.set(measurement.key, measurement);
    },
    cards: async () => [...datasets.values()].map(({ card }) => card),
    dataset: async (id) => datasets.get(id) ?? null,
    async saveDataset(stored) {
      datasets.set(stored.card.id, stored);
    },
    async removeDataset(id) {
      datasets.delete(id);
    },
    setting: async (name) => settings.get(name),
    async saveSetting(name, value) {
      settings.set(name, value);
    },
    clearSettings: async () => settings.clear(),
    async usage() {
      const count = <T>(list: Iterable<T>, bytes: (one: T) => number) =>
        [...list].reduce((sum, one) => ({ count: sum.count + 1, bytes: sum.bytes + bytes(one) }), {
          count: 0,
          bytes: 0,
        });
      const records = count(runs.values(), recordBytes);
      const measured = count([...series.values()].flat(), chunkBytes);
      return {
        runs: { count: records.count, bytes: records.bytes + measured.bytes },
        checkpoints: count(checkpoints.values(), checkpointBytes),
        datasets: count(datasets.values(), ({ card }) => card.bytes),
        settings: count(settings.values(), recordBytes),
      };
    },
    bytes: async () => [...datasets.values()].reduce((sum, { card }) => sum + card.bytes, 0),
    close() {},
  };
}
