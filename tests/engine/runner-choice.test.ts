// Which runner a run gets in the browser: tuned kernels that are recorded and come back, a network that only tfjs runs,
// and GPU or CPU for a small one. Times on a software adapter rank nothing: none is compared.
import { expect, test } from 'vitest';
import { splitRows } from '../../src/core/split.ts';
import { runnerMaker } from '../../src/engine/choose-runner.ts';
import { createCommands } from '../../src/engine/commands.ts';
import { compareBackends } from '../../src/engine/compare-backends.ts';
import { type Device, openDevice } from '../../src/engine/device.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import type { Tools } from '../../src/engine/tools.ts';
import { adapterOf, factsOf } from '../../src/engine/webgpu/adapter.ts';
import type { Adapter } from '../../src/engine/webgpu/kernel-choices.ts';
import type { KernelTuning } from '../../src/experiment/kernel-tuning.ts';
import type { Command, Event, Execution, StartOptions } from '../../src/experiment/protocol.ts';
import { cardOf, deviceOf, eventsOf, jobOf, ofKind, requestOf, tinyConfig, tinyDataset } from './material.ts';

/** How much slower the tuner's clock goes here: a software adapter compiles for longer than a tuning may take. */
const PATIENCE = 30;

/** The software adapter taken for a GPU of no known vendor. */
function asGpu(gpu: GPUDevice): Adapter {
  const adapter = adapterOf(gpu, { ...factsOf(gpu), vendor: '', isFallback: false, hasSubgroups: false });
  return {
    ...adapter,
    measure: (work, isIdle) =>
      adapter.measure(
        (device) =>
          work({
            ...device,
            now: () => device.now() / PATIENCE,
            sleep: (ms) => device.sleep(PATIENCE * ms),
          }),
        isIdle,
      ),
  };
}

const lastBytes = async (events: Awaited<ReturnType<typeof eventsOf>>): Promise<Uint8Array> => {
  const parts = ofKind(events, 'checkpoint').at(-1)?.bytes ?? [];
  return new Uint8Array(await new Blob(parts as Blob[]).arrayBuffer());
};
/** Without the header, which carries the seconds. */
const tensorsOf = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)));

test('shapes are tuned before the first step; the record brings the same bits back', async () => {
  const device = await deviceOf('webgpu');
  const config = tinyConfig({ 'model.depth': 1, 'train.steps': 6 });
  const tunings: { readonly tuning: KernelTuning; readonly isLost: boolean }[] = [];
  const onTuned = (tuning: KernelTuning, isLost: boolean): void => void tunings.push({ tuning, isLost });
  const tuned = runnerMaker(device, { kernels: { measures: true, onTuned } }, asGpu);
  const events = await eventsOf(requestOf(device, config, { makeRunner: tuned }));
  expect(tunings).toMatchObject([{ isLost: false, tuning: { adapter: expect.any(String) } }]);
  const timings = Object.values(tunings[0]?.tuning.buckets ?? {}).flatMap((one) => one.timings);
  expect(timings.length).toBeGreaterThan(0);
  expect(timings.map(({ outcome }) => outcome)).not.toContain('wrong');
  const { execution } = ofKind(events, 'started')[0] ?? {};
  expect(Object.keys(execution?.kernelVariants ?? {}).length).toBeGreaterThan(3);

  // Reproduced, and stopped half way: nothing is measured again, and all bits are the same.
  const count = tunings.length;
  const recorded = { backend: 'webgpu', ...execution } as Execution;
  const makeRunner = runnerMaker(
    device,
    { execution: recorded, kernels: { measures: true, onTuned } },
    asGpu,
  );
  const half = await eventsOf(requestOf(device, config, { makeRunner, options: { untilStep: 3 } }));
  const from = ofKind(half, 'checkpoint').at(-1)?.bytes ?? [];
  const rest = await eventsOf(requestOf(device, config, { makeRunner, options: { from } }));
  expect(tunings.length).toBe(count);
  expect(ofKind(rest, 'started')).toMatchObject([{ step: 3, execution }]);
  expect(tensorsOf(await lastBytes(rest))).toEqual(tensorsOf(await lastBytes(events)));
});

