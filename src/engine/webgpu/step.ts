// Runs a program on a GPU: pipelines and bind groups are made once, a step is one pass in one command buffer, and
// nothing is allocated or read back in it. Readings stay on the device until a window ends.
import { LabError } from '../../core/failure.ts';
import { elements } from '../../core/layers.ts';
import type { Op } from '../../experiment/program/op.ts';
import { type Program, readingNames } from '../../experiment/program/program.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import { settingsOf } from '../../experiment/program/update-rule.ts';
import type { Binding, Kernel, Sharing } from './kernel.ts';
import { DRAW_BYTES, type Draw, wordsOfDraw } from './kernels/draw.ts';
import type { Product } from './kernels/epilogue.ts';
import type { Resident } from './kernels/gather.ts';
import type { Choice } from './kernels/matmul.ts';
import { kernelsOf, operandOf } from './kernels-of-op.ts';
import { allocate, type DeviceMemory, largestBinding } from './memory.ts';
import { bytesOfData, inParts, type ResidentData, writeResident } from './resident-data.ts';
import { type DispatchCost, dispatchCosts } from './roofline.ts';

const phases = [
  'forward',
  'backward',
  'accumulateFirst',
  'accumulate',
  'norm',
  'update',
  'evaluation',
  'averageEvaluation',
  'given',
  'averageGiven',
] as const;
type Phase = (typeof phases)[number];

/** Phases that score; what is given is written where images would have been gathered to. */
const scoring = { evaluation: null, averageEvaluation: null, given: null, averageGiven: null } as const;

function opsOf(program: Program, phase: Phase): readonly Op[] {
  if (phase !== 'given' && phase !== 'averageGiven') return program[phase];
  const whole = phase === 'given' ? program.evaluation : program.averageEvaluation;
  return whole.filter(({ kind }) => kind !== 'gather');
}

export interface ExecutorOptions {
  readonly choose: (product: Product) => Choice;
  /** 'alone' on software adapters: see `sharingOf`. */
  readonly sharing?: Sharing;
  /** Null: the host writes `input` and `labels` itself. */
  readonly data: ResidentData | null;
  /** Bytes of images in one binding, at most; what the device allows where it is not given. */
  readonly imageBytes?: number;
}

/** One optimizer step: the `step`-th update (from 1), writing row `row` of the readings. */
interface Step {
  readonly rate: number;
  readonly step: number;
  readonly row: number;
  readonly wantsNorm: boolean;
  readonly draw: Draw;
  /** `drawWords.resized` integers a row, where the resident data is cut so. */
  readonly windows?: Int32Array<ArrayBuffer> | null;
}

export interface StepExecutor {
  /** Enqueues one step. Nothing is awaited. */
  readonly step: (step: Step) => void;
  /** Enqueues the scoring of the first `rows` rows of a batch of the resident data into row `row` of the readings. */
  readonly evaluate: (draw: Draw, rows: number, row: number, phase?: keyof typeof scoring) => void;
  /** Enqueues the operations of some phases, with whatever the uniforms hold: for tests and timing. */
  readonly run: (chosen: readonly Phase[]) => void;
  /** Waits for what was enqueued; `rows` rows of `readingNames`. Throws LabError where the device failed. */
  readonly readings: (rows: number) => Promise<Float32Array<ArrayBuffer>>;
  readonly fetch: (ref: Ref) => Promise<Float32Array<ArrayBuffer>>;
  readonly write: (ref: Ref, values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => void;
  /** A new order of the images: indices of the resident data. */
  readonly order: (rows: Uint32Array<ArrayBuffer>) => void;
  /** Every dispatch of a phase with its arithmetic and bytes. */
  readonly costs: (phase: Phase) => readonly DispatchCost[];
  readonly bytes: number;
  readonly dispose: () => void;
}

interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: Kernel['grid'];
}

const bindingBytes = ({ type, elements }: Binding): number =>
  type === 'vec4f' || type === 'vec4u' ? Math.ceil(elements / 4) * 16 : elements * 4;

