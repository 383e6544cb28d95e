// The same storage in memory: for browsers that keep nothing (private windows), and for tests.
import type { Chunk } from '../core/metrics.ts';
import type { StoredDataset } from '../experiment/protocol.ts';
import type { LabStorage, StoredCheckpoint, StoredRun } from './storage.ts';

export function createMemoryStorage(): LabStorage {
  const runs = new Map<string, StoredRun>();
  const series = new Map<string, readonly Chunk[]>();
  const checkpoints = new Map<string, StoredCheckpoint>();
  const datasets = new Map<string, StoredDataset>();
  const settings = new Map<string, unknown>();
  return {
    runs: async () => [...runs.values()],
    async save({ run, tail, series: whole, checkpoint }) {
      runs.set(run.key, structuredClone({ ...run, removedAt: runs.get(run.key)?.removedAt ?? null }));
      if (whole) series.set(run.key, [whole]);
      if (tail) series.set(run.key, [...(series.get(run.key) ?? []), tail]);
      if (checkpoint) checkpoints.set(run.key, checkpoint);
    },
    series: async (key) => series.get(key) ?? [],
    checkpoint: async (key) => checkpoints.get(key) ?? null,
    async setRemoved(key, at) {
      const run = runs.get(key);
      if (run) runs.set(key, { ...run, removedAt: at });
    },
    async purge(key) {
      runs.delete(key);
      series.delete(key);
      checkpoints.delete(key);
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
    bytes: async () => [...datasets.values()].reduce((sum, { card }) => sum + card.bytes, 0),
    close() {},
  };
}