test('a recorded choice that the table would not make is made again', async () => {
  const device = await deviceOf('webgpu');
  const config = tinyConfig({ 'model.depth': 1, 'train.steps': 2 });
  const plain = await eventsOf(requestOf(device, config, { makeRunner: runnerMaker(device) }));
  const table = ofKind(plain, 'started')[0]?.execution.kernelVariants ?? {};
  const kernelVariants = Object.fromEntries(Object.keys(table).map((key) => [key, 'tile32']));
  expect(table).not.toEqual(kernelVariants);
  const execution = { backend: 'webgpu', runner: 'compiled', threads: 1, kernelVariants } as const;
  const again = await eventsOf(requestOf(device, config, { makeRunner: runnerMaker(device, { execution }) }));
  expect(ofKind(again, 'started')[0]?.execution).toEqual({ runner: 'compiled', threads: 1, kernelVariants });
  const elsewhere = runnerMaker(device, { execution: { ...execution, backend: 'wasm', runner: 'tfjs' } });
  const other = await eventsOf(requestOf(device, config, { makeRunner: elsewhere }));
  expect(ofKind(other, 'started')[0]?.execution.kernelVariants).toEqual(table);
});

/** A list that starts with an activation: tfjs runs it, there is no compiled form. */
function oddJob() {
  const job = jobOf(tinyConfig({ 'model.depth': 1 }), tinyDataset());
  const layers = [{ kind: 'activation', function: 'relu' } as const, ...job.layers];
  const state = new Map(initialWeights(layers, 0).map((tensor) => [tensor.name, tensor]));
  return { job: { ...job, layers }, state };
}

test('a network without a compiled form runs on tfjs on the same backend, and says so', async () => {
  const device = await deviceOf('wasm');
  const { job, state } = oddJob();
  const runner = await device.guard(() => runnerMaker(device)(job, state));
  expect(device.info.runner).toBe('compiled');
  expect(runner.execution).toMatchObject({ runner: 'tfjs', threads: 1 });
  expect(runner.execution.note).toContain('an activation without a matrix or norm before it');
  const { losses } = await device.guard(async () => {
    runner.step(0, 0.01, false);
    return runner.read();
  });
  expect(losses[0]).toBeGreaterThan(0);
  runner.dispose();
  await expect(runnerMaker(device, { choice: 'compiled' })(job, state)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('choose the tfjs runner'),
  });
});

test('the recorded runner is taken again, unless another is asked for', async () => {
  const device = await deviceOf('wasm');
  const { job, state } = oddJob();
  const even = { ...job, layers: job.layers.slice(1) };
  const execution = { backend: 'wasm', runner: 'tfjs', threads: 1 } as const;
  const nameOf = async (wish: Parameters<typeof runnerMaker>[1]): Promise<string> => {
    const runner = await runnerMaker(device, wish)(even, state);
    runner.dispose();
    return runner.execution.runner;
  };
  expect(await nameOf({ execution })).toBe('tfjs');
  expect(await nameOf({ execution, choice: 'compiled' })).toBe('compiled');
  expect(await nameOf({ execution: { ...execution, backend: 'webgpu' } })).toBe('compiled');
});

test('a step is measured on GPU and CPU, once for a size, and reported', async () => {
  const device = await deviceOf('webgpu');
  const job = jobOf(tinyConfig({ 'model.depth': 1 }), tinyDataset());
  const state = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
  const tunings: KernelTuning[] = [];
  const compare = (known: readonly KernelTuning[], measures: boolean) =>
    compareBackends(
      device,
      {
        size: 's',
        job,
        state,
        tuning: { known, measures },
        onTuned: (one) => tunings.push(one),
      },
      1, // A page's main thread may not wait for others.
    );
  expect(await compare([], false)).toBeNull();
  const timings = await compare([], true);
  expect(timings?.webgpu).toBeGreaterThan(0);
  expect(timings?.wasm).toBeGreaterThan(0);
  expect(tunings).toMatchObject([{ backends: { s: timings } }]);
  expect(await compare(tunings, true)).toEqual(timings);
  expect(tunings).toHaveLength(1);
});

const dataset = tinyDataset();
const card = cardOf(dataset);

/** A worker on a machine whose adapter counts as a GPU, where `wasm` is as fast as said. */
function worker(wasm: number, changes: Partial<Tools> = {}) {
  const events: Event[] = [];
  const opened: string[] = [];
  let comparisons = 0;
  const perform = createCommands({
    post: (event) => events.push(event),
    openDevice: async (choice): Promise<Device> => {
      opened.push(choice);
      const device = await openDevice(choice === 'auto' ? 'webgpu' : choice);
      return { ...device, info: { ...device.info, fallbackAdapter: false } };
    },
    loadDataset: async () => ({ dataset, card, keep: null }),
    splitRows,
    runnerMaker: () => createTfjsRunner,
    compareBackends: async () => {
      comparisons++;
      return { webgpu: 1, wasm };
    },
    measureSpeed: async () => ({ flopsPerSecond: 1e9, secondsPerOperation: 1e-5 }),
    ...changes,
  });
  const start = (runId: string, options: StartOptions): Command => ({
    kind: 'start',
    runId,
    config: tinyConfig({ 'train.steps': 2 }),
    options,
  });
  const startedOn = () => events.flatMap((event) => (event.kind === 'started' ? [event.device] : []));
  return { events, opened, perform, start, startedOn, comparisons: () => comparisons };
}