/** Compiles everything in parallel. Throws LabError `out-of-memory`, `device-lost` or `device-error`. */
export async function createExecutor(
  device: GPUDevice,
  program: Program,
  { choose, sharing = 'shared', data: given, imageBytes = largestBinding(device) }: ExecutorOptions,
): Promise<StepExecutor> {
  const data = given && inParts(given, imageBytes);
  const watch = watchDevice(device);
  /** Images are varied for training only. */
  const residentIn = (phase: Phase): Resident | null =>
    data &&
    (Object.hasOwn(scoring, phase)
      ? { ...data.shape, cut: null, mixes: false }
      : { ...data.shape, microBatches: program.microBatches });
  const lowered = new Map(
    phases.map((phase) => {
      const lowering = { choose, sharing, resident: residentIn(phase) };
      return [phase, opsOf(program, phase).map((op) => ({ op, kernels: kernelsOf(op, lowering) }))];
    }),
  );
  const all = [...lowered.values()].flat();
  const scratch = all.flatMap(({ kernels }) => kernels).flatMap(({ bindings }) => bindings);
  const scratchBytes = Math.max(0, ...scratch.filter(({ name }) => name === 'scratch').map(bindingBytes));
  const memory = await allocate(device, program, bytesOfData(data, scratchBytes, program));
  const plans = await dispatchesOf(device, memory, lowered).catch((thrown: unknown) => {
    memory.dispose();
    throw watch.failure() ?? new LabError('device-error', 'A kernel could not be compiled.', String(thrown));
  });
  if (data) writeResident(device, memory, data);
  const settings = memory.find(settingsRef).buffer;
  const drawn = memory.find('draw').buffer;

  const encode = (encoder: GPUCommandEncoder, chosen: readonly Phase[]): void => {
    const pass = encoder.beginComputePass();
    for (const phase of chosen)
      for (const { pipeline, group, grid } of plans.get(phase) ?? []) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
      }
    pass.end();
  };
  const submit = (chosen: readonly Phase[]): void => {
    const encoder = device.createCommandEncoder();
    encode(encoder, chosen);
    device.queue.submit([encoder.finish()]);
  };
  /** A step in parts: before each micro-batch its draw is put in its place. */
  const submitMicroBatches = (draw: Draw, last: readonly Phase[]): void => {
    const { buffer } = memory.find('draws');
    const words = new Uint32Array((DRAW_BYTES / 4) * program.microBatches);
    const encoder = device.createCommandEncoder();
    for (let microBatch = 0; microBatch < program.microBatches; microBatch++) {
      const own = { ...draw, offset: draw.offset + microBatch * program.batch, microBatch };
      words.set(wordsOfDraw(own), (microBatch * DRAW_BYTES) / 4);
      encoder.copyBufferToBuffer(buffer, microBatch * DRAW_BYTES, drawn, 0, DRAW_BYTES);
      encode(encoder, ['forward', 'backward', microBatch === 0 ? 'accumulateFirst' : 'accumulate']);
    }
    encode(encoder, last);
    device.queue.writeBuffer(buffer, 0, words);
    device.queue.submit([encoder.finish()]);
  };
  const read = async (ref: Ref, count: number): Promise<Float32Array<ArrayBuffer>> => {
    const { buffer, offset } = memory.find(ref);
    const size = 4 * count;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const staging = device.createBuffer({ size, usage });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ);
      const values = new Float32Array(staging.getMappedRange().slice(0));
      const failure = watch.failure();
      if (failure) throw failure;
      return values;
    } catch (thrown) {
      throw (await watch.settled()) ?? thrown;
    } finally {
      staging.destroy();
    }
  };
  const readingsRef: Ref = { name: 'readings', shape: [], buffer: 'readings', byteOffset: 0 };
  const lastPhases = (wantsNorm: boolean): readonly Phase[] =>
    program.isClipping || wantsNorm ? ['norm', 'update'] : ['update'];

  return {
    step({ rate, step, row, wantsNorm, draw, windows }) {
      const isWhole = program.microBatches === 1;
      const told = { rate, step, row, rows: isWhole ? program.batch : 1 };
      device.queue.writeBuffer(settings, 0, settingsOf(program, told));
      if (windows) device.queue.writeBuffer(memory.find('windows').buffer, 0, windows);
      const last = lastPhases(wantsNorm);
      if (!isWhole) return submitMicroBatches(draw, last);
      device.queue.writeBuffer(drawn, 0, wordsOfDraw(draw));
      submit(['forward', 'backward', ...last]);
    },
    evaluate(draw, rows, row, phase = 'evaluation') {
      device.queue.writeBuffer(settings, 0, settingsOf(program, { rate: 0, step: 1, row, rows }));
      device.queue.writeBuffer(drawn, 0, wordsOfDraw(draw));
      submit([phase]);
    },
    run: submit,
    readings: (rows) => read(readingsRef, rows * readingNames.length),
    fetch: (ref) => read(ref, elements(ref.shape)),
    write(ref, values) {
      const { buffer, offset } = memory.find(ref);
      device.queue.writeBuffer(buffer, offset, values);
    },
    order: (rows) => device.queue.writeBuffer(memory.find('order').buffer, 0, rows),
    costs: (phase) => (lowered.get(phase) ?? []).flatMap(({ op, kernels }) => dispatchCosts(op, kernels)),
    bytes: memory.bytes,
    dispose() {
      watch.end();
      memory.dispose();
    },
  };
}

