// GPU or CPU for a small network: on a GPU a step costs its dispatches however little they compute. Where that is in
// doubt both are measured, once for a size of network, and the result is kept.
import type { BackendTimings, KernelTuning } from '../experiment/kernel-tuning.ts';
import type { Plan } from '../experiment/plan.ts';
import type { TuningOptions } from '../experiment/protocol.ts';
import type { Device } from './device.ts';
import { secondsPerRound } from './measure-speed.ts';
import type { Job, Runner, RunnerMaker } from './runner.ts';
import { availableThreads } from './wasm/pool.ts';
import { createWasmRunner } from './wasm/runner.ts';
import { adapterOf } from './webgpu/adapter.ts';
import { powerOfTwo } from './webgpu/kernel.ts';
import { createWebgpuRunner } from './webgpu/runner.ts';

/**
 * Training FLOPs of a pass from which a GPU is always taken. Eight CPU threads do about 10¹¹ a second, so that many take
 * them 4 ms or more; a step's dispatches take a GPU about 1 ms.
 */
const CERTAIN_FLOPS = 4e8;
/** Each of the two is measured for this long after its first steps. */
const MEASURE_MS = 350;
/** The CPU is taken only where it is clearly faster: the next network may be larger. */
const CLEARLY = 0.9;

/** Networks of like size share a comparison: this is its name; null where there is no doubt. */
export function doubtfulSize({ layers, uncompiled, flopsPerStep, microBatches }: Plan): string | null {
  const flopsPerPass = flopsPerStep / microBatches;
  if (flopsPerPass >= CERTAIN_FLOPS || uncompiled !== null) return null;
  return `${layers.length} layers, ${powerOfTwo(flopsPerPass)} FLOP`;
}

export const fasterBackend = ({ webgpu, wasm }: BackendTimings): 'webgpu' | 'wasm' =>
  wasm < CLEARLY * webgpu ? 'wasm' : 'webgpu';

export interface Comparison {
  readonly size: string;
  readonly job: Job;
  readonly state: Parameters<RunnerMaker>[1];
  readonly tuning: TuningOptions;
  /** A new comparison, to be kept. */
  readonly onTuned: (tuning: KernelTuning) => void;
}

/**
 * Ms of a training step of the job, on the device's GPU by the fixed kernel table and on CPU threads: known from
 * earlier, else measured where that is wanted, else null.
 */
export async function compareBackends(
  device: Device,
  { size, job, state, tuning, onTuned }: Comparison,
  threads = availableThreads(),
): Promise<BackendTimings | null> {
  const { gpu } = device;
  if (!gpu) return null;
  const { untuned } = adapterOf(gpu);
  const before = tuning.known.find(({ key }) => key === untuned.key) ?? untuned;
  const known = before.backends[size];
  if (known || !tuning.measures) return known ?? null;
  const webgpu = await device.guard(async () => msPerStep(await createWebgpuRunner(gpu, job, state)));
  const wasm = await msPerStep(await createWasmRunner(job, state, threads));
  const timings = { webgpu, wasm };
  onTuned({ ...before, backends: { ...before.backends, [size]: timings } });
  return timings;
}

/** Takes steps that change nothing, and disposes of the runner. */
async function msPerStep(runner: Runner): Promise<number> {
  let step = 0;
  try {
    const run = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done++) runner.step(step++, 0, false);
      await runner.read();
    };
    return 1000 * (await secondsPerRound(run, MEASURE_MS));
  } finally {
    runner.dispose();
  }
}