const tuning = { known: [], measures: true };

test('a small network goes to the CPU where that is clearly faster, with a note; compared once', async () => {
  const { perform, opened, start, startedOn, comparisons } = worker(0.4);
  await perform({ kind: 'open', backend: 'auto', runner: 'auto' });
  await perform(start('a', { tuning }));
  await perform(start('b', { tuning }));
  expect(startedOn()).toMatchObject([{ backend: 'wasm' }, { backend: 'wasm' }]);
  expect(startedOn()[0]?.note).toContain('0.40 ms on the CPU and 1.0 ms on the GPU');
  expect(opened).toEqual(['auto', 'wasm']);
  expect(comparisons()).toBe(1);
  // Without measurements the table decides: the GPU.
  await perform(start('c', {}));
  expect(startedOn()[2]).toMatchObject({ backend: 'webgpu' });
});

test('it stays on the GPU where the CPU is not clearly faster, and where the choice is not open', async () => {
  const close = worker(0.95);
  await close.perform({ kind: 'open', backend: 'auto', runner: 'auto' });
  await close.perform(close.start('a', { tuning }));
  expect(close.startedOn()).toMatchObject([{ backend: 'webgpu' }]);
  const named = worker(0.4);
  await named.perform({ kind: 'open', backend: 'webgpu', runner: 'auto' });
  await named.perform(named.start('a', { tuning }));
  expect(named.startedOn()).toMatchObject([{ backend: 'webgpu' }]);
  expect(named.comparisons()).toBe(0);
});

test('a run goes on where it began, or fails with what to do', async () => {
  const { perform, events, start, startedOn } = worker(0.4);
  await perform({ kind: 'open', backend: 'auto', runner: 'auto' });
  await perform(start('a', { untilStep: 1 }));
  const saved = events.find((event) => event.kind === 'checkpoint');
  const from = saved?.kind === 'checkpoint' ? saved.bytes : [];
  await perform(start('a', { from, execution: { backend: 'cpu', runner: 'tfjs', threads: 1 } }));
  expect(startedOn()).toMatchObject([{ backend: 'webgpu' }, { backend: 'cpu' }]);
  const without = worker(0.4, {
    openDevice: async (choice) => {
      if (choice === 'webgpu') throw new Error('This browser has no WebGPU.');
      return openDevice('cpu');
    },
  });
  await without.perform({ kind: 'open', backend: 'auto', runner: 'auto' });
  const execution = { backend: 'webgpu', runner: 'compiled', threads: 1 } as const;
  await without.perform(without.start('a', { from, execution }));
  const { message } = without.events.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []))[0] ?? {};
  expect(message).toBe(
    'The run began on webgpu, which does not open: This browser has no WebGPU. Choose another backend by name to go on there.',
  );
});

test('a device that measuring cost is opened again, and the run goes on by the table', async () => {
  let attempts = 0;
  const lost: KernelTuning = {
    key: 'k',
    adapter: '',
    browser: '',
    buckets: {},
    avoided: ['tile128'],
    backends: {},
  };
  const { perform, events, opened, start } = worker(2, {
    runnerMaker:
      (device, { kernels }) =>
      async (job, state) => {
        attempts++;
        if (attempts > 1) {
          expect(kernels).toMatchObject({ measures: false, known: [lost] });
          return createTfjsRunner(job, state);
        }
        device.gpu?.destroy();
        await device.gpu?.lost;
        kernels?.onTuned?.(lost, true);
        throw new Error('lost');
      },
  });
  await perform({ kind: 'open', backend: 'webgpu', runner: 'auto' });
  await perform(start('a', { tuning }));
  expect(opened).toEqual(['webgpu', 'webgpu']);
  const kinds = events.flatMap((one) => (one.kind === 'ready' ? [] : [one.kind]));
  expect(kinds.slice(0, 2)).toEqual(['tuned', 'started']);
  expect(kinds.at(-1)).toBe('ended');
});
