// A run's life as a pure state machine: what the worker reports moves it from state to state.
import type { DatasetCard, DatasetFacts } from '../core/dataset.ts';
import type { Failure } from '../core/failure.ts';
import type { Config } from './config.ts';
import type { DeviceInfo, Event } from './protocol.ts';

export type RunState = 'queued' | 'running' | 'finished' | 'stopped' | 'diverged' | 'failed';

/** The data that a run trains on. */
export interface RunData {
  readonly sha256: string;
  readonly order: string;
  /** Missing in runs that were stored before it was recorded: their data has the catalog's facts. */
  readonly facts?: DatasetFacts;
}

export function runDataOf({ sha256, order, shape, classes, train, test }: DatasetCard): RunData {
  return { sha256, order, facts: { shape, classes, train, test } };
}

export interface Run {
  /** `id` of the config, then the data hash, then the attempt: the key in the store. */
  readonly key: string;
  readonly id: string;
  readonly config: Config;
  readonly name: string;
  readonly state: RunState;
  readonly step: number;
  readonly totalSteps: number | null;
  /** Seconds of training, over all sessions of the run. */
  readonly seconds: number;
  readonly createdAt: number;
  readonly device: DeviceInfo | null;
  readonly data: RunData | null;
  readonly failure: Failure | null;
  /** Step of the newest checkpoint in the store; null: none. */
  readonly checkpointStep: number | null;
}

/** Can it go on from a checkpoint? */
export function isResumable(run: Run): boolean {
  return (run.state === 'stopped' || run.state === 'failed') && run.checkpointStep !== null;
}

/** Nothing can follow. */
export function isOver(run: Run): boolean {
  return run.state === 'finished' || run.state === 'diverged';
}

/** Asked for and not ended: it has a worker, or waits for one. */
export function isUnderway(run: Run): boolean {
  return run.state === 'queued' || run.state === 'running';
}

/** The run about to go on from a checkpoint at `step`; a run that is over or underway stays as it is. */
export function requeue(run: Run, step: number): Run {
  if (isOver(run) || isUnderway(run)) return run;
  return { ...run, state: 'queued', step, failure: null };
}

/** The run once a checkpoint of `step` is stored; `null`: the stored one is gone. */
export function withCheckpoint(run: Run, step: number | null): Run {
  return { ...run, checkpointStep: step };
}

/** The run when whoever trained it is gone without a word: back to its last checkpoint. */
export function abandon(run: Run, failure: Failure | null = null): Run {
  if (!isUnderway(run)) return run;
  return { ...run, state: failure ? 'failed' : 'stopped', step: run.checkpointStep ?? 0, failure };
}

/**
 * The run after an event of the worker. Events of other runs, and events after the end, change nothing; steps and
 * seconds never fall. A checkpoint counts (`withCheckpoint`) only once it is stored.
 */
export function advance(run: Run, event: Event): Run {
  if (!('runId' in event) || event.runId !== run.key || !isUnderway(run)) return run;
  switch (event.kind) {
    case 'started':
      if (run.state !== 'queued') return run;
      return {
        ...run,
        state: 'running',
        step: event.step,
        device: event.device,
        data: runDataOf(event.data),
        failure: null,
      };
    case 'metrics':
      return { ...run, step: Math.max(run.step, event.step), totalSteps: event.totalSteps };
    case 'checkpoint':
      return { ...run, step: Math.max(run.step, event.step), seconds: Math.max(run.seconds, event.seconds) };
    case 'ended':
      return {
        ...run,
        state: event.outcome,
        step: Math.max(run.step, event.step),
        seconds: Math.max(run.seconds, event.seconds),
      };
    case 'failed':
      return { ...run, state: 'failed', failure: event.failure };
    case 'trace':
    case 'initial':
      return run;
    default:
      throw event satisfies never;
  }
}
