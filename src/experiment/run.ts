// A run's life as a pure state machine: what the worker reports moves it from state to state.
import type { Failure } from '../core/failure.ts';
import type { Config } from './config.ts';
import type { DeviceInfo, Event } from './protocol.ts';

export type RunState = 'queued' | 'running' | 'finished' | 'stopped' | 'diverged' | 'failed';

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
  readonly data: { readonly sha256: string; readonly order: string } | null;
  readonly failure: Failure | null;
  /** Step of the newest checkpoint in the store; null: none. */
  readonly checkpointStep: number | null;
}

/** Can it go on from a checkpoint? */
export function isResumable(run: Run): boolean {
  return (run.state === 'stopped' || run.state === 'failed') && run.checkpointStep !== null;
}

export function isOver(run: Run): boolean {
  return run.state === 'finished' || run.state === 'diverged';
}

/** The run after an event of the worker. Events of other runs, and events after the end, change nothing. */
export function advance(run: Run, event: Event, runKey: string): Run {
  if (!('runId' in event) || event.runId !== runKey) return run;
  if (event.kind !== 'started' && run.state !== 'running' && run.state !== 'queued') return run;
  switch (event.kind) {
    case 'started':
      return {
        ...run,
        state: 'running',
        step: event.step,
        device: event.device,
        data: { sha256: event.data.sha256, order: event.data.order },
        failure: null,
      };
    case 'metrics':
      return { ...run, step: event.step, totalSteps: event.totalSteps };
    case 'checkpoint':
      return { ...run, checkpointStep: event.step };
    case 'ended':
      return { ...run, state: event.outcome, step: event.step, seconds: run.seconds + event.seconds };
    case 'failed':
      return { ...run, state: 'failed', failure: event.failure };
    case 'trace':
    case 'initial':
      return run;
    default:
      throw event satisfies never;
  }
}
