// Which runner executes a run: the one that was asked for, else the recorded one, else the fastest that the network has.
import { tasks } from '../catalog/tasks/index.ts';
import { features } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { uncompiledPart } from '../experiment/program/network.ts';
import type { Execution, RunnerChoice } from '../experiment/protocol.ts';
import type { Device } from './device.ts';
import type { RunnerMaker } from './runner.ts';
import { createTfjsRunner } from './tfjs/runner.ts';
import { availableThreads } from './wasm/pool.ts';
import { createWasmRunner } from './wasm/runner.ts';
import { adapterOf } from './webgpu/adapter.ts';
import type { Adapter, KernelWish } from './webgpu/kernel-choices.ts';
import { createWebgpuRunner } from './webgpu/runner.ts';

export interface RunnerWish {
  readonly choice?: RunnerChoice;
  /** Of an earlier part of the run, on the same backend as the device. */
  readonly execution?: Execution | undefined;
  readonly kernels?: KernelWish;
}

/**
 * Makes the runners of a device. A network without a compiled form runs on tfjs and says so in its note; the maker
 * rejects with LabError `config-invalid` where the compiled runner was asked for by name.
 */
export function runnerMaker(
  device: Device,
  { choice = 'auto', execution, kernels = {} }: RunnerWish = {},
  describeAdapter: (gpu: GPUDevice) => Adapter = adapterOf,
): RunnerMaker {
  const recorded = execution?.backend === device.info.backend ? execution : undefined;
  const wanted = choice === 'auto' ? (recorded?.runner ?? device.info.runner) : choice;
  return async (job, state) => {
    if (wanted === 'tfjs') return createTfjsRunner(job, state);
    const part = uncompiledPart(job.layers, features(tasks[job.config.task].input(job.dataset)));
    if (part !== null) {
      if (choice === 'compiled') {
        const message = `This network has no compiled form for ${part}: choose the tfjs runner, or leave the runner to the lab.`;
        throw new LabError('config-invalid', message);
      }
      const runner = await createTfjsRunner(job, state);
      const note = `This network runs on tfjs: there is no compiled form for ${part}.`;
      return { ...runner, execution: { ...runner.execution, note } };
    }
    const { gpu } = device;
    if (!gpu) {
      const threads = recorded ? Math.min(recorded.threads, availableThreads()) : device.info.threads;
      return createWasmRunner(job, state, threads);
    }
    // What a run was recorded without was computed by the fixed table: nothing is measured for it.
    const wish = recorded ? { recorded: recorded.kernelVariants } : kernels;
    return createWebgpuRunner(gpu, job, state, wish, describeAdapter(gpu));
  };
}
