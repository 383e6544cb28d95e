// Our own GPU device under tfjs's WebGPU backend: all wanted features, the adapter's limits, and its errors heard.

import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../core/failure.ts';
import { limitsOf } from './webgpu/limits.ts';

export interface Gpu {
  readonly device: GPUDevice;
  /** Errors outside every scope, in order. */
  readonly errors: readonly GPUError[];
  lost(): string | null;
}

const WANTED: readonly GPUFeatureName[] = [
  'subgroups',
  'timestamp-query',
  'shader-f16',
  'bgra8unorm-storage',
];

/** A device that nobody holds never reports its loss. */
let held: Gpu | null = null;

/** Throws LabError `webgpu-unavailable` that says what is missing. */
export async function requestAdapter(): Promise<GPUAdapter> {
  const { gpu } = navigator as { gpu?: GPU };
  if (!gpu) throw new LabError('webgpu-unavailable', 'This browser has no WebGPU.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new LabError(
      'webgpu-unavailable',
      'No GPU adapter: WebGPU is switched off, or the GPU has crashed.',
    );
  return adapter;
}

/** Puts a backend on a new device in place of tfjs's own; tensors of an earlier one are gone. */
export async function startWebgpu(adapter: GPUAdapter): Promise<Gpu> {
  const requiredFeatures = WANTED.filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits: limitsOf(adapter.limits) });
  const errors: GPUError[] = [];
  let lost: string | null = null;
  device.addEventListener('uncapturederror', (event) => {
    errors.push(event.error);
    event.preventDefault();
  });
  void device.lost.then((info) => {
    lost = `${info.reason}: ${info.message}`;
  });
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  // Small operations would hop to the CPU when their inputs happen to be there: other bits after a resume.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  held = { device, errors, lost: () => lost };
  return held;
}
