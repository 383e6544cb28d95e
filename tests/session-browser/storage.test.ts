// The storage on the browser's own IndexedDB, locks on its Web Locks.

import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { columnOf, createMetricLog } from '../../src/core/metrics.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { measure } from '../../src/experiment/measure.ts';
import { plan } from '../../src/experiment/plan.ts';
import { costOf, createRun, noRemarks, type Run } from '../../src/experiment/run.ts';
import { openIndexedDb } from '../../src/session/indexed-db.ts';
import { createWebLocks } from '../../src/session/run-locks.ts';
import { toStorageFailure } from '../../src/session/storage.ts';

const config = makeConfig();
const run: Run = {
  ...createRun({ key: 'a', config, planned: plan(config), data: null, parent: null, createdAt: 1 }),
  state: 'running',
};

const chunk = (...steps: number[]) => ({
  'train/loss': columnOf(steps.map((step) => [step, 1 / step] as const)),
});
const text = async (parts: readonly { arrayBuffer(): Promise<ArrayBuffer> }[] | undefined) =>
  new TextDecoder().decode(await parts?.[0]?.arrayBuffer());

let count = 0;
const opened: { name: string; close: () => void }[] = [];
async function open(name = `test-${Date.now()}-${count++}`) {
  const storage = await openIndexedDb(name);
  opened.push({ name, close: storage.close });
  return { name, storage };
}

afterEach(() => {
  for (const { name, close } of opened.splice(0)) {
    close();
    indexedDB.deleteDatabase(name);
  }
});

test('run, series tail and checkpoint are written together and survive a reopening', async () => {
  const { name, storage } = await open();
  await storage.save({ run, tail: chunk(1, 2), checkpoint: { step: 2, bytes: [new Blob(['two'])] } });
  const next = { ...run, step: 4, checkpointStep: 4 };
  await storage.save({ run: next, tail: chunk(3, 4), checkpoint: { step: 4, bytes: [new Blob(['four'])] } });
  await storage.save({ run: { ...run, key: 'b', createdAt: 2 }, tail: chunk(9) });
  storage.close();
  const again = (await open(name)).storage;
  expect(await again.runs()).toEqual([
    { ...next, removedAt: null },
    { ...run, key: 'b', createdAt: 2, removedAt: null },
  ]);
  const series = await again.series('a');
  expect(series.map((part) => [...(part['train/loss']?.steps ?? [])])).toEqual([
    [1, 2],
    [3, 4],
  ]);
  const checkpoint = await again.checkpoint('a');
  expect([checkpoint?.step, await text(checkpoint?.bytes)]).toEqual([4, 'four']);
  await again.save({ run: next, series: chunk(1) });
  await again.save({ run: next, tail: chunk(2) });
  expect(await again.series('a')).toEqual([chunk(1), chunk(2)]);
  expect(await again.series('b')).toEqual([chunk(9)]);
});

test('a write that cannot be done leaves nothing of itself behind', async () => {
  const { storage } = await open();
  await storage.save({ run, tail: chunk(1), checkpoint: { step: 1, bytes: [new Blob(['one'])] } });
  const unstorable = { step: 2, bytes: [() => 0] } as never;
  const failed = storage.save({ run: { ...run, step: 2 }, tail: chunk(2), checkpoint: unstorable });
  await expect(failed).rejects.toMatchObject({ name: 'DataCloneError' });
  expect(await storage.runs()).toEqual([{ ...run, removedAt: null }]);
  expect(await storage.series('a')).toEqual([chunk(1)]);
  expect((await storage.checkpoint('a'))?.step).toBe(1);
});

test('removing marks, purging deletes all that belongs to a run', async () => {
  const { storage } = await open();
  for (const key of ['a', 'ab']) {
    await storage.save({
      run: { ...run, key },
      tail: chunk(1),
      checkpoint: { step: 1, bytes: [new Blob(['x'])] },
    });
  }
  await storage.setRemoved(['a'], 5);
  await storage.save({ run: { ...run, step: 3 } });
  expect((await storage.runs()).map(({ key, removedAt }) => [key, removedAt])).toEqual([
    ['a', 5],
    ['ab', null],
  ]);
  await storage.purge('a');
  expect([await storage.series('a'), await storage.checkpoint('a')]).toEqual([[], null]);
  expect((await storage.runs()).map(({ key }) => key)).toEqual(['ab']);
  expect(await storage.series('ab')).toHaveLength(1);
});

