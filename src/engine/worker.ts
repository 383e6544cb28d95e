// The worker's edge: messages in, events out. The only file that knows postMessage.

import { toFailure } from '../core/failure.ts';
import { splitRows } from '../core/split.ts';
import type { Command, Event } from '../experiment/protocol.ts';
import { runnerMaker } from './choose-runner.ts';
import { createCommands } from './commands.ts';
import { compareBackends } from './compare-backends.ts';
import { loadDataset } from './dataset-files/load.ts';
import { openDevice } from './device.ts';
import { measureSpeed } from './measure-speed.ts';

declare const self: DedicatedWorkerGlobalScope;

const post = (event: Event, transfer: readonly ArrayBuffer[] = []): void =>
  self.postMessage(event, [...transfer]);

const perform = createCommands({
  post,
  openDevice,
  loadDataset,
  splitRows,
  runnerMaker,
  compareBackends: (device, comparison) => compareBackends(device, comparison),
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
