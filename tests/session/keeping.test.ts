// What outlives a page view: runs, what was on the charts, settings; removing with undo; other tabs.
import { afterEach, expect, test, vi } from 'vitest';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { UNDO_MS } from '../../src/session/run-list.ts';
import { createPageLocks } from '../../src/session/run-locks.ts';
import { scriptedSession, tabGroup } from './scripted.ts';

afterEach(() => vi.useRealTimers());

test('a reload brings back runs, charts and settings; a run cut short can be resumed', async () => {
  const storage = createMemoryStorage();
  const before = scriptedSession({ storage: async () => storage });
  const key = await before.trainNow();
  before.metrics(5);
  before.checkpoint(5);
  before.metrics(9);
  before.session.actions.setTheme('dark');
  before.session.actions.setView({ logX: true, smoothing: 0.5 });
  await before.settle();
  before.leave();

  const after = scriptedSession({ storage: async () => storage });
  await after.settle();
  const state = after.session.get();
  expect(state.runs).toMatchObject([{ key, state: 'stopped', step: 5, checkpointStep: 5 }]);
  expect(state).toMatchObject({
    theme: 'dark',
    view: { x: 'step', logX: true, smoothing: 0.5, seeds: 'mean' },
    active: null,
  });
  expect(state.shown).toEqual([{ key, slot: 0 }]);
  expect(after.engineSide.commands.some(({ kind }) => kind === 'start')).toBe(false);
  expect(after.session.log(key)).toBeNull();
  await after.settle();
  expect(after.session.get().seriesVersion[key]).toBe(1);
  expect(after.session.log(key)?.column('train/loss').steps).toEqual(new Float64Array([5]));
  expect(await after.trainNow(5)).toBe(key);
});

test('what the link says of the view wins over the last visit', async () => {
  const storage = createMemoryStorage();
  await storage.saveSetting('view', { x: 'seconds', logX: true, logY: true, smoothing: 0.25 });
  const lab = scriptedSession({ storage: async () => storage, link: '#view.x=epoch&view.logY=false&v=1' });
  await lab.settle();
  expect(lab.session.get().view).toEqual({
    x: 'epoch',
    logX: true,
    logY: false,
    smoothing: 0.25,
    seeds: 'mean',
    multiplyAdd: 2,
  });
});

test('a removed run comes back by undo, and is gone when the time is up', async () => {
  const lab = scriptedSession();
  const key = await lab.trainNow();
  lab.metrics(3);
  lab.checkpoint(3);
  lab.ended('stopped', 3);
  await lab.settle();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { actions } = lab.session;
  await actions.remove([key]);
  expect(lab.session.get()).toMatchObject({ runs: [], shown: [], removed: [{ key }] });
  await lab.runs.refresh();
  expect(lab.session.get().runs).toEqual([]);
  await actions.undoRemove();
  expect(lab.session.get()).toMatchObject({
    runs: [{ key, checkpointStep: 3 }],
    shown: [{ key }],
    removed: [],
  });
  vi.advanceTimersByTime(UNDO_MS);
  await lab.settle();
  expect(lab.session.get().runs).toHaveLength(1);
  await actions.remove([key]);
  vi.advanceTimersByTime(UNDO_MS);
  await lab.settle();
  const storage = await lab.keeping.opened;
  expect(lab.session.get().removed).toEqual([]);
  expect([await storage.runs(), await storage.series(key), await storage.checkpoint(key)]).toEqual([
    [],
    [],
    null,
  ]);
});

test('removing the run that trains stops it first', async () => {
  const lab = scriptedSession();
  const key = await lab.trainNow();
  const removing = lab.session.actions.remove([key]);
  expect(lab.session.get().stopping).toBe(true);
  lab.checkpoint(2);
  lab.ended('stopped', 2);
  await removing;
  expect(lab.session.get()).toMatchObject({ runs: [], removed: [{ key }], active: null });
});

test('a run that was removed keeps its number until it is purged', async () => {
  const lab = scriptedSession();
  const first = await lab.trainNow();
  lab.checkpoint(1);
  lab.ended('finished', 1);
  await lab.settle();
  await lab.session.actions.remove([first]);
  const second = await lab.trainNow();
  expect(second.at(-1)).toBe('2');
});

test('runs of another tab appear, with what they measure', async () => {
  const storage = createMemoryStorage();
  const locks = createPageLocks();
  const join = tabGroup();
  const [one, two] = [
    scriptedSession({ storage: async () => storage, locks, tabs: join() }),
    scriptedSession({ storage: async () => storage, locks, tabs: join() }),
  ];
  await two.settle();
  const key = await one.trainNow();
  one.metrics(1);
  one.checkpoint(1);
  await one.settle();
  await two.settle();
  expect(two.session.get().runs).toMatchObject([{ key, state: 'running' }]);
  await two.series.read(key);
  one.metrics(2);
  one.checkpoint(2);
  one.ended('finished', 2);
  await one.settle();
  await two.settle();
  expect(two.session.get().runs).toMatchObject([{ key, state: 'finished' }]);
  expect(two.session.log(key)?.column('train/loss').steps).toEqual(new Float64Array([1, 2]));
});

