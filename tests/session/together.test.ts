// Several runs side by side: one start, one stop, one recovery; else each is a run like any other.
import { expect, test } from 'vitest';
import { columnOf } from '../../src/core/metrics.ts';
import type { Start } from '../../src/experiment/protocol.ts';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { createPageLocks } from '../../src/session/run-locks.ts';
import { blobOf, cardOf, device, type Scripted, type ScriptedOptions, scriptedSession } from './scripted.ts';

const link = '#data=digits&sweep.train.batchSize=256,64,128&train.steps=40';

/** Presses the button; gives what the engine was told, in the order of the batch sizes. */
async function startedIn(lab: Scripted): Promise<readonly Start[]> {
  await lab.settle();
  const before = lab.engineSide.commands.length;
  await lab.session.actions.startTogether();
  const command = lab.engineSide.commands.slice(before).findLast(({ kind }) => /^start/.test(kind));
  const starts =
    command?.kind === 'start-together' ? command.starts : command?.kind === 'start' ? [command] : [];
  for (const { runId, config, options } of starts) {
    const step = options.from ? 5 : 0;
    lab.engineSide.say({ kind: 'started', runId, step, device, data: cardOf(config.data) });
  }
  return starts;
}

const speak = (lab: Scripted, runId: string) => ({
  metrics: (step: number) =>
    lab.engineSide.say({
      kind: 'metrics',
      runId,
      chunk: { 'train/loss': columnOf([[step, 1 / step]]), 'time/seconds': columnOf([[step, step / 10]]) },
      step,
      totalSteps: 40,
    }),
  checkpoint: (step: number) =>
    lab.engineSide.say({
      kind: 'checkpoint',
      runId,
      step,
      seconds: step / 10,
      bytes: [blobOf(`at ${step}`)],
    }),
  ended: (outcome: 'finished' | 'stopped' | 'diverged', step: number) =>
    lab.engineSide.say({ kind: 'ended', runId, outcome, step, seconds: step / 10 }),
});

const lab = (options: ScriptedOptions = {}): Scripted => scriptedSession({ link, ...options });
const keysOf = (starts: readonly Start[]): readonly string[] => starts.map(({ runId }) => runId);
const runOf = ({ session }: Scripted, key: string) => session.get().runs.find((run) => run.key === key);

test('all start at once, in the order of their values, each with its own run, curve and colour', async () => {
  const one = lab();
  const starts = await startedIn(one);
  const keys = keysOf(starts);
  expect(starts.map(({ config }) => config['train.batchSize'])).toEqual([64, 128, 256]);
  expect(one.engineSide.commands.at(-1)).toMatchObject({ kind: 'start-together', by: 'step' });
  expect(one.session.get()).toMatchObject({ active: keys[0], preparing: false });
  expect(one.session.get().shown).toEqual(keys.map((key, slot) => ({ key, slot })));
  for (const [index, key] of keys.entries()) {
    speak(one, key).metrics(10 + index);
    speak(one, key).checkpoint(10 + index);
  }
  expect(Object.values(one.session.get().training).map(({ step }) => step)).toEqual([10, 11, 12]);
  // The page speaks of the first that has not ended.
  speak(one, keys[0] as string).ended('finished', 10);
  expect(one.session.get()).toMatchObject({ active: keys[1], live: { step: 11 } });
  speak(one, keys[2] as string).ended('diverged', 12);
  speak(one, keys[1] as string).metrics(20);
  speak(one, keys[1] as string).checkpoint(20);
  speak(one, keys[1] as string).ended('finished', 20);
  expect(one.session.get()).toMatchObject({ active: null, live: null, training: {}, stopping: false });
  await one.training.idle();
  await one.settle();
  expect(keys.map((key) => runOf(one, key)?.state)).toEqual(['finished', 'finished', 'diverged']);
  const storage = await one.keeping.opened;
  expect(await storage.runs()).toHaveLength(3);
  for (const key of keys) expect((await storage.checkpoint(key))?.step).toBe(runOf(one, key)?.step);
  expect(one.session.log(keys[1] as string)?.column('train/loss').steps).toEqual(new Float64Array([11, 20]));
});

test('Stop stops them all; the next start goes on with what is not over, from its checkpoints', async () => {
  const one = lab();
  const keys = keysOf(await startedIn(one));
  const [first, second, third] = keys.map((key) => speak(one, key));
  first?.checkpoint(40);
  first?.ended('finished', 40);
  one.session.actions.stop();
  const stops = one.engineSide.commands.filter(({ kind }) => kind === 'stop');
  expect(stops).toEqual(keys.slice(1).map((runId) => ({ kind: 'stop', runId })));
  second?.checkpoint(5);
  second?.ended('stopped', 5);
  expect(one.session.get()).toMatchObject({ active: keys[2], stopping: true });
  third?.checkpoint(5);
  third?.ended('stopped', 5);
  expect(one.session.get()).toMatchObject({ active: null, stopping: false });
  const again = await startedIn(one);
  expect(keysOf(again)).toEqual(keys.slice(1));
  for (const { options } of again) expect(await new Response(options.from?.[0] as Blob).text()).toBe('at 5');
});

