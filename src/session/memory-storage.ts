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
  const change = async (key: string, changes: Partial<StoredRun>): Promise<void> => {
    const run = runs.get(key);
    if (run) runs.set(key, structuredClone({ ...run, ...changes }));
  };
  return {
    runs: async () => [...runs.values()],
    run: async (key) => runs.get(key) ?? null,
    async save({ run, tail, series: whole, checkpoint }) {
      const { removedAt = null, remarks = run.remarks } = runs.get(run.key) ?? {};
      runs.set(run.key, structuredClone({ ...run, removedAt, remarks }));
      if (whole) series.set(run.key, [whole]);
      if (tail) series.set(run.key, [...(series.get(run.key) ?? []), tail]);
      if (checkpoint) checkpoints.set(run.key, checkpoint);
    },
    series: async (key) => series.get(key) ?? [],
    checkpoint: async (key) => checkpoints.get(key) ?? null,
    setRemoved: (key, removedAt) => change(key, { removedAt }),
    setRemarks: (key, remarks) => change(key, { remarks }),
    setDigest: (key, digest) => change(key, { digest }),
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
