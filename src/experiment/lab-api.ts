// What `globalThis.lab` offers: the verbs of the command line as promises. Answers are plain JSON-able data, so that
// `page.evaluate(() => lab.…)` works; large bytes come in base64 pieces (`bytes`) and go in as files.
import type { DatasetCard } from '../core/dataset.ts';
import type { Failure } from '../core/failure.ts';
import type { ScoreName } from '../core/scores.ts';
import type { Value } from '../core/setting.ts';
import type { Parent } from './config.ts';
import type { Description } from './describe.ts';
import type { KernelTuning } from './kernel-tuning.ts';
import type {
  BackendChoice,
  BlobLike,
  DeviceInfo,
  Execution,
  Outcome,
  PickedFile,
  RunnerChoice,
  TraceLine,
} from './protocol.ts';
import type { Pruned, Rival } from './prune.ts';
import type { Mark, Tally, TrialState } from './queue.ts';
import type { Remarks, RunState } from './run.ts';
import type { Cell } from './sweep/sweep.ts';
import type { Mismatch } from './sweep/trials.ts';

/** Bytes handed to the lab: the bytes, or a Blob or File. */
export type BytesLike = Uint8Array<ArrayBuffer> | BlobLike;

/** A dataset's card without its thumbnails. */
export type CardSummary = Omit<DatasetCard, 'samples'>;

/** What `bytes` can give: weights before training, weights now, weights with optimizer state; the metrics as text; the run's record. */
export type Which = 'init' | 'model' | 'average' | 'checkpoint' | 'jsonl' | 'csv' | 'json';

/**
 * The newest scores of the test images, null before the first: loss and accuracy (a fraction), or for tasks on images
 * loss, PSNR in dB and SSIM.
 */
export type TestScores = Readonly<Partial<Record<ScoreName, number | null>>>;

/** A few a second while a run trains. */
export interface TrainProgress {
  readonly step: number;
  readonly totalSteps: number | null;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly etaSeconds: number | null;
  readonly trainLoss: number | null;
  readonly test: TestScores;
}

export interface TrainOptions {
  /** Opens the engine there first; without it the backend stays as it is. */
  readonly backend?: BackendChoice;
  /** With a backend: what executes the network. */
  readonly runner?: RunnerChoice;
  /** Keep a trace of the first n steps: `lab.trace(key)`. */
  readonly trace?: number;
  /** Initial weights (safetensors) in place of the seeded ones. */
  readonly init?: BytesLike;
  /** True: go on with the stored, stopped run of this config. Bytes: go on from this checkpoint. */
  readonly resume?: true | BytesLike;
  /** Begin a new run from the stored checkpoint of this one (its key), with the link's settings. */
  readonly fork?: string;
  /** Execute it as this run was (its `device`), so that it ends with the same bits; on another backend it has no effect. */
  readonly execution?: Execution;
  /** Stop with a checkpoint once this many steps are done. */
  readonly untilStep?: number;
  /** Stop once the validation loss is more than `factor` times the best that a rival had at the same share of its budget. */
  readonly rivals?: { readonly factor: number; readonly rivals: readonly Rival[] };
  readonly onEvent?: (progress: TrainProgress) => void;
}

export interface TrainResult {
  readonly key: string;
  readonly runId: string;
  readonly outcome: Outcome | 'failed';
  readonly device: DeviceInfo | null;
  readonly steps: number;
  /** Of training, evaluation left out; over all sessions of the run. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
  readonly train: { readonly loss: number | null };
  readonly test: TestScores;
  /** Of the mean over several versions of each test image, where `evaluate.tta` asked for it. */
  readonly tta?: TestScores;
  /** Why, when the outcome is `failed`. */
  readonly failure: Failure | null;
  /** Where a rival dominated it, when it was stopped for that. */
  readonly pruned: Pruned | null;
}

export interface RunSummary {
  readonly key: string;
  readonly runId: string;
  readonly name: string;
  /** What a person wrote about it. */
  readonly remarks: Remarks;
  /** The checkpoint that a fork began from. */
  readonly parent: Parent | null;
  readonly state: RunState;
  readonly step: number;
  readonly totalSteps: number | null;
  readonly seconds: number;
  readonly createdAt: number;
  readonly device: DeviceInfo | null;
  readonly data: { readonly sha256: string; readonly order: string } | null;
  readonly checkpointStep: number | null;
  readonly failure: Failure | null;
}

/** Metric columns as plain arrays. */
export type Columns = Readonly<
  Record<string, { readonly steps: readonly number[]; readonly values: readonly number[] }>
>;

