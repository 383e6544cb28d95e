// The real worker, over postMessage: opens, loads the built-in data, trains, measures.
import { afterAll, expect, test } from 'vitest';
import { makeConfig } from '../../src/experiment/config.ts';
import { estimateSeconds, plan } from '../../src/experiment/plan.ts';
import type { Command, Event } from '../../src/experiment/protocol.ts';

const worker = new Worker(new URL('../../src/engine/worker.ts', import.meta.url), { type: 'module' });
const events: Event[] = [];
let notify = (): void => {};
worker.addEventListener('message', ({ data }: MessageEvent<Event>) => {
  events.push(data);
  notify();
});
worker.addEventListener('error', (error) => {
  events.push({ kind: 'failed', failure: { code: 'internal', message: error.message } });
  notify();
});
afterAll(() => worker.terminate());

const post = (command: Command): void => worker.postMessage(command);

/** The next event that `isWanted` accepts; a failure rejects. */
async function until<K extends Event['kind']>(kind: K): Promise<Extract<Event, { kind: K }>> {
  while (true) {
    for (let event = events.shift(); event; event = events.shift()) {
      if (event.kind === kind) return event as Extract<Event, { kind: K }>;
      if (event.kind === 'failed') throw new Error(`${event.failure.code}: ${event.failure.message}`);
    }
    await new Promise<void>((resolve) => {
      notify = resolve;
    });
  }
}

test('the worker trains Fashion-MNIST on WASM, and knows before how long that takes', async () => {
  post({ kind: 'open', backend: 'wasm', runner: 'auto' });
  expect((await until('ready')).device).toMatchObject({ backend: 'wasm', runner: 'compiled' });
  post({ kind: 'measure' });
  const { speed } = await until('measured');
  const config = makeConfig({ 'train.epochs': 2 });
  const estimate = estimateSeconds(plan(config), speed) as number;
  post({ kind: 'start', runId: 'run', config, options: {} });
  expect(await until('started')).toMatchObject({ runId: 'run', step: 0, data: { id: 'fashion-mnist' } });
  let accuracy = 0;
  let ended: Extract<Event, { kind: 'ended' }> | null = null;
  while (!ended) {
    while (events.length === 0)
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    const event = events.shift() as Event;
    if (event.kind === 'failed') throw new Error(event.failure.message);
    if (event.kind === 'metrics') accuracy = event.chunk['test/accuracy']?.values[0] ?? accuracy;
    if (event.kind === 'ended') ended = event;
  }
  expect(ended).toMatchObject({ outcome: 'finished', step: 186 });
  expect(accuracy).toBeGreaterThan(0.75);
  // ±40 % on a quiet machine; here others may take the processor between the two.
  expect(ended.seconds / estimate).toBeGreaterThan(0.3);
  expect(ended.seconds / estimate).toBeLessThan(4);
});
