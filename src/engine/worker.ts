// The worker's edge: messages in, events out. The only file that knows postMessage.

import { toFailure } from '../core/failure.ts';
import { splitRows } from '../core/split.ts';
import type { Command, Event } from '../experiment/protocol.ts';
import { createCommands } from './commands.ts';
import { loadDataset } from './dataset-files/load.ts';
import { type Device, openDevice } from './device.ts';
import { measureSpeed } from './measure-speed.ts';
import type { RunnerMaker } from './runner.ts';
import { createTfjsRunner } from './tfjs/runner.ts';
import { createWasmRunner } from './wasm/runner.ts';
import { createWebgpuRunner } from './webgpu/runner.ts';

declare const self: DedicatedWorkerGlobalScope;

const post = (event: Event, transfer: readonly ArrayBuffer[] = []): void =>
  self.postMessage(event, [...transfer]);
function runnerMaker({ info, gpu }: Device): RunnerMaker {
  if (info.runner === 'tfjs') return createTfjsRunner;
  return gpu ? (job, state) => createWebgpuRunner(gpu, job, state) : createWasmRunner;
}

const perform = createCommands({
  post,
  openDevice,
  loadDataset,
  splitRows,
  runnerMaker,
  measureSpeed: (device) => measureSpeed(device, runnerMaker(device)),
});

self.addEventListener('message', (message: MessageEvent<Command>) => {
  void perform(message.data);
});
self.addEventListener('unhandledrejection', (rejection) => {
  rejection.preventDefault();
  post({ kind: 'failed', failure: toFailure(rejection.reason) });
});
self.addEventListener('error', (error) => {
  error.preventDefault();
  post({ kind: 'failed', failure: toFailure(error.error ?? error.message) });
});