/** A trial of a queued sweep as it is now. */
export interface TrialReport {
  readonly runId: string;
  /** Where it stands in the grid. */
  readonly cells: readonly Cell[];
  readonly state: TrialState;
  /** Its run, once there is one. */
  readonly runKey: string | null;
  /** Why it failed or was given up. */
  readonly mark: Mark | null;
  readonly mismatches: readonly Mismatch[];
  /** Last value of each metric of a run that ended. */
  readonly final: Readonly<Record<string, number>> | null;
}

export interface SweepReport {
  readonly id: string;
  readonly link: string;
  readonly isPaused: boolean;
  readonly counts: Tally;
  /** Cells that cannot be trained. */
  readonly refused: readonly { readonly cell: Cell; readonly message: string }[];
  /** Cheapest first. */
  readonly trials: readonly TrialReport[];
}

export interface QueueReport {
  /** This page works the queue off. */
  readonly driving: boolean;
  /** Why it stopped by itself. */
  readonly failure: Failure | null;
  /** In the order in which they are worked off. */
  readonly sweeps: readonly SweepReport[];
}

export interface Lab {
  /** What a link costs: id, effective config, parameters, FLOPs, steps, memory, layers. Rejects when it cannot be trained. */
  describe(link: string): Promise<Description>;
  /**
   * Trains a link as a new run (or resumes one) and resolves when it ended, whatever the outcome. Rejects when nothing
   * was trained: a link that is not understood, data that is not there, another run that trains, an engine that does not open.
   */
  train(link: string, options?: TrainOptions): Promise<TrainResult>;
  /** Stops the run that trains; resolves when it has stopped. */
  stop(): Promise<void>;
  /**
   * Queues a link's sweep and works the queue off; resolves when nothing is left to train, or it was paused or stopped.
   * Rejects when the link is not understood, or a failure that would meet every trial stopped the queue.
   */
  sweep(
    link: string,
    options?: { readonly backend?: BackendChoice; readonly runner?: RunnerChoice },
  ): Promise<SweepReport>;
  /** The queue as it is kept in this browser, with every trial's state. */
  queue(): Promise<QueueReport>;
  /** Works the queue off as `sweep` does; a paused sweep goes on when it is named. */
  resumeQueue(sweep?: string): Promise<void>;
  /** Stops the queue (the trial that trains keeps its checkpoint), or lets one sweep wait. */
  pauseQueue(sweep?: string): Promise<void>;
  /** Queues failed trials again: all of a sweep, or one. */
  retryFailed(sweep: string, trial?: string): Promise<void>;
  /** Takes a sweep out of the queue; its runs stay. */
  removeSweep(sweep: string): Promise<void>;
  /** Newest first. */
  runs(): Promise<readonly RunSummary[]>;
  /** Saves a file as the Export button does. */
  export(
    key: string,
    format: 'csv' | 'jsonl' | 'json' | 'safetensors' | 'average.safetensors',
  ): Promise<void>;
  /** Opens the engine on a backend; rejects when it does not open. */
  open(backend: BackendChoice, runner?: RunnerChoice): Promise<DeviceInfo>;
  /** Whether GPU kernels are chosen by measuring, and all that was measured on this machine's GPUs: medians, samples, choices. */
  tuning(): Promise<{ readonly isOn: boolean; readonly known: readonly KernelTuning[] }>;
  /** Off: the fixed tables choose kernels, and nothing is measured before a run. */
  setTuning(isOn: boolean): Promise<void>;
  /** Everything measured. */
  metrics(key: string): Promise<Columns>;
  /** Every setting that has an effect, defaults filled in. */
  config(key: string): Promise<Readonly<Record<string, Value>>>;
  /** The traced steps of a run of this page view; empty when none was asked for. */
  trace(key: string): Promise<readonly TraceLine[]>;
  /** Safetensors bytes; `init` only for the newest run of this page view, `average` only where train.ema is on. */
  weights(key: string, which: 'init' | 'model' | 'average' | 'checkpoint'): Promise<Uint8Array<ArrayBuffer>>;
  /** A piece of a run's bytes in base64; `total` is the whole size. Pieces of a length divisible by 3 can be joined as text. */
  bytes(
    key: string,
    which: Which,
    offset?: number,
    length?: number,
  ): Promise<{ readonly total: number; readonly base64: string }>;
  /** Loads a dataset: from this site, by download, or from files. */
  load(dataset: string, from?: 'here' | 'download' | readonly PickedFile[]): Promise<CardSummary>;
  /** The card of a loaded dataset, or null. */
  data(dataset: string): Promise<CardSummary | null>;
}
