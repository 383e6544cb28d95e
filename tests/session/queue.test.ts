// The queue of sweeps on a scripted engine: what is trained, in which order, and what survives whatever happens.
import { describe, expect, test, vi } from 'vitest';
import type { Failure, FailureCode } from '../../src/core/failure.ts';
import { createConsole } from '../../src/session/console.ts';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { createPageLocks } from '../../src/session/run-locks.ts';
import { type Scripted, type ScriptedOptions, scriptedSession, tabGroup } from './scripted.ts';

const LINK = '#data=digits&train.epochs=1&sweep.model.width=8,16&sweep.seeds=2&v=1';

function labOf(options: ScriptedOptions = {}) {
  const scripted = scriptedSession({ link: LINK, trains: () => 'finished', ...options });
  return { scripted, lab: createConsole(scripted) };
}

const starts = ({ engineSide }: Scripted) =>
  engineSide.commands.flatMap((command) => (command.kind === 'start' ? [command] : []));
const widths = (scripted: Scripted) =>
  starts(scripted).map(({ config }) => `${config['model.width']}/${config.seed}`);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 5000, interval: 1 });

describe('a sweep', () => {
  test('starts nothing by being opened; started, it trains each trial once, the cheapest first', async () => {
    const { scripted, lab } = labOf();
    await scripted.settle();
    expect(starts(scripted)).toEqual([]);
    const report = await lab.sweep(LINK);
    expect(widths(scripted)).toEqual(['8/0', '8/1', '16/0', '16/1']);
    expect(report.counts).toMatchObject({ done: 4, queued: 0, failed: 0 });
    expect(report.trials[0]).toMatchObject({ state: 'done', final: { 'train/loss': 0.5 } });
    expect(await lab.runs()).toHaveLength(4);
    await lab.sweep(LINK);
    expect(starts(scripted)).toHaveLength(4);
  });

  test('shares trials with other sweeps and with runs that a person made', async () => {
    const { scripted, lab } = labOf();
    await lab.train('data=digits&train.epochs=1&model.width=16&seed=1');
    await lab.sweep(LINK);
    await lab.sweep('data=digits&train.epochs=1&sweep.model.width=16,32');
    expect(widths(scripted)).toEqual(['16/1', '8/0', '8/1', '16/0', '32/0']);
  });

  test('leaves the charts as they were and keeps no log of hundreds of runs', async () => {
    const { scripted, lab } = labOf();
    await lab.sweep(LINK);
    expect(scripted.session.get().shown).toEqual([]);
    expect(scripted.session.get().seriesVersion).toEqual({});
    expect(Object.keys(scripted.session.get().measured)).toHaveLength(4);
  });

  test('an outcome is an outcome: what diverged is final, what failed waits to be asked for', async () => {
    let tries = 0;
    const broken: Failure = { code: 'out-of-memory', message: 'too wide' };
    const { scripted, lab } = labOf({
      trains: ({ config }) => {
        if (config['model.width'] === 16 && config.seed === 0) return tries++ === 0 ? broken : 'finished';
        return config.seed === 1 ? 'diverged' : 'finished';
      },
    });
    const first = await lab.sweep(LINK);
    expect(first.counts).toMatchObject({ done: 1, diverged: 2, failed: 1 });
    expect(first.trials.find(({ state }) => state === 'failed')?.mark).toMatchObject({ failure: broken });
    await lab.resumeQueue();
    expect(starts(scripted)).toHaveLength(4);
    await lab.retryFailed(first.id);
    const again = await lab.sweep(LINK);
    expect(again.counts).toMatchObject({ done: 2, diverged: 2, failed: 0 });
    expect(widths(scripted).slice(4)).toEqual(['16/0']);
    // It went on from the checkpoint of the run that failed.
    expect(starts(scripted)[4]?.options.from).toBeDefined();
    expect(await lab.runs()).toHaveLength(4);
  });

  test.each<FailureCode>(['device-lost', 'dataset-unavailable', 'webgpu-unavailable'])(
    '%s would meet every trial: the queue stops and says why, nothing is marked as failed',
    async (code) => {
      const { scripted, lab } = labOf({ trains: () => ({ code, message: 'gone' }) });
      await expect(lab.sweep(LINK)).rejects.toMatchObject({ code });
      const { driving, failure, sweeps } = await lab.queue();
      expect({ driving, failure }).toMatchObject({ driving: false, failure: { code } });
      expect(sweeps[0]?.counts).toMatchObject({ failed: 0, queued: 4 });
      expect(scripted.session.get().active).toBeNull();
    },
  );

  test('a link that is no sweep, or of which nothing can be trained, is refused in words', async () => {
    const { lab } = labOf();
    await expect(lab.sweep('data=digits')).rejects.toThrow(/sweeps over nothing/);
    await expect(lab.sweep('data=digits&sweep.train.batchSize=NaN')).rejects.toThrow(/NaN/);
    await expect(lab.sweep('data=digits&train.batchSize=5000&sweep.seeds=2')).rejects.toThrow(/1000/);
    await expect(lab.train(LINK)).rejects.toThrow(/lab\.sweep/);
  });
});

