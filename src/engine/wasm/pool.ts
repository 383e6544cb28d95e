// Kernels with helper threads where the page is isolated, else on this thread alone. To be used in a worker: the first
// thread is the caller's, and it may sleep while the others finish.

import type { HelperStart } from './helper.ts';
import helperUrl from './helper.ts?worker&url';
import sharedUrl from './kernels-shared.wasm?url';
import singleUrl from './kernels-single.wasm?url';
import { type Kernels, makeKernels, makeMemory } from './memory.ts';

/** More threads than this gain nothing at these sizes. */
const MOST_THREADS = 8;

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

const realm = globalThis as typeof globalThis & {
  trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
};
let policy: ScriptPolicy | undefined;

/** The worker's address as the content policy wants it: only our own script is ever passed. */
function trustedHelperUrl(): string {
  policy ??= realm.trustedTypes?.createPolicy('lab-worker', { createScriptURL: (url) => url });
  return policy ? policy.createScriptURL(helperUrl) : helperUrl;
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Threads that this page may use: the machine's cores where memory can be shared, else one. */
export function availableThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 1;
}

function startHelper(start: HelperStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(trustedHelperUrl(), { type: 'module', name: 'kernel helper' });
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(start);
  });
}

/**
 * Compiles the kernels and starts the helpers. `bytes` is room for all allocations, each rounded up as `allocationBytes`
 * says. `threads` defaults to what the page may use.
 */
export async function createPool(bytes: number, threads: number = availableThreads()): Promise<Kernels> {
  const isShared = globalThis.crossOriginIsolated && threads > 1;
  const module = await compile(isShared ? sharedUrl : singleUrl);
  const count = isShared ? threads : 1;
  const memory = makeMemory(bytes, count, isShared);
  const kernels = makeKernels(module, memory, count);
  const { control, scratch } = kernels.places;
  const helpers = await Promise.all(
    scratch.slice(1).map((own) => startHelper({ module, memory, control, scratch: own, threads: count })),
  );
  return {
    ...kernels,
    dispose: () => {
      kernels.stop();
      for (const helper of helpers) helper.terminate();
    },
  };
}