test('a database of the first schema opens: its runs get what they did not have, and nothing is lost', async () => {
  const name = `test-old-${Date.now()}`;
  const { remarks: _r, parent: _p, cost: _c, digest: _d, ...old } = run;
  const before = await openDB(name, 1, {
    upgrade(database) {
      for (const store of ['runs', 'series', 'checkpoints', 'datasets', 'settings'])
        database.createObjectStore(store);
    },
  });
  await before.put('runs', { ...old, removedAt: null }, 'a');
  await before.put(
    'runs',
    { ...old, key: 'odd', config: { ...config, 'train.batchSize': 1e9 }, removedAt: 7 },
    'odd',
  );
  await before.put('series', chunk(1, 2), ['a', 0]);
  await before.put('checkpoints', { step: 2, bytes: [new Blob(['two'])] }, 'a');
  await before.put('settings', 'dark', 'theme');
  before.close();
  const { storage } = await open(name);
  const added = { remarks: noRemarks, parent: null, digest: null };
  expect(await storage.runs()).toMatchObject([
    { ...old, ...added, cost: costOf(plan(config)), removedAt: null },
    { ...added, key: 'odd', cost: null, removedAt: 7 },
  ]);
  expect(await storage.series('a')).toEqual([chunk(1, 2)]);
  expect((await storage.checkpoint('a'))?.step).toBe(2);
  expect(await storage.setting('theme')).toBe('dark');
});

test('what a person writes stays when the run is written again; long lists come whole', async () => {
  const { storage } = await open();
  for (let index = 0; index < 300; index++)
    await storage.save({ run: { ...run, key: `k${String(index).padStart(3, '0')}` } });
  const remarks = { title: 'Best so far', isStarred: true, note: 'n', tags: ['a'] };
  await storage.setRemarks('k007', remarks);
  await storage.save({ run: { ...run, key: 'k007', step: 9 } });
  await storage.setDigest('k008', { 'test/accuracy': { last: 1, least: 0, most: 1 } });
  const runs = await storage.runs();
  expect(runs.map(({ key }) => key)).toEqual(
    Array.from({ length: 300 }, (_, i) => `k${String(i).padStart(3, '0')}`),
  );
  expect(runs[7]).toMatchObject({ step: 9, remarks });
  expect(await storage.runs('k008')).toMatchObject([{ digest: { 'test/accuracy': { last: 1 } } }]);
  expect((await storage.runs('k0')).length).toBe(100);
  expect(await storage.runs('none')).toEqual([]);
});

const sweep = { id: 's', link: 'sweep.seeds=2&v=1', addedAt: 1, rank: 0, isPaused: false, marks: {} };

test('sweeps are changed from what is stored, whoever stored it last; measurements go with their run', async () => {
  const { name, storage } = await open();
  const other = (await open(name)).storage;
  expect(await storage.changeSweep('s', (known) => known ?? sweep)).toEqual(sweep);
  await other.changeSweep('s', (known) => known && { ...known, isPaused: true });
  await storage.changeSweep('s', (known) => known && { ...known, rank: 3 });
  expect(await other.sweeps()).toEqual([{ ...sweep, isPaused: true, rank: 3 }]);
  await storage.changeSweep('s', () => null);
  expect(await other.sweeps()).toEqual([]);
  const measurement = measure({ ...run, state: 'finished' }, createMetricLog());
  await storage.save({ run });
  await storage.saveMeasurement(measurement);
  expect(await other.measurement('a')).toEqual(measurement);
  await storage.purge('a');
  expect(await storage.measurement('a')).toBeNull();
});

