// What the page and the worker say to each other. Plain data only; large buffers are transferred.
// Rules (tests/experiment and tests/engine hold them): every run started is answered by exactly one `ended` or `failed`
// and nothing of that run follows it; steps rise strictly; a checkpoint precedes `ended`; the worker may be
// terminated at any moment.
import type { DatasetCard } from '../core/dataset.ts';
import type { Failure } from '../core/failure.ts';
import type { Chunk } from '../core/metrics.ts';
import type { Config, Parent } from './config.ts';
import type { KernelTuning, KernelVariants } from './kernel-tuning.ts';
import type { DeviceSpeed } from './plan.ts';
import type { Sight, SightKind, SightWish } from './sight.ts';

export const backends = ['webgpu', 'wasm', 'cpu'] as const;
export type Backend = (typeof backends)[number];
export type BackendChoice = Backend | 'auto';

/** What executes a network: whole steps compiled to our own kernels, or tfjs operations one by one. */
export const runnerNames = ['compiled', 'tfjs'] as const;
export type RunnerName = (typeof runnerNames)[number];
/** `auto`: compiled where the backend and the network have a compiled form. */
export type RunnerChoice = RunnerName | 'auto';

/** Where a run happens. Recorded with every run. */
export interface DeviceInfo {
  readonly backend: Backend;
  readonly runner: RunnerName;
  /** Threads that compute; 1 where the page may not share memory, and off the CPU. */
  readonly threads: number;
  /** "SwiftShader", "NVIDIA …": empty off the GPU. */
  readonly adapter: string;
  /** A software adapter: WebGPU works but is slower than WASM. */
  readonly fallbackAdapter: boolean;
  /** Why a faster backend or runner is not used, when it is not. */
  readonly note?: string;
  /** Of a run by the compiled runner on WebGPU: what computes its matrix products. */
  readonly kernelVariants?: KernelVariants;
}

/** How a run was executed: what a resumed or reproduced one returns to. */
export type Execution = Pick<DeviceInfo, 'backend' | 'runner' | 'threads' | 'kernelVariants'>;

export type Outcome = 'finished' | 'stopped' | 'diverged';