describe('pause, order, removal', () => {
  /** Goes on with a trial until it is told to stop, as often as `holds` says. */
  const holding = (holds: number): ScriptedOptions => {
    let left = holds;
    return { trains: () => (left-- > 0 ? null : 'finished') };
  };

  test('a pause keeps the checkpoint, and the trial goes on from it', async () => {
    const { scripted, lab } = labOf(holding(1));
    const sweeping = lab.sweep(LINK);
    await until(() => expect(scripted.session.get().live?.step).toBeGreaterThan(0));
    expect(scripted.session.get().queue).toMatchObject({
      driving: true,
      current: { trial: expect.any(String), over: 0, total: 4 },
    });
    await lab.pauseQueue();
    expect((await sweeping).counts).toMatchObject({ queued: 4, done: 0 });
    expect(scripted.session.get().queue).toMatchObject({ driving: false, current: null });
    await lab.resumeQueue();
    expect((await lab.queue()).sweeps[0]?.counts).toMatchObject({ done: 4 });
    expect(widths(scripted)).toEqual(['8/0', '8/0', '8/1', '16/0', '16/1']);
    expect(starts(scripted)[1]?.options.from).toBeDefined();
    expect(await lab.runs()).toHaveLength(4);
  });

  test('Stop on the run stops the queue; a person may train something else meanwhile', async () => {
    const { scripted, lab } = labOf(holding(1));
    const sweeping = lab.sweep(LINK);
    await until(() => expect(scripted.session.get().live?.step).toBeGreaterThan(0));
    scripted.session.actions.stop();
    await sweeping;
    expect(scripted.session.get().queue.driving).toBe(false);
    await lab.train('data=digits&train.epochs=2');
    await lab.resumeQueue();
    expect((await lab.queue()).sweeps[0]?.counts).toMatchObject({ done: 4 });
  });

  test('a paused sweep gives way to the next one; the order can be changed; removal keeps runs', async () => {
    const other = '#data=digits&train.epochs=1&sweep.model.width=32,64&v=1';
    const { scripted, lab } = labOf(holding(1));
    const sweeping = lab.sweep(LINK);
    await until(() => expect(scripted.session.get().live?.step).toBeGreaterThan(0));
    scripted.sweeps.add(other);
    const [first, second] = scripted.session.get().queue.sweeps.map(({ id }) => id);
    scripted.session.actions.pauseQueue(first);
    await sweeping;
    expect(widths(scripted)).toEqual(['8/0', '32/0', '64/0']);
    scripted.session.actions.moveSweep(second as string, 'up');
    expect(scripted.session.get().queue.sweeps.map(({ id }) => id)).toEqual([second, first]);
    await lab.removeSweep(second as string);
    expect(await lab.runs()).toHaveLength(3);
    await lab.resumeQueue(first);
    expect((await lab.queue()).sweeps.map(({ counts }) => counts.done)).toEqual([4]);
  });

  test('a trial that is taken out is not trained until it is put back', async () => {
    const { scripted, lab } = labOf();
    const id = scripted.sweeps.add(LINK);
    const [trial] = (await scripted.lists.read(LINK)).trials;
    scripted.session.actions.skipTrial(id, trial?.id ?? '', true);
    await lab.resumeQueue();
    expect(widths(scripted)).toEqual(['8/1', '16/0', '16/1']);
    scripted.session.actions.skipTrial(id, trial?.id ?? '', false);
    await lab.resumeQueue();
    expect(widths(scripted)).toHaveLength(4);
  });
});