test('a run that another tab trains cannot be removed here', async () => {
  const storage = createMemoryStorage();
  const locks = createPageLocks();
  const [one, two] = [1, 2].map(() => scriptedSession({ storage: async () => storage, locks }));
  const key = (await one?.trainNow()) as string;
  await one?.settle();
  await two?.runs.refresh();
  await two?.session.actions.remove([key]);
  expect(two?.session.get().startFailure?.message).toMatch(/Another tab/);
  expect(two?.session.get().runs).toHaveLength(1);
});

test('a browser that keeps nothing is told, and trains all the same', async () => {
  const lab = scriptedSession({ storage: () => Promise.reject(new Error('no IndexedDB')) });
  await lab.settle();
  expect(lab.session.get().storage.failure?.message).toMatch(/keeps nothing/);
  await lab.trainNow();
  lab.checkpoint(1);
  lab.ended('finished', 1);
  await lab.settle();
  expect(lab.session.get().runs[0]?.state).toBe('finished');
});

test('what a person writes survives a reload, a write of the run, and another tab', async () => {
  const storage = createMemoryStorage();
  const locks = createPageLocks();
  const join = tabGroup();
  const [one, two] = [
    scriptedSession({ storage: async () => storage, locks, tabs: join() }),
    scriptedSession({ storage: async () => storage, locks, tabs: join() }),
  ];
  const key = await one.trainNow();
  one.metrics(1);
  one.checkpoint(1);
  await one.settle();
  await two.settle();
  two.session.actions.remark(key, { title: ' from the other tab ', tags: ['a', 'a'] });
  await two.settle();
  await one.settle();
  expect(one.session.get().runs[0]?.remarks).toMatchObject({ title: 'from the other tab', tags: ['a'] });
  one.session.actions.remark(key, { isStarred: true, note: '<b>plain</b>' });
  one.metrics(2);
  one.ended('finished', 2);
  await one.settle();
  const after = scriptedSession({ storage: async () => storage, locks });
  await after.settle();
  expect(after.session.get().runs[0]).toMatchObject({
    state: 'finished',
    remarks: { title: 'from the other tab', isStarred: true, note: '<b>plain</b>', tags: ['a'] },
    digest: { 'train/loss': { last: 0.5, least: 0.5, most: 1 } },
  });
});

test('several runs removed at once come back at once, with their charts', async () => {
  const lab = scriptedSession();
  const keys: string[] = [];
  for (const width of [16, 32]) {
    lab.session.actions.edit({ 'model.width': width });
    keys.push(await lab.trainNow());
    lab.checkpoint(1);
    lab.ended('finished', 1);
    await lab.settle();
  }
  await lab.session.actions.remove(keys);
  expect(lab.session.get()).toMatchObject({ runs: [], shown: [] });
  await lab.session.actions.undoRemove();
  expect(lab.session.get().runs).toHaveLength(2);
  expect(lab.session.get().shown.map(({ key }) => key)).toEqual(keys);
});

test('what undo shows again is written already: a reload right after it loses nothing', async () => {
  const storage = createMemoryStorage();
  const listed: number[] = [];
  const lab = scriptedSession({
    storage: async () => ({
      ...storage,
      async setRemoved(keys, at) {
        await storage.setRemoved(keys, at);
        if (at === null) listed.push(lab.session.get().runs.length);
      },
    }),
  });
  const key = await lab.trainNow();
  lab.checkpoint(1);
  lab.ended('finished', 1);
  await lab.settle();
  await lab.session.actions.remove([key]);
  await lab.session.actions.undoRemove();
  expect(listed).toEqual([0]);
  expect(lab.session.get().runs).toMatchObject([{ key }]);
  expect(await storage.runs()).toMatchObject([{ key, removedAt: null }]);
});

test('colours come back as they were; keys alone, as an older lab stored them, get colours in order', async () => {
  const storage = createMemoryStorage();
  const before = scriptedSession({ storage: async () => storage });
  for (const width of [16, 32]) {
    before.session.actions.edit({ 'model.width': width });
    await before.trainNow();
    before.checkpoint(1);
    before.ended('finished', 1);
    await before.settle();
  }
  const [second, first] = before.session.get().runs.map(({ key }) => key) as [string, string];
  before.session.actions.recolour(first, 4);
  await before.settle();
  const after = scriptedSession({ storage: async () => storage });
  await after.settle();
  expect(after.session.get().shown).toEqual([
    { key: first, slot: 4 },
    { key: second, slot: 1 },
  ]);
  await storage.saveSetting('shown', [second, first]);
  const old = scriptedSession({ storage: async () => storage });
  await old.settle();
  expect(old.session.get().shown).toEqual([
    { key: second, slot: 0 },
    { key: first, slot: 1 },
  ]);
});
