// What executes a run: in words, the same on the screen and in the terminal, and as what a later part returns to.
import type { DeviceInfo, Execution } from './protocol.ts';

/** "compiled · WebGPU", "compiled · CPU, 2 threads", "tfjs · wasm". */
export function executionWords({
  backend,
  runner,
  threads,
}: Pick<DeviceInfo, 'backend' | 'runner' | 'threads'>): string {
  if (runner === 'tfjs') return `tfjs · ${backend}`;
  if (backend === 'webgpu') return 'compiled · WebGPU';
  return `compiled · CPU, ${threads === 1 ? '1 thread' : `${threads} threads`}`;
}

/** What of a run's device decides about its bits. */
export function executionOf({ backend, runner, threads, kernelVariants }: DeviceInfo): Execution {
  return { backend, runner, threads, ...(kernelVariants ? { kernelVariants } : {}) };
}
