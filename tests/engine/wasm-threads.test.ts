// Threads: the page is isolated, helpers start and stop, and results do not depend on their number.
import { expect, test } from 'vitest';
import type { Outcome } from './wasm-threads.worker.ts';

function outcome(worker: Worker, threads: number): Promise<Outcome> {
  return new Promise<Outcome>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<Outcome & { error?: string }>) => {
      if (data.error) reject(new Error(data.error));
      else resolve(data);
    };
    worker.postMessage(threads);
  }).finally(() => worker.terminate());
}

const kernels = (): Worker =>
  new Worker(new URL('./wasm-threads.worker.ts', import.meta.url), { type: 'module' });
const runner = (): Worker =>
  new Worker(new URL('./runner-threads.worker.ts', import.meta.url), { type: 'module' });

/** How many values differ in any bit. A comparison by the test runner would print all of them. */
function differences(a: Outcome, b: Outcome): number {
  return a.values.reduce((count, value, i) => count + (Object.is(value, b.values[i]) ? 0 : 1), 0);
}

test.each([
  ['one step of every kernel', kernels],
  ['twenty steps of a run', runner],
] as const)('one, two and three threads give the same bits: %s', async (_title, make) => {
  expect(crossOriginIsolated).toBe(true);
  const one = await outcome(make(), 1);
  const two = await outcome(make(), 2);
  const three = await outcome(make(), 3);
  expect(one.values.length).toBeGreaterThan(100);
  expect(one.values.every(Number.isFinite)).toBe(true);
  expect(differences(one, two)).toBe(0);
  expect(differences(one, three)).toBe(0);
});