test('a database of the second schema gets the queue, and keeps its runs', async () => {
  const name = `test-second-${Date.now()}`;
  const before = await openDB(name, 2, {
    upgrade(database) {
      for (const store of ['runs', 'series', 'checkpoints', 'datasets', 'settings'])
        database.createObjectStore(store);
    },
  });
  const remarks = { ...noRemarks, title: 'mine' };
  await before.put('runs', { ...run, remarks, removedAt: null }, 'a');
  before.close();
  const { storage } = await open(name);
  expect(await storage.runs()).toEqual([{ ...run, remarks, removedAt: null }]);
  expect(await storage.sweeps()).toEqual([]);
  await storage.changeSweep('s', () => sweep);
  expect(await storage.sweeps()).toEqual([sweep]);
});

test('datasets and settings', async () => {
  const { storage } = await open();
  const card = {
    id: 'cifar-10',
    order: 'official',
    sha256: 'ab',
    shape: { channels: 3, height: 32, width: 32 },
    classes: ['x'],
    train: 1,
    test: 1,
    bytes: 3,
    normalisation: { mean: [0.5], std: [0.25] },
    counts: [1],
    origin: 'file',
    samples: new Uint8Array([1]),
  } as const;
  await storage.saveDataset({ card, parts: [new Blob(['img'])] });
  expect(await storage.cards()).toEqual([card]);
  expect(await text((await storage.dataset('cifar-10'))?.parts)).toBe('img');
  await storage.removeDataset('cifar-10');
  expect(await storage.dataset('cifar-10')).toBeNull();
  expect(await storage.setting('theme')).toBeUndefined();
  await storage.saveSetting('theme', 'dark');
  expect(await storage.setting('theme')).toBe('dark');
  expect(await storage.bytes()).toBeGreaterThan(0);
});

test('what is kept is counted by kind; a checkpoint and all settings can be deleted alone', async () => {
  const { storage } = await open();
  const checkpoint = { step: 2, bytes: [new Blob(['12345']), new Blob(['67'])] };
  await storage.save({ run: { ...run, checkpointStep: 2 }, tail: chunk(1, 2), checkpoint });
  await storage.save({ run: { ...run, key: 'b' }, tail: chunk(3) });
  await storage.saveSetting('theme', 'dark');
  const { runs, checkpoints, datasets, settings } = await storage.usage();
  expect([runs.count, checkpoints, datasets, settings]).toEqual([
    2,
    { count: 1, bytes: 7 },
    { count: 0, bytes: 0 },
    { count: 1, bytes: '"dark"'.length },
  ]);
  expect(runs.bytes).toBeGreaterThan(3 * 16 + 2 * 100);
  await storage.dropCheckpoint('a');
  expect(await storage.checkpoint('a')).toBeNull();
  expect((await storage.runs('a'))[0]?.checkpointStep).toBeNull();
  await storage.clearSettings();
  expect(await storage.setting('theme')).toBeUndefined();
  expect(await storage.series('a')).toHaveLength(1);
});

test('a newer lab takes over: the older one makes way and writes nothing any more', async () => {
  const { name, storage } = await open();
  await storage.save({ run });
  const newer = await openDB(name, 99);
  await expect(storage.save({ run: { ...run, step: 9 } })).rejects.toThrow(/newer version/);
  newer.close();
  await expect(openIndexedDb(name)).rejects.toMatchObject({ name: 'VersionError' });
});

test('a full disk has its own code', () => {
  expect(toStorageFailure(new DOMException('', 'QuotaExceededError')).code).toBe('storage-full');
  expect(toStorageFailure(new Error('odd'))).toMatchObject({ code: 'internal', detail: 'odd' });
});

test('a run has one writer over all tabs', async () => {
  const [one, two] = [createWebLocks(navigator.locks), createWebLocks(navigator.locks)];
  const key = `run-${Date.now()}`;
  const release = await one.acquire(key);
  expect(release).not.toBeNull();
  expect(await two.acquire(key)).toBeNull();
  expect((await two.held()).has(key)).toBe(true);
  release?.();
  await expect.poll(async () => (await two.held()).has(key)).toBe(false);
  const second = await two.acquire(key);
  expect(second).not.toBeNull();
  second?.();
});
