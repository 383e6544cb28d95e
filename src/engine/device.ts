// Opens the device that a run happens on and watches it. tfjs reports neither device errors nor a lost device: a
// dropped command leaves old numbers in place, so nothing that was read is trusted before `guard` has settled.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { LabError } from '../core/failure.ts';
import type { Backend, BackendChoice, DeviceInfo, RunnerChoice } from '../experiment/protocol.ts';
import { startWasm } from './device-wasm.ts';
import { type Gpu, requestAdapter, startWebgpu } from './device-webgpu.ts';
import { availableThreads } from './wasm/pool.ts';

export interface Device {
  readonly info: DeviceInfo;
  /** The GPU device shared with tfjs; null off the GPU. */
  readonly gpu: GPUDevice | null;
  /** Why the device can no longer be used; null while it can. */
  lost(): string | null;
  /**
   * Runs work on the device and gives its result only when the device had no error meanwhile.
   * Throws LabError `device-lost`, `device-error` or `out-of-memory`; what the work computed is void then.
   */
  guard<T>(work: () => Promise<T>): Promise<T>;
  /** Largest tensor in bytes that the device takes; Infinity where only memory decides. */
  readonly largestTensor: number;
  close(): void;
}

/**
 * Opens the backend that was asked for; `auto` takes WebGPU unless it is missing or a software adapter, then WASM, then
 * plain CPU, and says why in `info.note`. Throws LabError `webgpu-unavailable` or `internal`; never changes silently.
 */
export async function openDevice(choice: BackendChoice, runner: RunnerChoice = 'auto'): Promise<Device> {
  tf.enableProdMode();
  const device = await openBackend(choice);
  return { ...device, info: { ...device.info, ...runnerOn(device.info.backend, runner) } };
}

/** Compiled steps exist for WebGPU and for the CPU's WASM backend; plain cpu runs tfjs operations. */
function runnerOn(backend: Backend, choice: RunnerChoice): Pick<DeviceInfo, 'runner' | 'threads'> {
  if (choice === 'tfjs') return { runner: 'tfjs', threads: 1 };
  switch (backend) {
    case 'wasm':
      return { runner: 'compiled', threads: availableThreads() };
    case 'webgpu':
      return { runner: 'compiled', threads: 1 };
    case 'cpu':
      if (choice === 'auto') return { runner: 'tfjs', threads: 1 };
      throw new LabError(
        'config-invalid',
        'There is no compiled runner for the cpu backend: choose wasm, or leave the runner to the lab.',
      );
    default:
      throw backend satisfies never;
  }
}

async function openBackend(choice: BackendChoice): Promise<Device> {
  if (choice === 'webgpu') return openWebgpu(await requestAdapter());
  if (choice === 'wasm') return openWasm();
  if (choice === 'cpu') return openCpu();
  const reasons: string[] = [];
  try {
    const adapter = await requestAdapter();
    if (!adapter.info.isFallbackAdapter) return await openWebgpu(adapter);
    reasons.push(
      `The GPU adapter is a software adapter (${adapterName(adapter.info)}); WebAssembly is faster.`,
    );
  } catch (thrown) {
    reasons.push(thrown instanceof Error ? thrown.message : String(thrown));
  }
  try {
    return await openWasm(reasons.join(' '));
  } catch (thrown) {
    reasons.push(thrown instanceof Error ? thrown.message : String(thrown));
  }
  return openCpu(reasons.join(' '));
}

function adapterName(info: GPUAdapterInfo): string {
  return info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

async function openWebgpu(adapter: GPUAdapter): Promise<Device> {
  const gpu = await startWebgpu(adapter);
  await activate('webgpu');
  const { limits } = gpu.device;
  return {
    info: {
      backend: 'webgpu',
      runner: 'tfjs',
      threads: 1,
      adapter: adapterName(adapter.info),
      fallbackAdapter: adapter.info.isFallbackAdapter,
    },
    gpu: gpu.device,
    lost: gpu.lost,
    guard: (work) => guardGpu(gpu, work),
    largestTensor: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
    close: () => gpu.device.destroy(),
  };
}

async function openWasm(note?: string): Promise<Device> {
  startWasm();
  await activate('wasm');
  return onProcessor('wasm', note);
}

async function openCpu(note?: string): Promise<Device> {
  await activate('cpu');
  return onProcessor('cpu', note);
}

function onProcessor(backend: Backend, note?: string): Device {
  return {
    info: {
      backend,
      runner: 'tfjs',
      threads: 1,
      adapter: '',
      fallbackAdapter: false,
      ...(note ? { note } : {}),
    },
    gpu: null,
    lost: () => null,
    async guard(work) {
      assertBackend(backend);
      try {
        return await work();
      } catch (thrown) {
        throw asMemoryFailure(thrown);
      } finally {
        assertBackend(backend);
      }
    },
    largestTensor: Number.POSITIVE_INFINITY,
    close: () => {},
  };
}

async function activate(backend: Backend): Promise<void> {
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend)
    throw new LabError(
      backend === 'webgpu' ? 'webgpu-unavailable' : 'internal',
      `The ${backend} backend did not start.`,
    );
  await tf.ready();
}

/** tfjs falls back to another backend by itself when one is gone: that must never count as this run. */
function assertBackend(backend: Backend): void {
  if (tf.getBackend() !== backend)
    throw new LabError(
      'device-error',
      `The run was on ${backend}, but the backend is now ${tf.getBackend()}.`,
    );
}

/** What a WASM heap that cannot grow throws, as a failure that names it. */
function asMemoryFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof LabError) return thrown;
  const isMemory = thrown instanceof RangeError || /memory|alloc|abort/i.test(thrown.message);
  return isMemory
    ? new LabError('out-of-memory', `The device is out of memory: ${thrown.message}`, thrown.stack)
    : thrown;
}

const scopes = ['validation', 'out-of-memory', 'internal'] as const;
/** How long a lost device may take to say so after a read was rejected. */
const LOSS_NOTICE_MS = 500;

async function guardGpu<T>(gpu: Gpu, work: () => Promise<T>): Promise<T> {
  failIfLost(gpu);
  assertBackend('webgpu');
  const before = gpu.errors.length;
  for (const scope of scopes) gpu.device.pushErrorScope(scope);
  let outcome: { readonly value: T } | { readonly thrown: unknown };
  try {
    outcome = { value: await work() };
  } catch (thrown) {
    outcome = { thrown };
  }
  const popped = await Promise.all(scopes.map(() => gpu.device.popErrorScope().catch(() => null)));
  if ('thrown' in outcome && !gpu.lost())
    await Promise.race([gpu.device.lost, new Promise((resolve) => setTimeout(resolve, LOSS_NOTICE_MS))]);
  failIfLost(gpu);
  const error = popped.find((found) => found !== null) ?? gpu.errors[before];
  if (error) {
    const isMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
    throw new LabError(
      isMemory ? 'out-of-memory' : 'device-error',
      isMemory
        ? 'The GPU is out of memory: choose a smaller width, depth or batch size.'
        : 'The GPU reported an error; the results since the last report are void. Continue from the last checkpoint.',
      error.message,
    );
  }
  if ('thrown' in outcome) throw outcome.thrown;
  assertBackend('webgpu');
  return outcome.value;
}

function failIfLost(gpu: Gpu): void {
  const reason = gpu.lost();
  if (reason !== null)
    throw new LabError('device-lost', 'The GPU was lost. Continue from the last checkpoint.', reason);
}