test('a reload goes on the same way; once all are over a start trains each anew, in its colour', async () => {
  const storage = createMemoryStorage();
  const before = lab({ storage: async () => storage });
  const keys = keysOf(await startedIn(before));
  for (const key of keys) speak(before, key).checkpoint(5);
  await before.settle();
  before.leave();
  const after = lab({ storage: async () => storage });
  const resumed = await startedIn(after);
  expect(keysOf(resumed)).toEqual(keys);
  expect(resumed.every(({ options }) => options.from)).toBe(true);
  for (const key of keys) {
    speak(after, key).checkpoint(40);
    speak(after, key).ended('finished', 40);
  }
  const anew = keysOf(await startedIn(after));
  expect(anew.map((key) => key.at(-1))).toEqual(['2', '2', '2']);
  expect(after.session.get().shown).toEqual(anew.map((key, slot) => ({ key, slot })));
});

test('where one cannot be had none is started, and no lock is kept', async () => {
  const locks = createPageLocks();
  const storage = createMemoryStorage();
  const options = { locks, storage: async () => storage };
  const one = lab(options);
  const keys = keysOf(await startedIn(one));
  for (const key of keys) {
    speak(one, key).checkpoint(5);
    speak(one, key).ended('stopped', 5);
  }
  await one.training.idle();
  const release = await locks.acquire(keys[1] as string);
  const two = lab(options);
  expect(await startedIn(two)).toEqual([]);
  expect(two.session.get()).toMatchObject({
    active: null,
    preparing: false,
    startFailure: { code: 'cancelled' },
  });
  expect(await locks.held()).toEqual(new Set([keys[1]]));
  release?.();
  expect(keysOf(await startedIn(two))).toEqual(keys);
});

test('a lost device is recovered from by all together; a failure of one run leaves the others', async () => {
  const one = lab();
  const keys = keysOf(await startedIn(one));
  for (const key of keys) speak(one, key).checkpoint(5);
  const [first, second, third] = keys as [string, string, string];
  one.engineSide.say({ kind: 'failed', runId: second, failure: { code: 'internal', message: 'odd' } });
  expect(one.session.get()).toMatchObject({ active: first, startFailure: null });
  expect(Object.keys(one.session.get().training)).toEqual([first, third]);
  one.engineSide.say({ kind: 'failed', runId: third, failure: { code: 'device-lost', message: 'lost' } });
  await one.settle();
  const last = one.engineSide.commands.findLast(({ kind }) => kind === 'start-together');
  expect(last?.kind === 'start-together' && keysOf(last.starts)).toEqual([first, third]);
  expect(runOf(one, second)).toMatchObject({ state: 'failed', checkpointStep: 5 });
});

test('an engine that breaks ends them all with what is stored', async () => {
  const one = lab();
  const keys = keysOf(await startedIn(one));
  for (const key of keys) speak(one, key).checkpoint(5);
  one.engineSide.break();
  await one.settle();
  expect(one.session.get()).toMatchObject({ active: null, training: {} });
  for (const key of keys) expect(runOf(one, key)).toMatchObject({ state: 'failed', checkpointStep: 5 });
});

test('what they have in equal parts follows the x axis', async () => {
  const one = lab();
  await startedIn(one);
  for (const x of ['epoch', 'seconds', 'flops'] as const) one.session.actions.setView({ x });
  const told = one.engineSide.commands.flatMap((command) => (command.kind === 'turns' ? [command.by] : []));
  expect(told).toEqual(['examples', 'seconds', 'flops']);
});

test('more memory than a tab is given is refused before anything starts, with what to do', async () => {
  const wide = '#data=digits&model=isotropic&model.depth=8&sweep.model.width=4096,4097,4098&train.steps=4';
  const one = lab({ link: wide });
  expect(await startedIn(one)).toEqual([]);
  expect(one.session.get().startFailure).toMatchObject({ code: 'config-invalid' });
  expect(one.session.get().startFailure?.message).toMatch(/3 runs side by side need .*smaller ones/);
  expect(one.session.get().runs).toEqual([]);
});

test('nothing else starts while they train, and deleting one of them stops all first', async () => {
  const one = lab();
  const keys = keysOf(await startedIn(one));
  await one.session.actions.train();
  await one.session.actions.startTogether();
  expect(one.engineSide.commands.filter(({ kind }) => /^start/.test(kind))).toHaveLength(1);
  const removed = one.session.actions.remove([keys[2] as string]);
  expect(one.session.get().stopping).toBe(true);
  for (const key of keys) {
    speak(one, key).checkpoint(7);
    speak(one, key).ended('stopped', 7);
  }
  await removed;
  expect(
    one.session
      .get()
      .runs.map(({ key }) => key)
      .toSorted(),
  ).toEqual(keys.slice(0, 2).toSorted());
});

test('where nobody looks, the browser tells once, when the last of them has ended', async () => {
  const told: string[] = [];
  const notifier = { allow: async () => true, tell: (title: string) => void told.push(title) };
  const one = lab({ isVisible: () => false, notifier });
  await one.session.actions.setNotify(true);
  const keys = keysOf(await startedIn(one));
  for (const [index, key] of keys.entries()) {
    expect(told, `before end ${index + 1}`).toEqual([]);
    speak(one, key).checkpoint(40);
    speak(one, key).ended('finished', 40);
  }
  expect(told).toHaveLength(1);
});
