// This lab's compiled steps: on WebGPU, on WebAssembly with all threads (`wasm`) or one (`cpu`), and on WebGPU its matrix
// products alone (the same kernels without what is fused into them).
import type { Batches } from '../../src/engine/batches.ts';
import { openDevice } from '../../src/engine/device.ts';
import type { Job, Runner } from '../../src/engine/runner.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { factsOf } from '../../src/engine/webgpu/adapter.ts';
import { plain } from '../../src/engine/webgpu/kernels/epilogue.ts';
import { createWebgpuRunner } from '../../src/engine/webgpu/runner.ts';
import { createExecutor } from '../../src/engine/webgpu/step.ts';
import { defaultChoice, sharingOf } from '../../src/engine/webgpu/variants.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import type { Op } from '../../src/experiment/program/op.ts';
import { specOfConfig } from '../../src/experiment/program/spec-of-config.ts';
import { AGREEMENT_STEPS, type Setup } from './cases.ts';
import { median } from './measure.ts';
import { type Peer, servePeer } from './peer.ts';
import { LEARNING_RATE, MEAN, STD, type Start, startOf } from './start.ts';

const STEPS_BETWEEN_READS = 16;

/** The same batch again and again, uploaded in the usual way: an order an epoch. */
function sameBatch(size: number): Batches {
  const rows = Uint32Array.from({ length: size }, (_, row) => row);
  return { size, stepsPerEpoch: 64, rows: () => rows, draws: () => null, share: () => null };
}

function jobOf({ config, layers, dataset }: Start, batch: number): Job {
  return { config, layers, dataset, batches: sameBatch(batch), mean: MEAN, std: STD, prototypes: null };
}

function stepping(runner: Runner): Peer['time'] {
  let step = AGREEMENT_STEPS;
  return async (steps) => {
    const began = performance.now();
    for (let done = 0; done < steps; done++) {
      runner.step(step++, LEARNING_RATE, false);
      if ((done + 1) % STEPS_BETWEEN_READS === 0) await runner.read();
    }
    await runner.read();
    return { ms: (performance.now() - began) / steps };
  };
}

const ENCODED_STEPS = 300;

/** Time to record a step, everything but its submission, so that no kernel runs beside it. */
async function encodeTime(runner: Runner): Promise<number> {
  const queue = globalThis.GPUQueue?.prototype;
  if (!queue) return 0;
  const original = queue.submit;
  const times: number[] = [];
  queue.submit = () => undefined;
  for (let index = 0; index < ENCODED_STEPS; index++) {
    const before = performance.now();
    runner.step(AGREEMENT_STEPS, LEARNING_RATE, false);
    times.push(performance.now() - before);
    if ((index + 1) % STEPS_BETWEEN_READS === 0) {
      queue.submit = original;
      await runner.read();
      queue.submit = () => undefined;
    }
  }
  queue.submit = original;
  await runner.read();
  return median(times);
}

/** Dispatches that `work` records. */
async function countDispatches(work: () => Promise<unknown>): Promise<number> {
  const prototype = globalThis.GPUComputePassEncoder?.prototype;
  if (!prototype) return 0;
  const original = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function (...grid) {
    count++;
    return original.apply(this, grid);
  };
  await work();
  prototype.dispatchWorkgroups = original;
  return count;
}

async function training({ config, batch, engine }: Setup): Promise<Peer> {
  const start = startOf(config, batch, engine.rule);
  const device = await openDevice(engine.backend === 'webgpu' ? 'webgpu' : 'wasm');
  const job = jobOf(start, batch);
  const state = new Map(start.weights.map((tensor) => [tensor.name, tensor]));
  const runner = device.gpu
    ? await createWebgpuRunner(device.gpu, job, state)
    : await createWasmRunner(job, state, engine.backend === 'cpu' ? 1 : device.info.threads);
  const losses: number[] = [];
  let dispatches = 0;
  let stepMs = 0;
  for (let step = 0; step < AGREEMENT_STEPS; step++) {
    const began = performance.now();
    dispatches = await countDispatches(async () => {
      runner.step(step, LEARNING_RATE, false);
      losses.push(...(await runner.read()).losses);
    });
    stepMs = performance.now() - began;
  }
  const encodeMs = device.gpu ? await encodeTime(runner) : 0;
  const ready = { losses, stepMs, dispatches, bytes: runner.bytes(), encodeMs };
  return { ready, time: stepping(runner) };
}

const bare = (op: Op): Op[] => (op.kind === 'matmul' ? [plain(op)] : []);

async function products({ config, batch, engine }: Setup): Promise<Peer> {
  const { config: full, layers, inputs, dataset } = startOf(config, batch, engine.rule);
  const { gpu } = await openDevice('webgpu');
  if (!gpu) throw new Error('No WebGPU device.');
  const program = buildProgram({
    ...specOfConfig(full, { layers, inputs, shape: dataset.shape }),
    batch,
    evaluationBatch: batch,
  });
  const only = { forward: program.forward.flatMap(bare), backward: program.backward.flatMap(bare) };
  const facts = factsOf(gpu);
  const executor = await createExecutor(
    gpu,
    { ...program, ...only, norm: [], update: [], evaluation: [] },
    { choose: (product) => defaultChoice(product, facts), sharing: sharingOf(facts), data: null },
  );
  const time = async (steps: number) => {
    const began = performance.now();
    for (let step = 0; step < steps; step++) executor.run(['forward', 'backward']);
    await executor.readings(1);
    return { ms: (performance.now() - began) / steps };
  };
  const { ms: stepMs } = await time(1);
  return { ready: { losses: [], stepMs, dispatches: only.forward.length + only.backward.length }, time };
}

servePeer((setup) => (setup.engine.variant === 'products' ? products(setup) : training(setup)));
