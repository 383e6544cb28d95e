// The worker's side of the protocol without a worker: commands go in by a call, events come out in a list.
import { splitRows } from '../../src/core/split.ts';
import { createCommands } from '../../src/engine/commands.ts';
import { type Device, openDevice } from '../../src/engine/device.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import type { Tools } from '../../src/engine/tools.ts';
import type { Config } from '../../src/experiment/config.ts';
import type { Command, Event } from '../../src/experiment/protocol.ts';
import { cardOf, tinyConfig, tinyDataset } from './material.ts';

export const dataset = tinyDataset();
export const card = cardOf(dataset);

export function worker(changes: Partial<Tools> = {}) {
  const events: Event[] = [];
  const devices: Device[] = [];
  const perform = createCommands({
    // Structured cloning with the transfer list is what a worker would do.
    post: (event, transfer) => events.push(structuredClone(event, { transfer: [...transfer] })),
    openDevice: async (choice) => {
      const device = await openDevice(choice);
      devices.push(device);
      return device;
    },
    loadDataset: async () => ({ dataset, card, keep: null }),
    splitRows,
    runnerMaker: () => createTfjsRunner,
    compareBackends: async () => null,
    measureSpeed: async () => ({ flopsPerSecond: 1e9, secondsPerOperation: 1e-5 }),
    ...changes,
  });
  return { events, devices, perform };
}

export const start = (runId: string, config: Config = tinyConfig(), options = {}): Command => ({
  kind: 'start',
  runId,
  config,
  options,
});
export const of = (events: readonly Event[], runId: string): Event[] =>
  events.filter((event) => 'runId' in event && event.runId === runId);
export const kinds = (events: readonly Event[]): string[] => events.map(({ kind }) => kind);
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
