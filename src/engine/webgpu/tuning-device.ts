// The tuner's view of a real device: compiles candidates, holds them to the safest variant, times passes.
import type { binding, Kernel } from './kernel.ts';
import type { Product } from './kernels/epilogue.ts';
import { type Choice, matmul } from './kernels/matmul.ts';
import type { TuningDevice } from './tuner.ts';
import { suits } from './variants.ts';

interface Compiled {
  readonly pipelines: readonly GPUComputePipeline[];
  readonly kernels: readonly Kernel[];
}

export interface Candidate extends Compiled {
  readonly product: Product;
  readonly choice: Choice;
  /** Buffers of the product's real size; made at the first run. */
  readonly prepared: { groups: readonly GPUBindGroup[] | null; buffers: readonly GPUBuffer[] };
}

export interface TuningOptions {
  readonly isIdle: () => boolean;
}

/** Odd in every dimension, with a partial tile of every variant. */
const awkward = (product: Product): Product => ({
  ...product,
  m: 67,
  n: product.n <= 16 ? Math.min(product.n, 13) : product.n <= 32 ? 29 : 75,
  k: 131,
});

const noise = (count: number): Float32Array<ArrayBuffer> => {
  let state = 0x9e3779b9;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
};

/** Kernels, pipelines and buffers of the candidates are released by `release`, timing's own by `dispose`. */
export function tuningDevice(
  device: GPUDevice,
  { isIdle }: TuningOptions,
): TuningDevice<Candidate> & { readonly dispose: () => void } {
  const hasTimestamps = device.features.has('timestamp-query');
  const queries = hasTimestamps ? device.createQuerySet({ type: 'timestamp', count: 2 }) : null;
  const resolved = device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const staging = device.createBuffer({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });

  const compileKernels = async (kernels: readonly Kernel[]): Promise<Compiled> => ({
    kernels,
    pipelines: await Promise.all(
      kernels.map(({ code, label }) => {
        const module = device.createShaderModule({ label, code });
        return device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
      }),
    ),
  });

  /** Bind groups over new buffers, by binding name, filled with noise. */
  const bind = ({ kernels, pipelines }: Compiled) => {
    const buffers = new Map<string, GPUBuffer>();
    const bufferFor = ({ name, elements }: ReturnType<typeof binding>): GPUBuffer => {
      const known = buffers.get(name);
      if (known) return known;
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
      const made = device.createBuffer({ size: Math.ceil(elements / 4) * 16, usage });
      device.queue.writeBuffer(made, 0, noise(elements));
      buffers.set(name, made);
      return made;
    };
    const groups = kernels.map(({ bindings }, index) => {
      const entries = bindings.map((one, slot) => ({ binding: slot, resource: { buffer: bufferFor(one) } }));
      const layout = (pipelines[index] as GPUComputePipeline).getBindGroupLayout(0);
      return device.createBindGroup({ layout, entries });
    });
    return { groups, buffers };
  };

  const encode = (pass: GPUComputePassEncoder, one: Compiled, groups: readonly GPUBindGroup[]): void => {
    one.kernels.forEach(({ grid }, index) => {
      pass.setPipeline(one.pipelines[index] as GPUComputePipeline);
      pass.setBindGroup(0, groups[index] as GPUBindGroup);
      pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    });
  };

  const outputOf = async (product: Product, choice: Choice): Promise<Float32Array> => {
    const one = await compileKernels(matmul(product, choice));
    const { groups, buffers } = bind(one);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass, one, groups);
    pass.end();
    const output = buffers.get('output') as GPUBuffer;
    const copy = device.createBuffer({
      size: output.size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    encoder.copyBufferToBuffer(output, 0, copy, 0, output.size);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(GPUMapMode.READ);
    const values = new Float32Array(copy.getMappedRange().slice(0), 0, product.m * product.n);
    for (const buffer of [...buffers.values(), copy]) buffer.destroy();
    return values;
  };

  return {
    hasTimestamps,
    isIdle,
    now: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    async compile(product, choice) {
      try {
        const compiled = await compileKernels(matmul(product, choice));
        return { ...compiled, product, choice, prepared: { groups: null, buffers: [] } };
      } catch {
        return null;
      }
    },
    async error({ product, choice }) {
      const one = awkward(product);
      if (!suits(choice.variant, one)) return Number.NaN;
      const [got, wanted] = [await outputOf(one, choice), await outputOf(one, { variant: 'tile32' })];
      let difference = 0;
      let size = 0;
      wanted.forEach((value, i) => {
        difference += ((got[i] ?? Number.NaN) - value) ** 2;
        size += value ** 2;
      });
      return Math.sqrt(difference / Math.max(size, 1e-30));
    },
    async time(candidate, repeats) {
      const { prepared } = candidate;
      if (prepared.groups === null) {
        const { groups, buffers } = bind(candidate);
        prepared.groups = groups;
        prepared.buffers = [...buffers.values()];
        await device.queue.onSubmittedWorkDone();
      }
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass(
        queries
          ? { timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } }
          : {},
      );
      for (let i = 0; i < repeats; i++) encode(pass, candidate, prepared.groups);
      pass.end();
      if (queries) {
        encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
      }
      const begin = performance.now();
      device.queue.submit([encoder.finish()]);
      if (!queries) {
        await device.queue.onSubmittedWorkDone();
        return performance.now() - begin;
      }
      await staging.mapAsync(GPUMapMode.READ);
      const [start = 0n, end = 0n] = new BigInt64Array(staging.getMappedRange().slice(0));
      staging.unmap();
      return end > start ? Number(end - start) / 1e6 : null;
    },
    release({ prepared }) {
      for (const buffer of prepared.buffers) buffer.destroy();
    },
    dispose() {
      queries?.destroy();
      resolved.destroy();
      staging.destroy();
    },
  };
}
