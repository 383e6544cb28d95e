// The kernels and their memory, on one thread: allocate, write tapes, run. `pool.ts` adds threads; Node can use this too.
import { LabError } from '../../core/failure.ts';
import { CONTROL_BYTES, SCRATCH_BYTES } from './opcodes.ts';
import type { Operation } from './operations.ts';
import { type Tape, tapeBytes, writeTape } from './tape.ts';

const PAGE = 65536;
const MOST_PAGES = 65536;

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
  /** Live views; made anew after `allocate`, which may replace the buffer. */
  floats(at: number, count: number): Float32Array;
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

/** A memory of one page that grows to 4 GiB; a shared one for threads. */
export function makeMemory(isShared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: isShared });
}

/** Kernels over `memory`, to be run by `threads` threads (the helpers are the caller's). */
export function makeKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Kernels & { readonly places: Places; stop(): void } {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = instance.exports as unknown as KernelExports;
  let top = 1024;
  const allocate = (bytes: number): number => {
    const at = top;
    const next = Math.ceil((top + bytes) / 128) * 128;
    const missing = Math.ceil((next - memory.buffer.byteLength) / PAGE);
    if (missing > 0) {
      try {
        memory.grow(missing);
      } catch {
        throw new LabError('out-of-memory', `The CPU kernels cannot get ${Math.ceil(next / 2 ** 20)} MiB.`);
      }
    }
    top = next;
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
    bytes: (at, count) => new Uint8Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count),
    tape: (operations) => writeTape(memory, allocate(tapeBytes(operations.length)), operations),
    run: ({ at, length }) => kernels.run(control, scratch[0] as number, threads, at, length),
    used: () => top,
    stop: () => kernels.stop(control),
    dispose: () => {},
  };
}
