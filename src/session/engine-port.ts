// The one place that names the engine's worker: a port to it, which tests replace by a scripted one.

import type { Failure } from '../core/failure.ts';
import workerUrl from '../engine/worker.ts?worker&url';
import type { Command, Event as EngineEvent } from '../experiment/protocol.ts';
import { startWorker } from './trusted-worker.ts';

/** A line to one engine. A terminated port stays silent; a fresh engine needs a fresh port. */
export interface EnginePort {
  post(command: Command): void;
  /** `onBroken`: the engine threw where nobody caught it, could not be loaded, or said something unreadable. */
  listen(onEvent: (event: EngineEvent) => void, onBroken: (failure: Failure) => void): void;
  terminate(): void;
}

const broken = (detail: string | undefined): Failure => ({
  code: 'internal',
  message: detail
    ? 'The engine broke down and was replaced. What was trained up to the last checkpoint is kept.'
    : 'The engine could not be loaded. Reload the page; if that does not help, the site is incomplete.',
  ...(detail ? { detail } : {}),
});

/** Starts a worker. */
export function createWorkerPort(): EnginePort {
  const worker = startWorker(workerUrl, 'engine');
  return {
    post: (command) => worker.postMessage(command),
    listen(onEvent, onBroken) {
      worker.onmessage = ({ data }: MessageEvent<EngineEvent>) => onEvent(data);
      worker.onerror = (event) => {
        event.preventDefault();
        onBroken(broken(event.message));
      };
      worker.onmessageerror = () => onBroken(broken('A message could not be read.'));
    },
    terminate() {
      worker.onmessage = null;
      worker.onerror = null;
      worker.onmessageerror = null;
      worker.terminate();
    },
  };
}
