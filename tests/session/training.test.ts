// One run at a time, its life from Train to the end, and what goes wrong on the way.
import { afterEach, expect, test, vi } from 'vitest';
import { runId } from '../../src/experiment/config.ts';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { createPageLocks } from '../../src/session/run-locks.ts';
import { cardOf, device, scriptedSession } from './scripted.ts';

afterEach(() => vi.useRealTimers());

test('trains the draft to its end and keeps everything', async () => {
  const lab = scriptedSession();
  const key = await lab.trainNow();
  expect(key).toMatch(/^[0-9a-f]{64}-f{8}-1$/);
  expect(lab.session.get()).toMatchObject({
    active: key,
    preparing: false,
    runs: [{ key, state: 'running' }],
  });
  lab.metrics(1);
  lab.metrics(10);
  expect(lab.session.get().live).toMatchObject({ step: 10, totalSteps: 70, seconds: 1 });
  expect(lab.session.get().live?.stepsPerSecond).toBeGreaterThan(0);
  expect(lab.session.get().live?.etaSeconds).toBeGreaterThan(0);
  lab.checkpoint(10);
  lab.ended('finished', 10);
  expect(lab.session.get()).toMatchObject({ active: null, live: null });
  await lab.settle();
  const storage = await lab.keeping.opened;
  expect(await storage.runs()).toMatchObject([
    { key, state: 'finished', step: 10, checkpointStep: 10, seconds: 1 },
  ]);
  expect((await storage.checkpoint(key))?.step).toBe(10);
  expect(lab.session.log(key)?.column('train/loss').steps).toEqual(new Float64Array([1, 10]));
  expect(lab.session.get().shown).toEqual([{ key, slot: 0 }]);
});

test('starts one run, however often Train is pressed', async () => {
  const lab = scriptedSession();
  const { actions } = lab.session;
  await Promise.all([actions.train(), actions.train(), actions.restart(), actions.step()]);
  await actions.train();
  await lab.settle();
  expect(lab.engineSide.commands.filter(({ kind }) => kind === 'start')).toHaveLength(1);
  expect(lab.session.get().runs).toHaveLength(1);
});

test('a finished run is trained again as a new attempt, restart makes one too', async () => {
  const lab = scriptedSession();
  const first = await lab.trainNow();
  lab.checkpoint(5);
  lab.ended('finished', 5);
  const second = await lab.trainNow();
  expect([first, second].map((key) => key.at(-1))).toEqual(['1', '2']);
  lab.checkpoint(3);
  lab.ended('stopped', 3);
  await lab.session.actions.restart();
  expect(lab.engineSide.started().runId.at(-1)).toBe('3');
  expect(lab.engineSide.started().options.from).toBeUndefined();
  const slots = new Set(lab.session.get().shown.map(({ slot }) => slot));
  expect(slots).toEqual(new Set([0]));
});

test('a stopped run goes on from its checkpoint with its series cut there', async () => {
  const lab = scriptedSession();
  const key = await lab.trainNow();
  lab.metrics(5);
  lab.checkpoint(5);
  lab.metrics(8);
  lab.engineSide.break();
  await lab.settle();
  expect(lab.session.get().runs[0]).toMatchObject({ state: 'failed', checkpointStep: 5, step: 5 });
  expect(await lab.trainNow(5)).toBe(key);
  const { from } = lab.engineSide.started().options;
  expect(await new Response(from?.[0] as Blob).text()).toBe('at 5');
  lab.metrics(6);
  lab.checkpoint(6);
  lab.ended('finished', 6);
  await lab.settle();
  expect(lab.session.log(key)?.column('train/loss').steps).toEqual(new Float64Array([5, 6]));
  const stored = await (await lab.keeping.opened).series(key);
  expect(stored.flatMap((chunk) => [...(chunk['train/loss']?.steps ?? [])])).toEqual([5, 6]);
});

test('one step goes from the checkpoint to the next step', async () => {
  const lab = scriptedSession();
  await lab.session.actions.step();
  expect(lab.engineSide.started().options.untilStep).toBe(1);
  const { runId } = lab.engineSide.started();
  lab.engineSide.say({ kind: 'started', runId, step: 0, device, data: cardOf('fashion-mnist') });
  lab.checkpoint(1);
  lab.ended('stopped', 1);
  await lab.session.actions.step();
  expect(lab.engineSide.started()).toMatchObject({ runId, options: { untilStep: 2 } });
});

