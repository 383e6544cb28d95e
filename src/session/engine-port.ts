// The one place that names the worker: a port to it, which tests replace by a scripted one.

import type { Failure } from '../core/failure.ts';
import workerUrl from '../engine/worker.ts?worker&url';
import type { Command, Event as EngineEvent } from '../experiment/protocol.ts';

/** A line to one engine. A terminated port stays silent; a fresh engine needs a fresh port. */
export interface EnginePort {
  post(command: Command): void;
  /** `onBroken`: the engine threw where nobody caught it, could not be loaded, or said something unreadable. */
  listen(onEvent: (event: EngineEvent) => void, onBroken: (failure: Failure) => void): void;
  terminate(): void;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** The page's policy asks for Trusted Types: the only script address that this page ever blesses is its worker's. */
function trustedWorkerUrl(): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return workerUrl;
  policy ??= trustedTypes.createPolicy('lab-worker', {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError(`${url} is not the lab's worker`);
      return url;
    },
  });
  return policy.createScriptURL(workerUrl) as string;
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

const broken = (detail: string | undefined): Failure => ({
  code: 'internal',
  message: detail
    ? 'The engine broke down and was replaced. What was trained up to the last checkpoint is kept.'
    : 'The engine could not be loaded. Reload the page; if that does not help, the site is incomplete.',
  ...(detail ? { detail } : {}),
});

/** Starts a worker. */
export function createWorkerPort(): EnginePort {
  const worker = new Worker(trustedWorkerUrl(), { type: 'module', name: 'engine' });
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
