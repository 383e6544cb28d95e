// What executes a network on a device. The training loop knows only this; `tfjs/` is the first runner.

import type { Dataset } from '../core/dataset.ts';
import type { Layer } from '../core/layers.ts';
import type { NamedTensor } from '../core/safetensors.ts';
import type { Config } from '../experiment/config.ts';
import type { DeviceInfo } from '../experiment/protocol.ts';
import type { Batches } from './batches.ts';

/** What a runner is made for. */
export interface Job {
  readonly config: Config;
  readonly layers: readonly Layer[];
  readonly dataset: Dataset;
  readonly batches: Batches;
  /** Mean and standard deviation a channel, for pixels in [0, 1]; 0 and 1 in tasks on images. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** classes × features pixels in [0, 1], where the task asks for prototypes. */
  readonly prototypes: Float32Array<ArrayBuffer> | null;
}

/** What steps left on the device since the last read, in order. */
export interface Readings {
  /** The objective before each update, float32. */
  readonly losses: readonly number[];
  /** Length of the gradient of all trainable parameters, before clipping, where it was asked for. */
  readonly norms: readonly number[];
  /** With micro-batches: mean over those of a step of the squared length of their gradients; else nothing. */
  readonly squares: readonly number[];
}

/** Rows of one split to be scored. */
export interface Rows {
  readonly split: 'train' | 'test';
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Scores the averaged weights, with the running statistics of the network. */
  readonly isAveraged?: boolean;
  /** Enters the network in place of the rows' images: rows × features, normalised. Not in tasks on images. */
  readonly given?: Float32Array<ArrayBuffer>;
}

/** State in the official layout: tensors by their names in PyTorch, what is kept beside as `optimizer.<slot>.<tensor>`. */
export interface Runner {
  /** What computes: recorded with the run. */
  readonly execution: Pick<DeviceInfo, 'runner' | 'threads' | 'kernelVariants' | 'note'>;
  /**
   * Enqueues the update after `step` finished ones (the batch of `step`, counted from 0), at learning rate `rate`.
   * Nothing is read back. `wantsNorm` asks for the gradient's length.
   */
  step(step: number, rate: number, wantsNorm: boolean): void;
  /** Waits for the steps so far and gives what they left. Throws LabError where the device failed. */
  read(): Promise<Readings>;
  /**
   * rows × outputs with running statistics, for at most a few thousand rows at once: logits, or pixels after the
   * sigmoid in tasks on images.
   */
  outputs(rows: Rows): Promise<Float32Array>;
  /** All of the state, or the tensors of these names. */
  exportState(names?: ReadonlySet<string>): Promise<NamedTensor[]>;
  /** Bytes on the device. */
  bytes(): number;
  dispose(): void;
}

/** Makes a runner whose state is `state`: all tensors of the layers, and slots or none (they start at zero). */
export type RunnerMaker = (job: Job, state: ReadonlyMap<string, NamedTensor>) => Promise<Runner>;
