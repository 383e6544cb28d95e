// Runs kernels on the browser's adapter and reads what they wrote. Every operand lies between NaN guard bands, and
// bindings are longer than what a kernel may touch, so that a read or write too many shows.
import { expect } from 'vitest';
import type { Binding, Kernel } from '../../src/engine/webgpu/kernel.ts';

export interface Gpu {
  readonly device: GPUDevice;
  readonly errors: string[];
}

const adapter = async (): Promise<GPUAdapter> => {
  const found = await navigator.gpu.requestAdapter();
  if (!found) throw new Error('This browser has no WebGPU adapter.');
  return found;
};

const watched = (device: GPUDevice): Gpu => {
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  return { device, errors };
};

/** Default limits and no feature: what every device has. */
export const plainGpu = async (): Promise<Gpu> => watched(await (await adapter()).requestDevice());

/** Subgroups where the adapter has them, and its limits of workgroup memory and lanes. */
export async function fullGpu(): Promise<Gpu> {
  const found = await adapter();
  const { maxComputeWorkgroupStorageSize } = found.limits;
  const requiredFeatures = [...found.features].filter((name) => name === 'subgroups') as GPUFeatureName[];
  return watched(
    await found.requestDevice({ requiredFeatures, requiredLimits: { maxComputeWorkgroupStorageSize } }),
  );
}

export type Data = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

const BAND = 64;
const NAN_WORD = 0x7fc00000;

const modules = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/** Compiles; any message of the compiler is an error here. */
export async function pipelineOf({ device }: Gpu, code: string, label: string): Promise<GPUComputePipeline> {
  const known = modules.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  modules.set(device, known);
  const compile = async (): Promise<GPUComputePipeline> => {
    const module = device.createShaderModule({ code });
    const { messages } = await module.getCompilationInfo();
    expect(messages.map(({ lineNum, message }) => `${label}:${lineNum} ${message}`)).toEqual([]);
    return device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  };
  const made = known.get(code) ?? compile();
  known.set(code, made);
  return made;
}

/** The same text with storage arrays as long as their bindings, so that guard bands are within reach. */
const unsized = (code: string): string => code.replaceAll(/(var<storage, \w+> \w+: array<\w+), \d+>/g, '$1>');

/** The key of a binding's contents: its name, and its part from the second on. */
const placeOf = ({ name, part = 0 }: Pick<Binding, 'name' | 'part'>): string =>
  part === 0 ? name : `${name} ${part}`;

/**
 * Runs kernels one after the other. `data` gives the contents of bindings by name; other bindings start as zeros.
 * Gives every written binding by name. A word changed outside a binding's elements fails the test.
 */
export async function run(
  gpu: Gpu,
  kernels: readonly Kernel[],
  data: Readonly<Record<string, Data>>,
): Promise<Readonly<Record<string, Float32Array<ArrayBuffer>>>> {
  const { device } = gpu;
  const buffers = new Map<string, { buffer: GPUBuffer; elements: number; isWritten: boolean }>();
  const pipelines = await Promise.all(
    kernels.map(({ code, label }) => pipelineOf(gpu, unsized(code), label)),
  );
  for (const { access, elements, ...named } of kernels.flatMap(({ bindings }) => bindings)) {
    const name = placeOf(named);
    const known = buffers.get(name);
    if (known) {
      known.isWritten ||= access === 'write';
      continue;
    }
    const isUniform = access === 'uniform';
    const words = isUniform ? elements : Math.ceil(elements / 4) * 4 + BAND;
    const usage = isUniform ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const buffer = device.createBuffer({ size: 4 * words, usage: usage | GPUBufferUsage.COPY_DST });
    const contents = new Uint32Array(words).fill(NAN_WORD);
    const given = data[name] ?? new Float32Array(elements);
    contents.fill(0, 0, elements);
    contents.set(new Uint32Array(given.buffer, given.byteOffset, Math.min(given.length, elements)));
    device.queue.writeBuffer(buffer, 0, contents);
    buffers.set(name, { buffer, elements, isWritten: access === 'write' });
  }
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  kernels.forEach(({ bindings, grid }, index) => {
    const pipeline = pipelines[index] as GPUComputePipeline;
    const entries = bindings.map((one, slot) => ({
      binding: slot,
      resource: { buffer: buffers.get(placeOf(one))?.buffer as GPUBuffer },
    }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(...grid);
  });
  pass.end();
  const reads = [...buffers].filter(([, { isWritten }]) => isWritten);
  const staged = reads.map(([name, { buffer, elements }]) => {
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const copy = device.createBuffer({ size: buffer.size, usage });
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    return { name, copy, elements };
  });
  device.queue.submit([encoder.finish()]);
  const results: Record<string, Float32Array<ArrayBuffer>> = {};
  for (const { name, copy, elements } of staged) {
    await copy.mapAsync(GPUMapMode.READ);
    const words = new Uint32Array(copy.getMappedRange().slice(0));
    const band = words.subarray(elements);
    if (band.some((word) => word !== NAN_WORD))
      expect.fail(`${kernels[0]?.label}: wrote past the end of ${name}`);
    results[name] = new Float32Array(words.buffer, 0, elements);
    copy.destroy();
  }
  for (const { buffer } of buffers.values()) buffer.destroy();
  expect(gpu.errors).toEqual([]);
  return results;
}

/** Numbers in [−1, 1), the same for the same seed. */
export function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** ‖got − wanted‖ / ‖wanted‖; NaN anywhere gives NaN. */
export function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < wanted.length; i++) {
    const one = wanted[i] as number;
    difference += ((got[i] as number) - one) ** 2;
    size += one ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), 1e-30);
}
