// What the worker's commands are carried out with: the worker hands in the real ones, a test its own.
import type { Dataset, DatasetCard } from '../core/dataset.ts';
import type { BackendTimings } from '../experiment/kernel-tuning.ts';
import type { DeviceSpeed } from '../experiment/plan.ts';
import type {
  BackendChoice,
  Event,
  LoadFrom,
  LoadTarget,
  RunnerChoice,
  StoredDataset,
} from '../experiment/protocol.ts';
import type { RunnerWish } from './choose-runner.ts';
import type { Comparison } from './compare-backends.ts';
import type { Device } from './device.ts';
import type { SplitRows } from './prepare.ts';
import type { RunnerMaker } from './runner.ts';

export interface Loaded {
  readonly dataset: Dataset;
  readonly card: DatasetCard;
  readonly keep: StoredDataset | null;
}

export interface LoadProgress {
  readonly phase: 'download' | 'read' | 'verify';
  readonly file: string;
  readonly done: number;
  readonly total: number | null;
}

/** What the commands are carried out with. */
export interface Tools {
  readonly post: (event: Event, transfer: readonly ArrayBuffer[]) => void;
  readonly openDevice: (choice: BackendChoice, runner: RunnerChoice) => Promise<Device>;
  readonly loadDataset: (
    id: LoadTarget,
    from: LoadFrom,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: LoadProgress) => void },
  ) => Promise<Loaded>;
  readonly splitRows: (
    labels: Uint8Array<ArrayBuffer>,
    classes: number,
    sizes: { readonly trainSize: number; readonly validationSize: number; readonly seed: number },
  ) => SplitRows;
  /** What makes the runners of a device. */
  readonly runnerMaker: (device: Device, wish: RunnerWish) => RunnerMaker;
  /** Null where nothing is known and nothing was to be measured. */
  readonly compareBackends: (device: Device, comparison: Comparison) => Promise<BackendTimings | null>;
  readonly measureSpeed: (device: Device) => Promise<DeviceSpeed>;
}
