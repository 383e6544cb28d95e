// Writing runs down: record, series tail and checkpoint together; what could not be stored stays here and is tried again.
import { digestOf } from '../core/digest.ts';
import type { Chunk, MetricLog } from '../core/metrics.ts';
import { withCheckpoint } from '../experiment/run.ts';
import type { RunList } from './run-list.ts';
import { columns, joined, type StoredCheckpoint } from './storage.ts';
import type { Keeping } from './store.ts';

/** The writing of one run for as long as it trains here. */
export interface Writing {
  /** To be stored with the next write. */
  measured(chunk: Chunk): void;
  /** The run as it is now. */
  write(): Promise<boolean>;
  checkpoint(checkpoint: StoredCheckpoint): Promise<boolean>;
  /** The last write; true when storage has all of the run. */
  finish(): Promise<boolean>;
}

export interface RunWriter {
  /** `goesOn`: the stored series may reach beyond the checkpoint, and is replaced at the first write. */
  begin(key: string, log: MetricLog, goesOn: boolean): Writing;
  /** The newest checkpoint where storage has only an older one, or none. */
  unstored(key: string): StoredCheckpoint | undefined;
}

export function createRunWriter(keeping: Keeping, runs: RunList): RunWriter {
  const unstored = new Map<string, StoredCheckpoint>();
  /** Step of the checkpoint in storage, for runs of this page view. */
  const storedSteps = new Map<string, number | null>();

  function begin(key: string, log: MetricLog, goesOn: boolean): Writing {
    let unwritten: readonly Chunk[] = [];
    /** Chunks measured and chunks in storage, counted. */
    let [measured, written] = [0, 0];
    let rewrite = goesOn;
    if (!storedSteps.has(key)) storedSteps.set(key, runs.find(key)?.checkpointStep ?? null);
    runs.setUnsaved(key, true);

    const write = (checkpoint: StoredCheckpoint | undefined): Promise<boolean> => {
      // What is measured while the write waits for its turn lies beyond the checkpoint.
      const until = measured;
      return keeping.write(async (storage) => {
        const found = runs.find(key);
        if (!found) return;
        const run = { ...found, digest: digestOf(log) };
        const count = rewrite ? unwritten.length : Math.max(0, until - written);
        const taken = unwritten.slice(0, count);
        const storedStep = checkpoint?.step ?? storedSteps.get(key) ?? null;
        await storage.save({
          run: withCheckpoint(run, storedStep),
          ...(rewrite ? { series: columns(log) } : taken.length > 0 ? { tail: joined(taken) } : {}),
          ...(checkpoint ? { checkpoint } : {}),
        });
        unwritten = unwritten.slice(count);
        written += count;
        rewrite = false;
        storedSteps.set(key, storedStep);
        const now = runs.find(key);
        if (now) runs.put({ ...now, digest: run.digest });
      });
    };

    const withUnstored = async (): Promise<boolean> => {
      const checkpoint = unstored.get(key);
      const stored = await write(checkpoint);
      if (stored && unstored.get(key) === checkpoint) unstored.delete(key);
      return stored;
    };

    return {
      measured(chunk) {
        unwritten = [...unwritten, chunk];
        measured++;
      },
      write: () => write(undefined),
      async checkpoint(checkpoint) {
        unstored.set(key, checkpoint);
        const stored = await withUnstored();
        const run = runs.find(key);
        if (run)
          runs.put({ ...withCheckpoint(run, checkpoint.step), step: Math.max(run.step, checkpoint.step) });
        return stored;
      },
      async finish() {
        const stored = (await withUnstored()) || (unstored.has(key) && (await write(undefined)));
        const complete = stored && !unstored.has(key);
        if (complete) runs.setUnsaved(key, false);
        return complete;
      },
    };
  }

  return { begin, unstored: (key) => unstored.get(key) };
}