test('Stop answers at once, and replaces an engine that does not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const lab = scriptedSession();
  const key = await lab.trainNow();
  lab.metrics(100);
  lab.metrics(200);
  lab.checkpoint(200);
  lab.session.actions.stop();
  expect(lab.session.get().stopping).toBe(true);
  expect(lab.engineSide.commands.at(-1)).toEqual({ kind: 'stop', runId: key });
  await lab.settle();
  vi.advanceTimersByTime(1900);
  lab.metrics(300); // It still works: the wait begins again.
  vi.advanceTimersByTime(1900);
  expect(lab.session.get().active).toBe(key);
  vi.advanceTimersByTime(200);
  expect(lab.session.get()).toMatchObject({ active: null, stopping: false });
  expect(lab.session.get().runs[0]).toMatchObject({ state: 'stopped', step: 200, checkpointStep: 200 });
  expect(lab.engineSide.count()).toEqual({ made: 2, terminated: 1 });
  await lab.settle();
  expect(await lab.trainNow(200)).toBe(key);
});

test('Stop gives up a run that is being prepared', async () => {
  const lab = scriptedSession({ loads: false });
  const pressed = lab.session.actions.train();
  await lab.settle();
  expect(lab.session.get().preparing).toBe(true);
  lab.session.actions.stop();
  expect(lab.session.get().preparing).toBe(false);
  lab.engineSide.say({ kind: 'loaded', card: cardOf('fashion-mnist'), keep: null });
  await pressed;
  expect(lab.engineSide.commands.some(({ kind }) => kind === 'start')).toBe(false);
  expect(lab.session.get().startFailure).toBeNull();
  await lab.trainNow();
  expect(lab.session.get().active).not.toBeNull();
});

test('an engine that keeps breaking is not started for ever', async () => {
  const lab = scriptedSession();
  await lab.settle();
  for (let count = 0; count < 5; count++) lab.engineSide.break();
  expect(lab.engineSide.count().made).toBeLessThanOrEqual(4);
  expect(lab.session.get().engine.status).toBe('failed');
  lab.session.actions.setBackend('cpu');
  await lab.settle();
  expect(lab.session.get().engine.status).toBe('ready');
});

test('a lost device is replaced and the run goes on by itself', async () => {
  const lab = scriptedSession();
  const key = await lab.trainNow();
  lab.checkpoint(4);
  await lab.settle();
  const failure = { code: 'device-lost', message: 'lost' } as const;
  lab.engineSide.say({ kind: 'failed', runId: key, failure });
  await lab.settle();
  await lab.settle();
  expect(lab.engineSide.count().made).toBe(2);
  expect(lab.engineSide.started()).toMatchObject({ runId: key });
  expect(lab.engineSide.started().options.from).toBeDefined();
  expect(lab.session.get().active).toBe(key);
});

test('a full disk is told, training goes on, and the stored checkpoint stays', async () => {
  const storage = createMemoryStorage();
  let isFull = false;
  const full = async (): Promise<never> => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const lab = scriptedSession({
    storage: async () => ({ ...storage, save: (progress) => (isFull ? full() : storage.save(progress)) }),
  });
  const key = await lab.trainNow();
  lab.metrics(1);
  lab.checkpoint(1);
  await lab.settle();
  isFull = true;
  lab.metrics(2);
  lab.checkpoint(2);
  await lab.settle();
  expect(lab.session.get().storage.failure?.code).toBe('storage-full');
  expect(lab.session.get()).toMatchObject({ active: key, runs: [{ state: 'running', checkpointStep: 2 }] });
  expect((await storage.checkpoint(key))?.step).toBe(1);
  expect(await storage.runs()).toMatchObject([{ checkpointStep: 1 }]);
  isFull = false;
  lab.metrics(3);
  lab.checkpoint(3);
  await lab.settle();
  expect(lab.session.get().storage.failure).toBeNull();
  const stored = await storage.series(key);
  expect(stored.flatMap((chunk) => [...(chunk['train/loss']?.steps ?? [])])).toEqual([1, 2, 3]);
  isFull = true;
  lab.checkpoint(4);
  lab.ended('stopped', 4);
  await lab.settle();
  expect(lab.session.get().runs[0]).toMatchObject({ state: 'stopped', checkpointStep: 4 });
  await lab.trainNow(4);
  expect(await new Response(lab.engineSide.started().options.from?.[0] as Blob).text()).toBe('at 4');
});

