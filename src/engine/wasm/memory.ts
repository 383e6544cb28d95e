// The kernels and their memory, on one thread: allocate, write tapes, run. `pool.ts` adds threads; Node can use this too.
import { LabError } from '../../core/failure.ts';
import { CONTROL_BYTES, SCRATCH_BYTES } from './opcodes.ts';
import type { Operation } from './operations.ts';
import { type Tape, tapeBytes, writeTape } from './tape.ts';

const PAGE = 65536;
const ALIGNMENT = 128;
/** The first address given out: 0 stands for none. */
const FIRST = 1024;

const tooMuch = (bytes: number): LabError =>
  new LabError('out-of-memory', `The CPU kernels cannot get ${Math.ceil(bytes / 2 ** 20)} MiB.`);

/** Bytes that an allocation takes up. */
export const allocationBytes = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** What the kernel module exports. */
export interface KernelExports {
  run(control: number, scratch: number, threads: number, tape: number, length: number): void;
  help(control: number, scratch: number, threads: number, seen: number): void;
  stop(control: number): void;
}

export interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  /** Byte address of `bytes` zeroed bytes, 128-byte aligned, for the life of the kernels. Throws `out-of-memory`. */
  allocate(bytes: number): number;
  /** Live views. */
  floats(at: number, count: number): Float32Array;
  doubles(at: number, count: number): Float64Array;
  bytes(at: number, count: number): Uint8Array;
  integers(at: number, count: number): Int32Array;
  tape(operations: readonly Operation[]): Tape;
  /** Runs all operations of the tape; returns when every thread is done. */
  run(tape: Tape): void;
  /** Bytes allocated. */
  used(): number;
  dispose(): void;
}

/** Addresses of what threads share, and of each thread's scratch. */
export interface Places {
  readonly control: number;
  readonly scratch: readonly number[];
}

/**
 * A memory with room for `bytes` of allocations and the threads' own. Its size is fixed: growing a memory that helpers
 * sleep on can hang them. Throws `out-of-memory`.
 */
export function makeMemory(bytes: number, threads: number, isShared: boolean): WebAssembly.Memory {
  const pages = Math.ceil((bytes + FIRST + CONTROL_BYTES + threads * (SCRATCH_BYTES + ALIGNMENT)) / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
  } catch {
    throw tooMuch(pages * PAGE);
  }
}

/** Kernels over `memory`, to be run by `threads` threads (the helpers are the caller's). */
export function makeKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Kernels & { readonly places: Places; stop(): void } {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = instance.exports as unknown as KernelExports;
  let top = FIRST;
  const allocate = (bytes: number): number => {
    const at = top;
    if (at + bytes > memory.buffer.byteLength) throw tooMuch(at + bytes);
    top = at + allocationBytes(bytes);
    return at;
  };
  const control = allocate(CONTROL_BYTES);
  const scratch = Array.from({ length: threads }, () => allocate(SCRATCH_BYTES));
  const places = { control, scratch };
  return {
    memory,
    threads,
    places,
    allocate,
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    doubles: (at, count) => new Float64Array(memory.buffer, at, count),
    bytes: (at, count) => new Uint8Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count),
    tape: (operations) => writeTape(memory, allocate(tapeBytes(operations.length)), operations),
    run: ({ at, length }) => kernels.run(control, scratch[0] as number, threads, at, length),
    used: () => top,
    stop: () => kernels.stop(control),
    dispose: () => {},
  };
}