/** A Blob, structurally: the pure rooms know no DOM. Cheap to post: the bytes stay where they are. */
export interface BlobLike {
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * safetensors bytes of weights, buffers and slots, with step, config and data hash in the header, as Blobs of at most
 * 64 MB made in the worker; joined they are the file.
 */
export type CheckpointBytes = readonly BlobLike[];

/** One traced step: everything needed to replay it elsewhere. */
export interface TraceLine {
  readonly step: number;
  /** Rows of the full train split. */
  readonly indices: readonly number[];
  /** One draw an example (see `catalog/augmentations/augmentation.ts`): flip, x, y and, where windows are resized, width, height. */
  readonly augment: readonly (readonly number[])[] | null;
  /** λ: the share that each image keeps, the rest being the image before it in the batch (the first takes the last). */
  readonly mixup: number | null;
  /** The training objective before the update, float32. */
  readonly loss: number;
  /** task=denoise: key and lane of the generator that drew the batch's noise (`core/noise.ts`; docs/math.md). */
  readonly noise?: { readonly seed: number; readonly stream: number; readonly step: number };
  /** task=prototype: the row of the full train split that is the target of each class, null for a class without images. */
  readonly prototypes?: readonly (number | null)[];
}

export interface StartOptions {
  /** Continue from here; without it the run starts at step 0. */
  readonly from?: CheckpointBytes;
  /** The run is a fork: `from` is its own checkpoint, or that of the run it forks, at the step where it does. */
  readonly parent?: Pick<Parent, 'id' | 'step'>;
  /** Initial weights (safetensors) in place of the seeded ones; of a transfer, the weights whose body it starts from. */
  readonly init?: Uint8Array<ArrayBuffer>;
  /** Stop with a checkpoint once this many steps are done. */
  readonly untilStep?: number;
  /** Report a trace of the first n steps. */
  readonly trace?: number;
  /** Execute it as an earlier part of the run, or the run to reproduce, was; ignored on another backend. */
  readonly execution?: Execution;
  /** Without it the fixed tables decide, and nothing is measured. */
  readonly tuning?: TuningOptions;
}

export interface TuningOptions {
  /** Measured on earlier visits, on whatever adapter. */
  readonly known: readonly KernelTuning[];
  /** Measure what is not known, before the first step. */
  readonly measures: boolean;
}

/** A run to be trained. */
export interface Start {
  readonly runId: string;
  readonly config: Config;
  readonly options: StartOptions;
}

/** What runs side by side have in equal parts while they train. */
export type TurnUnit = 'step' | 'examples' | 'flops' | 'seconds';

export type Command =
  | { readonly kind: 'open'; readonly backend: BackendChoice; readonly runner: RunnerChoice }
  | ({ readonly kind: 'start' } & Start)
  /**
   * Trains runs side by side on one device: the one that is least far goes next, a piece at a time. Each is answered as
   * if it had been started alone, and computes the same bits.
   */
  | { readonly kind: 'start-together'; readonly starts: readonly Start[]; readonly by: TurnUnit }
  /** What runs side by side are to have in equal parts from now on. */
  | { readonly kind: 'turns'; readonly by: TurnUnit }
  | { readonly kind: 'stop'; readonly runId: string }
  /**
   * Asks what is to be seen of stored weights, those of `step`; answered by `inspected`, or by `failed` with
   * `inspection`. While a run trains it is answered between two pieces of steps.
   */
  | {
      readonly kind: 'inspect';
      readonly runId: string;
      readonly config: Config;
      readonly wish: SightWish;
      readonly step: number;
      readonly from: CheckpointBytes;
      readonly parent?: Pick<Parent, 'id' | 'step'>;
    }
  | { readonly kind: 'load'; readonly dataset: LoadTarget; readonly from: LoadFrom }
  | { readonly kind: 'cancel'; readonly dataset: LoadTarget }
  | { readonly kind: 'forget'; readonly dataset: Config['data'] }
  | { readonly kind: 'measure' };

/**
 * Which dataset to load. `recognise` goes with files only: the worker finds out which dataset they are and answers
 * `loaded` (the card's id says which) or `failed {dataset: 'recognise'}`.
 */
export type LoadTarget = Config['data'] | 'recognise';

/** Where a dataset comes from. */
export type LoadFrom =
  /** What needs no network beyond this site: built in, generated, or the copy that `lab data` prepared. */
  | { readonly kind: 'here' }
  /** What the page kept from an earlier download or file. */
  | { readonly kind: 'cache'; readonly stored: StoredDataset }
  | { readonly kind: 'download' }
  | { readonly kind: 'files'; readonly files: readonly PickedFile[] };

/** A dataset as the page keeps it: the card, and train images, train labels, test images, test labels joined. */
export interface StoredDataset {
  readonly card: DatasetCard;
  readonly parts: readonly BlobLike[];
}

/** A file that the user chose. */
export interface PickedFile extends BlobLike {
  readonly name: string;
  stream(): unknown;
}

/** `seconds` is training time since step 0 over all sessions of the run: checkpoints carry it, resuming goes on from it. */
export type Event =
  | { readonly kind: 'ready'; readonly device: DeviceInfo }
  | {
      readonly kind: 'started';
      readonly runId: string;
      readonly step: number;
      readonly device: DeviceInfo;
      readonly data: DatasetCard;
    }
  | {
      readonly kind: 'metrics';
      readonly runId: string;
      readonly chunk: Chunk;
      readonly step: number;
      readonly totalSteps: number | null;
    }
  | { readonly kind: 'trace'; readonly runId: string; readonly lines: readonly TraceLine[] }
  | { readonly kind: 'initial'; readonly runId: string; readonly weights: Uint8Array<ArrayBuffer> }
  /** What is to be seen at `step`: a gallery at the start and at every scoring of a run on images, and what was asked for. */
  | { readonly kind: 'inspected'; readonly runId: string; readonly step: number; readonly sight: Sight }
  | {
      readonly kind: 'checkpoint';
      readonly runId: string;
      readonly step: number;
      readonly seconds: number;
      readonly bytes: CheckpointBytes;
    }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly outcome: Outcome;
      readonly step: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'failed';
      readonly runId?: string;
      readonly dataset?: LoadTarget;
      /** The run whose weights could not be looked into, and what for. */
      readonly inspection?: { readonly runId: string; readonly sight: SightKind };
      readonly failure: Failure;
    }
  | {
      readonly kind: 'progress';
      readonly phase: 'download' | 'read' | 'verify';
      readonly dataset: LoadTarget;
      readonly file: string;
      readonly done: number;
      /** Null when the size is not known. */
      readonly total: number | null;
    }
  /** `keep`: what the page should store, when the data did not come from this site. */
  | { readonly kind: 'loaded'; readonly card: DatasetCard; readonly keep: StoredDataset | null }
  | { readonly kind: 'forgotten'; readonly dataset: Config['data'] }
  | { readonly kind: 'measured'; readonly speed: DeviceSpeed }
  /** All that is now known of the adapter: to be kept, and given back with later starts. */
  | { readonly kind: 'tuned'; readonly tuning: KernelTuning };