test('a checkpoint that the browser has deleted is told, not assumed', async () => {
  const storage = createMemoryStorage();
  const lab = scriptedSession({ storage: async () => ({ ...storage, checkpoint: async () => null }) });
  await lab.trainNow();
  lab.checkpoint(4);
  lab.ended('stopped', 4);
  await lab.settle();
  await lab.session.actions.train();
  expect(lab.session.get().startFailure?.code).toBe('checkpoint-incompatible');
  expect(lab.session.get().runs[0]?.checkpointStep).toBeNull();
  await lab.session.actions.train();
  expect(lab.session.get().active?.at(-1)).toBe('2');
});

test('two sessions never write one run', async () => {
  const storage = createMemoryStorage();
  const locks = createPageLocks();
  const [one, two] = [1, 2].map(() => scriptedSession({ storage: async () => storage, locks })) as [
    ReturnType<typeof scriptedSession>,
    ReturnType<typeof scriptedSession>,
  ];
  const key = await one.trainNow();
  one.checkpoint(3);
  await one.settle();
  await two.session.actions.train();
  await two.settle();
  expect(two.session.get().runs.find((run) => run.key === key)?.state).toBe('running');
  expect(two.engineSide.started().runId).not.toBe(key);
  two.session.actions.stop();
  two.ended('stopped', 0);
  one.ended('stopped', 3);
  await one.settle();
  await two.settle();
  await Promise.all([
    one.session.actions.resume(key),
    two.runs.refresh().then(() => two.session.actions.resume(key)),
  ]);
  const writers = [one, two].filter((lab) => lab.session.get().active === key);
  expect(writers).toHaveLength(1);
  const loser = one.session.get().active === key ? two : one;
  expect(loser.session.get().startFailure?.message ?? '').toMatch(/tab/);
});

test('a fork goes on from its parent’s checkpoint with other settings, and is a run of its own', async () => {
  const storage = createMemoryStorage();
  const lab = scriptedSession({ storage: async () => storage, link: '#data=digits&train.steps=100&v=1' });
  const parent = await lab.trainNow();
  lab.metrics(5);
  lab.checkpoint(40);
  lab.ended('stopped', 40);
  await lab.settle();
  const { actions } = lab.session;
  actions.fork(parent);
  actions.edit({ 'optimizer.learningRate': 1e-4 });
  expect(lab.session.get().fork).toBe(parent);
  const child = await lab.trainNow(40);
  const { options, config } = lab.engineSide.started();
  const [run, before] = lab.session.get().runs;
  expect(child).not.toBe(parent);
  expect(config['optimizer.learningRate']).toBe(1e-4);
  expect(run).toMatchObject({ key: child, step: 40, parent: { key: parent, id: before?.id, step: 40 } });
  expect(run?.id).not.toBe(runId(config));
  expect(options).toMatchObject({ parent: { id: before?.id, step: 40 } });
  expect(await new Blob(options.from as Blob[]).text()).toBe('at 40');
  expect(lab.session.get().fork).toBeNull();
  await lab.settle();
  // Its own from the first moment: the parent may go.
  expect((await storage.checkpoint(child))?.step).toBe(40);
  lab.ended('stopped', 40);
  await lab.settle();
  await actions.remove([parent]);
  await actions.resume(child);
  expect(lab.engineSide.started()).toMatchObject({
    runId: child,
    options: { parent: { id: before?.id, step: 40 } },
  });
});

test('a fork that does not fit starts nothing and says why; another link is no fork', async () => {
  const lab = scriptedSession({ link: '#data=digits&train.steps=100&v=1' });
  const parent = await lab.trainNow();
  lab.checkpoint(40);
  lab.ended('stopped', 40);
  await lab.settle();
  const { actions } = lab.session;
  actions.fork(parent);
  actions.edit({ 'model.width': 32 });
  await actions.train();
  expect(lab.session.get()).toMatchObject({ active: null, startFailure: { code: 'config-invalid' } });
  expect(lab.session.get().startFailure?.message).toContain('linear_in.weight');
  actions.openLink('#data=digits&v=1');
  expect(lab.session.get().fork).toBeNull();
});

test('rewinding trains the same config again from step 0, as another attempt', async () => {
  const lab = scriptedSession({ link: '#data=digits&train.steps=100&seed=3&v=1' });
  const first = await lab.trainNow();
  lab.checkpoint(40);
  lab.ended('stopped', 40);
  await lab.settle();
  lab.session.actions.edit({ seed: 5 });
  await lab.session.actions.rewind(first);
  const { runId: second, config, options } = lab.engineSide.started();
  expect(second).not.toBe(first);
  expect(second.slice(0, -1)).toBe(first.slice(0, -1));
  expect(config.seed).toBe(3);
  expect(options.from).toBeUndefined();
  expect(lab.session.get().draft.seed).toBe(3);
});
