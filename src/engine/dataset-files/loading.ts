// What accompanies one loading: cancelling, breathing, progress a few times a second, and fetch.
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import { LabError } from '../../core/failure.ts';
import type { Pause } from '../../core/files/byte-reader.ts';

export interface LoadProgress {
  readonly phase: 'download' | 'read' | 'verify';
  readonly file: string;
  /** Bytes. */
  readonly done: number;
  /** Bytes, or null where the size is not known. */
  readonly total: number | null;
}

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** For tests: what stands in for the network. */
  readonly fetch?: typeof fetch;
  /** For tests: what stands in for the catalog's entry. */
  readonly entry?: DatasetEntry;
  /** Address of the page, with a slash at the end, below which `datasets/<id>/…` lies. */
  readonly pageBase?: string;
  /** A response without a byte for so long has failed. */
  readonly stallMs?: number;
}

export interface Loading {
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly pageBase: string;
  readonly stallMs: number;
  /** Throws `cancelled` where the signal says so; lets the thread's other work happen every 30 ms. */
  readonly pause: Pause;
  readonly progress: (progress: LoadProgress) => void;
}

const BREATH_MS = 30;
const PROGRESS_MS = 100;
const STALL_MS = 30_000;

export function beginLoading(label: string, options: LoadOptions): Loading {
  const { signal, onProgress } = options;
  let breathed = performance.now();
  let told = { key: '', at: 0 };
  return {
    signal,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    pageBase: options.pageBase ?? defaultPageBase(),
    stallMs: options.stallMs ?? STALL_MS,
    pause: async () => {
      throwIfCancelled(signal, label);
      if (performance.now() - breathed < BREATH_MS) return;
      await new Promise<void>((done) => setTimeout(done, 0));
      breathed = performance.now();
      throwIfCancelled(signal, label);
    },
    progress: (progress) => {
      const key = `${progress.phase} ${progress.file}`;
      const now = performance.now();
      if (key === told.key && now - told.at < PROGRESS_MS && progress.done !== progress.total) return;
      told = { key, at: now };
      onProgress(progress);
    },
  };
}

export function throwIfCancelled(signal: AbortSignal, label: string): void {
  if (signal.aborted) throw new LabError('cancelled', `Loading ${label} was cancelled.`);
}

/** A built page with a relative base keeps its scripts in `assets/`, one below the page; otherwise the base is a path. */
function defaultPageBase(): string {
  const base = import.meta.env.BASE_URL;
  return base.startsWith('.')
    ? new URL('../', import.meta.url).href
    : new URL(base, self.location.origin).href;
}
