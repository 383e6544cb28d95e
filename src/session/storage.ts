// What is kept between visits, as an interface: IndexedDB in the browser, memory where there is none and in tests.
import type { DatasetCard } from '../core/dataset.ts';
import type { Digest } from '../core/digest.ts';
import { type Failure, LabError, toFailure } from '../core/failure.ts';
import type { Measurement } from '../core/measurement.ts';
import { type Chunk, createMetricLog, type MetricLog } from '../core/metrics.ts';
import type { CheckpointBytes, StoredDataset } from '../experiment/protocol.ts';
import type { QueuedSweep } from '../experiment/queue.ts';
import type { Remarks, Run } from '../experiment/run.ts';

/** A run as stored. `removedAt`: deleted, but undo may still bring it back. */
export interface StoredRun extends Run {
  readonly removedAt: number | null;
}

export interface StoredCheckpoint {
  readonly step: number;
  readonly bytes: CheckpointBytes;
}

/** What of a run is written together: all of it or nothing. */
export interface Progress {
  readonly run: Run;
  /** Measured since the last write; appended. */
  readonly tail?: Chunk;
  /** Replaces everything measured so far. */
  readonly series?: Chunk;
  /** Replaces the checkpoint before it. */
  readonly checkpoint?: StoredCheckpoint;
}

/** What is kept, by kind: records with their series, checkpoints, datasets, and what the page remembers. */
export const storedKinds = ['runs', 'checkpoints', 'datasets', 'settings'] as const;
export type StoredKind = (typeof storedKinds)[number];

/** Bytes are those of the content: what the browser adds is not in them. */
export type Usage = Readonly<Record<StoredKind, { readonly count: number; readonly bytes: number }>>;

/** Bytes of a plain record, as text. */
export const recordBytes = (record: unknown): number => JSON.stringify(record)?.length ?? 0;

export function chunkBytes(chunk: Chunk): number {
  return Object.values(chunk).reduce(
    (sum, { steps, values }) => sum + steps.byteLength + values.byteLength,
    0,
  );
}

export const checkpointBytes = ({ bytes }: StoredCheckpoint): number =>
  bytes.reduce((sum, { size }) => sum + size, 0);

/** Every method rejects with a LabError; nothing is half written. */
export interface LabStorage {
  /** Those whose key begins so; without it all of them. */
  runs(prefix?: string): Promise<readonly StoredRun[]>;
  /** What was written of the run meanwhile by `setRemoved` and `setRemarks` stays as it is. */
  save(progress: Progress): Promise<void>;
  /** Everything measured, in order; empty when nothing is stored. */
  series(key: string): Promise<readonly Chunk[]>;
  /** The newest checkpoint; null when there is none, or none any more. */
  checkpoint(key: string): Promise<StoredCheckpoint | null>;
  /** Marks runs as removed, or takes the mark off: all of them or none. */
  setRemoved(keys: readonly string[], at: number | null): Promise<void>;
  setRemarks(key: string, remarks: Remarks): Promise<void>;
  setDigest(key: string, digest: Digest): Promise<void>;
  /** Deletes the checkpoint of a run: it can no longer go on. */
  dropCheckpoint(key: string): Promise<void>;
  /** Deletes a run with all that belongs to it. */
  purge(key: string): Promise<void>;
  sweeps(): Promise<readonly QueuedSweep[]>;
  /** Changes a sweep from what is stored (null: nothing is); null takes it out. Gives what is stored now. */
  changeSweep(
    id: string,
    change: (stored: QueuedSweep | null) => QueuedSweep | null,
  ): Promise<QueuedSweep | null>;
  /** Of a run that ended; null when it was not kept. */
  measurement(runKey: string): Promise<Measurement | null>;
  saveMeasurement(measurement: Measurement): Promise<void>;
  cards(): Promise<readonly DatasetCard[]>;
  dataset(id: string): Promise<StoredDataset | null>;
  saveDataset(stored: StoredDataset): Promise<void>;
  removeDataset(id: string): Promise<void>;
  /** Undefined when never set. */
  setting(name: string): Promise<unknown>;
  saveSetting(name: string, value: unknown): Promise<void>;
  /** Forgets all settings. */
  clearSettings(): Promise<void>;
  usage(): Promise<Usage>;
  /** Bytes that this site takes up in the browser. */
  bytes(): Promise<number>;
  close(): void;
}

/** Any error of a store as data; a full disk gets its own code. */
export function toStorageFailure(thrown: unknown): Failure {
  const name = (thrown as { name?: unknown } | null)?.name;
  if (name === 'QuotaExceededError') {
    return {
      code: 'storage-full',
      message:
        'The browser gives this site no more space: the newest progress is not stored. Training goes on and the last stored checkpoint is kept. Delete runs or forget a dataset to make room.',
    };
  }
  if (thrown instanceof LabError) return toFailure(thrown);
  const { message } = toFailure(thrown);
  return { code: 'internal', message: 'The browser could not store the newest progress.', detail: message };
}

/** Several chunks, in order, as one. */
export function joined(chunks: readonly Chunk[]): Chunk {
  const log = createMetricLog();
  for (const chunk of chunks) log.append(chunk);
  return columns(log);
}

/** Everything in a log, copied. */
export function columns(log: MetricLog): Chunk {
  return Object.fromEntries(
    log.names().map((name) => {
      const { steps, values } = log.column(name);
      return [name, { steps: steps.slice(), values: values.slice() }];
    }),
  );
}
