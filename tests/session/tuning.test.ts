// What the engine measured is kept and given back; a resumed run is told how it was executed.
import { expect, test } from 'vitest';
import type { KernelTuning } from '../../src/experiment/kernel-tuning.ts';
import type { DeviceInfo } from '../../src/experiment/protocol.ts';
import { createConsole } from '../../src/session/console.ts';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { cardOf, device, scriptedSession } from './scripted.ts';

const measured: KernelTuning = {
  key: 'a GPU | Chrome 156',
  adapter: 'a GPU',
  browser: 'Chrome 156',
  buckets: { bucket: { variant: 'tile64', product: { layout: 'NT', m: 1, n: 2, k: 3 }, timings: [] } },
  avoided: [],
  backends: {},
};

test('measurements outlive the page view and go with every start', async () => {
  const storage = createMemoryStorage();
  const before = scriptedSession({ storage: async () => storage });
  await before.trainNow();
  expect(before.engineSide.started().options.tuning).toEqual({ known: [], measures: true });
  before.engineSide.say({ kind: 'tuned', tuning: measured });
  await before.settle();
  expect(await createConsole(before).tuning()).toEqual({ isOn: true, known: [measured] });

  const after = scriptedSession({ storage: async () => storage });
  await after.trainNow();
  expect(after.engineSide.started().options.tuning).toEqual({ known: [measured], measures: true });
});

test('two tabs keep what both measured', async () => {
  const storage = createMemoryStorage();
  const [one, two] = [
    scriptedSession({ storage: async () => storage }),
    scriptedSession({ storage: async () => storage }),
  ];
  await Promise.all([one.settle(), two.settle()]);
  one.engineSide.say({ kind: 'tuned', tuning: measured });
  await one.settle();
  two.engineSide.say({ kind: 'tuned', tuning: { ...measured, buckets: {}, avoided: ['tile128'] } });
  await two.settle();
  const third = scriptedSession({ storage: async () => storage });
  await third.settle();
  expect(third.session.get().tuning.known).toEqual([{ ...measured, avoided: ['tile128'] }]);
});

test('switched off, a start is told nothing, also on the next visit', async () => {
  const storage = createMemoryStorage();
  const lab = scriptedSession({ storage: async () => storage });
  await createConsole(lab).setTuning(false);
  await lab.trainNow();
  expect(lab.engineSide.started().options.tuning).toBeUndefined();
  await lab.settle();
  const next = scriptedSession({ storage: async () => storage });
  await next.settle();
  expect(next.session.get().tuning.isOn).toBe(false);
});

test('a resumed run is told its backend, runner, threads and kernels; a new one nothing', async () => {
  const lab = scriptedSession();
  await lab.session.actions.train();
  const { runId, config, options } = lab.engineSide.started();
  expect(options.execution).toBeUndefined();
  const kernelVariants = { 'NT 8×8×8 plain': 'kgroup' };
  const on: DeviceInfo = {
    ...device,
    backend: 'webgpu',
    runner: 'compiled',
    adapter: 'a GPU',
    kernelVariants,
  };
  lab.engineSide.say({ kind: 'started', runId, step: 0, device: on, data: cardOf(config.data) });
  lab.checkpoint(4);
  lab.ended('stopped', 4);
  await lab.settle();
  await lab.session.actions.train();
  expect(lab.engineSide.started()).toMatchObject({ runId });
  expect(lab.engineSide.started().options.execution).toEqual({
    backend: 'webgpu',
    runner: 'compiled',
    threads: 1,
    kernelVariants,
  });
  // The page's choice stays what it was: the engine returns by itself.
  expect(lab.session.get().backend).toBe('auto');
});

test('a script reproduces a run by its device', async () => {
  const lab = scriptedSession();
  const execution = { backend: 'wasm', runner: 'compiled', threads: 2 } as const;
  void createConsole(lab).train('#model.width=8&v=1', { execution });
  await lab.settle();
  expect(lab.engineSide.started().options.execution).toEqual(execution);
});

test('the runner that is asked for is opened again when it changes', async () => {
  const lab = scriptedSession();
  await lab.settle();
  const api = createConsole(lab);
  await api.open('auto', 'tfjs');
  await api.open('auto', 'tfjs');
  await api.open('auto');
  const asked = lab.engineSide.commands.flatMap((one) => (one.kind === 'open' ? [one.runner] : []));
  expect(asked).toEqual(['auto', 'tfjs', 'auto']);
});