describe('what survives', () => {
  test('the page goes away in the middle: the queue is there, waits for a person, and repeats nothing', async () => {
    const storage = createMemoryStorage();
    const locks = createPageLocks();
    let left = 2;
    const first = labOf({
      storage: async () => storage,
      locks,
      trains: () => (left-- > 0 ? 'finished' : null),
    });
    void first.lab.sweep(LINK);
    await until(() => expect(starts(first.scripted)).toHaveLength(3));
    await until(() => expect(first.scripted.session.get().live?.step).toBeGreaterThan(0));
    await first.scripted.keeping.settled();
    // Its locks fall with it: the next page has its own.
    const second = labOf({ storage: async () => storage, locks: createPageLocks(), link: '' });
    await second.scripted.settle();
    expect(starts(second.scripted)).toEqual([]);
    expect((await second.lab.queue()).sweeps[0]).toMatchObject({
      counts: { done: 2, queued: 2, running: 0 },
    });
    await second.lab.resumeQueue();
    expect(widths(second.scripted)).toEqual(['16/0', '16/1']);
    expect(starts(second.scripted)[0]?.options.from).toBeDefined();
    const runs = await second.lab.runs();
    expect(runs.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished', 'finished']);
  });

  test('cut off before the first checkpoint, a trial begins again under its own key', async () => {
    const storage = createMemoryStorage();
    const first = scriptedSession({ link: LINK, storage: async () => storage });
    void createConsole(first).sweep(LINK);
    await until(() => expect(starts(first)).toHaveLength(1));
    await first.settle();
    const second = labOf({ storage: async () => storage, locks: createPageLocks(), link: '' });
    await second.lab.resumeQueue();
    const runs = await second.lab.runs();
    expect(runs).toHaveLength(4);
    expect(runs.every(({ state }) => state === 'finished')).toBe(true);
  });

  test('one tab drives: another one says so, sees the states, and may pause', async () => {
    const storage = createMemoryStorage();
    const [locks, tabs] = [createPageLocks(), tabGroup()];
    const shared = () => ({ storage: async () => storage, locks, tabs: tabs() });
    let holds = 1;
    const one = labOf({ ...shared(), trains: () => (holds-- > 0 ? null : 'finished') });
    const two = labOf(shared());
    const sweeping = one.lab.sweep(LINK);
    await until(() => expect(one.scripted.session.get().live?.step).toBeGreaterThan(0));
    await until(() => expect(two.scripted.session.get().queue.sweeps).toHaveLength(1));
    await expect(two.lab.resumeQueue()).rejects.toThrow(/Another tab/);
    expect(starts(two.scripted)).toEqual([]);
    expect((await two.lab.queue()).sweeps[0]?.counts.running).toBe(1);
    const [sweep] = two.scripted.session.get().queue.sweeps;
    two.scripted.session.actions.pauseQueue(sweep?.id);
    await sweeping;
    expect(one.scripted.session.get().queue).toMatchObject({ driving: false, sweeps: [{ isPaused: true }] });
    await two.lab.resumeQueue(sweep?.id);
    expect((await one.lab.queue()).sweeps[0]?.counts.done).toBe(4);
    expect(widths(two.scripted)).toHaveLength(4);
  });

  test('a full disk stops the queue after the trial that met it', async () => {
    const storage = createMemoryStorage();
    const full = Object.assign(new Error('full'), { name: 'QuotaExceededError' });
    const { scripted, lab } = labOf({
      storage: async () => ({
        ...storage,
        save: (progress) => (progress.checkpoint ? Promise.reject(full) : storage.save(progress)),
      }),
    });
    await expect(lab.sweep(LINK)).rejects.toMatchObject({ code: 'storage-full' });
    expect(starts(scripted)).toHaveLength(1);
  });
});

test('a dominated trial is stopped by the rule, and that is its outcome', async () => {
  const link =
    '#data=digits&data.validationSize=97&train.epochs=2&sweep.optimizer.learningRate=0.001,0.01&sweep.tune=optimizer.learningRate&sweep.prune=2&v=1';
  const { scripted, lab } = labOf({
    link,
    trains: (start) => (start.config['optimizer.learningRate'] < 0.005 ? 'finished' : null),
  });
  const sweeping = lab.sweep(link);
  await until(() => expect(starts(scripted)).toHaveLength(2));
  await until(() => expect(scripted.session.get().live?.step).toBeGreaterThan(0));
  const { runId } = starts(scripted)[1] as ReturnType<typeof starts>[number];
  const { columnOf } = await import('../../src/core/metrics.ts');
  const at = (step: number, loss: number) =>
    scripted.engineSide.say({
      kind: 'metrics',
      runId,
      chunk: { 'validation/loss': columnOf([[step, loss]]) },
      step,
      totalSteps: 20,
    });
  at(12, 0.9);
  await scripted.settle();
  expect(scripted.session.get().active).toBe(runId);
  at(14, 1.1);
  const report = await sweeping;
  expect(report.counts).toMatchObject({ done: 1, pruned: 1 });
  expect(report.trials.find(({ state }) => state === 'pruned')?.mark).toEqual({
    kind: 'pruned',
    step: 14,
    loss: 1.1,
    rival: 0.5,
  });
  await lab.resumeQueue();
  expect(starts(scripted)).toHaveLength(2);
});
