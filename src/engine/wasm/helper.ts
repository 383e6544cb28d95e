// A helper thread: instantiates the kernels on the shared memory and stays in them until it is told to stop.
import type { KernelExports } from './memory.ts';

export interface HelperStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly scratch: number;
  readonly threads: number;
}

self.onmessage = ({ data }: MessageEvent<HelperStart>) => {
  const { module, memory, control, scratch, threads } = data;
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  self.postMessage('ready');
  (instance.exports as unknown as KernelExports).help(control, scratch, threads, 0);
};