const settingsRef: Ref = { name: 'settings', shape: [], buffer: 'settings', byteOffset: 0 };

/** Kept for the runs to come on a device; more than any network has, and little memory. */
const MOST_PIPELINES = 1024;
const pipelinesOf = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/** Compiles a text once a device: the next run of the same network starts at once. */
function pipelineOf(device: GPUDevice, { code, label }: Kernel): Promise<GPUComputePipeline> {
  const compiled = pipelinesOf.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  pipelinesOf.set(device, compiled);
  const known = compiled.get(code);
  if (known) return known;
  const module = device.createShaderModule({ label, code });
  const made = device.createComputePipelineAsync({ label, layout: 'auto', compute: { module } });
  const [oldest] = compiled.keys();
  if (compiled.size >= MOST_PIPELINES && oldest !== undefined) compiled.delete(oldest);
  compiled.set(code, made);
  made.catch(() => compiled.delete(code));
  return made;
}

/** Pipelines and bind groups. */
async function dispatchesOf(
  device: GPUDevice,
  memory: DeviceMemory,
  lowered: ReadonlyMap<Phase, readonly { readonly op: Op; readonly kernels: readonly Kernel[] }[]>,
): Promise<ReadonlyMap<Phase, readonly Dispatch[]>> {
  const dispatch = async (op: Op, kernel: Kernel): Promise<Dispatch> => {
    const pipeline = await pipelineOf(device, kernel);
    const entries = kernel.bindings.map((one, index) => {
      const { buffer, offset } = memory.find(operandOf(op, one.name), one.part);
      return { binding: index, resource: { buffer, offset, size: bindingBytes(one) } };
    });
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { pipeline, group, grid: kernel.grid };
  };
  const plans = await Promise.all(
    Array.from(lowered, async ([phase, ops]) => {
      const made = ops.flatMap(({ op, kernels }) => kernels.map((kernel) => dispatch(op, kernel)));
      return [phase, await Promise.all(made)] as const;
    }),
  );
  return new Map(plans);
}

/** Remembers the first thing that went wrong: an error in between makes every later number worthless. */
function watchDevice(device: GPUDevice) {
  let failure: LabError | null = null;
  const note = ({ error }: GPUUncapturedErrorEvent): void => {
    const isMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
    failure ??= isMemory
      ? new LabError('out-of-memory', 'The device ran out of memory.', error.message)
      : new LabError('device-error', 'The device refused an operation.', error.message);
  };
  device.addEventListener('uncapturederror', note);
  const lost = device.lost.then(({ message }) => {
    failure ??= new LabError('device-lost', 'The graphics device was lost.', message);
  });
  return {
    failure: (): LabError | null => failure,
    /** After a rejected read: a loss is announced a moment later. */
    settled: async (): Promise<LabError | null> => {
      await Promise.race([lost, new Promise((done) => setTimeout(done, 500))]);
      return failure;
    },
    end: (): void => device.removeEventListener('uncapturederror', note),
  };
}
