// Datasets: loaded quietly where that costs no network, kept, forgotten, dropped.
import { expect, test } from 'vitest';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import { blobOf, cardOf, scriptedSession } from './scripted.ts';

const stored = { card: cardOf('cifar-10', 'download'), parts: [blobOf('x')] };
const loads = (lab: ReturnType<typeof scriptedSession>) =>
  lab.engineSide.commands.filter((command) => command.kind === 'load');

test('an external dataset waits for a person, a built-in one does not', async () => {
  const lab = scriptedSession({ link: '#data=cifar-10&v=1' });
  await lab.settle();
  expect(loads(lab)).toEqual([]);
  lab.session.actions.edit({ data: 'fashion-mnist' });
  await lab.settle();
  expect(loads(lab)).toMatchObject([{ dataset: 'fashion-mnist', from: { kind: 'here' } }]);
  expect(lab.session.get().data['fashion-mnist']?.status).toBe('ready');
});

test('Train asks this site for a copy, and says what to do when there is none', async () => {
  const lab = scriptedSession({ link: '#data=cifar-10&v=1', loads: false });
  const pressed = lab.session.actions.train();
  await lab.settle();
  expect(loads(lab)).toMatchObject([{ dataset: 'cifar-10', from: { kind: 'here' } }]);
  const failure = { code: 'dataset-unavailable', message: 'Get it or drop it.' } as const;
  lab.engineSide.say({ kind: 'failed', dataset: 'cifar-10', failure });
  await pressed;
  expect(lab.session.get()).toMatchObject({ startFailure: failure, preparing: false, active: null });
  expect(lab.session.get().data['cifar-10']).toEqual({ status: 'failed', failure });
});

test('a download shows progress, can be cancelled, and is kept for the next visit', async () => {
  const storage = createMemoryStorage();
  const lab = scriptedSession({ link: '#data=cifar-10&v=1', loads: false, storage: async () => storage });
  await lab.settle();
  const { actions } = lab.session;
  const cancelled = { code: 'cancelled', message: '' } as const;
  actions.load('cifar-10', { kind: 'download' });
  lab.engineSide.say({
    kind: 'progress',
    dataset: 'cifar-10',
    phase: 'download',
    file: 'a',
    done: 5,
    total: 9,
  });
  expect(lab.session.get().data['cifar-10']).toMatchObject({
    status: 'loading',
    file: 'a',
    done: 5,
    total: 9,
  });
  actions.cancelLoad('cifar-10');
  expect(lab.session.get().data['cifar-10']).toEqual({ status: 'absent' });
  actions.load('cifar-10', { kind: 'download' });
  lab.engineSide.say({ kind: 'failed', dataset: 'cifar-10', failure: cancelled });
  expect(lab.session.get().data['cifar-10']?.status).toBe('loading');
  lab.engineSide.say({ kind: 'loaded', card: stored.card, keep: stored });
  await lab.settle();
  expect(lab.session.get()).toMatchObject({ kept: ['cifar-10'], data: { 'cifar-10': { status: 'ready' } } });

  const next = scriptedSession({ link: '#data=cifar-10&v=1', storage: async () => storage });
  await next.settle();
  expect(loads(next)).toMatchObject([{ from: { kind: 'cache', stored: { card: { id: 'cifar-10' } } } }]);
  await next.session.actions.forget('cifar-10');
  expect(next.session.get().kept).toEqual([]);
  expect(await storage.cards()).toEqual([]);
});

test('a kept copy that the browser deleted is told', async () => {
  const storage = createMemoryStorage();
  await storage.saveDataset(stored);
  const lab = scriptedSession({
    link: '#data=cifar-10&v=1',
    storage: async () => ({ ...storage, dataset: async () => null }),
  });
  await lab.settle();
  expect(lab.session.get().data['cifar-10']).toMatchObject({ status: 'failed' });
  expect(lab.session.get().kept).toEqual([]);
});

test('dropped files become the draft’s data, or a message', async () => {
  const lab = scriptedSession();
  await lab.settle();
  const { actions } = lab.session;
  const file = new File(['x'], 'cifar-10-binary.tar.gz');
  actions.drop([file]);
  expect(lab.session.get().drop).toMatchObject({ status: 'loading', file: file.name });
  const failure = { code: 'dataset-invalid', message: 'cifar-10-binary.tar.gz is cut short.' } as const;
  lab.engineSide.say({ kind: 'failed', dataset: 'recognise', failure });
  expect(lab.session.get()).toMatchObject({
    drop: { status: 'failed', failure },
    draft: { data: 'fashion-mnist' },
  });
  actions.dismissDrop();
  expect(lab.session.get().drop).toBeNull();
  actions.drop([file]);
  const card = cardOf('cifar-10', 'file');
  lab.engineSide.say({ kind: 'loaded', card, keep: { card, parts: [] } });
  await lab.settle();
  expect(lab.session.get()).toMatchObject({
    drop: null,
    draft: { data: 'cifar-10' },
    data: { 'cifar-10': { status: 'ready' } },
    kept: ['cifar-10'],
  });
});

test('an engine that breaks loses its data; what is kept is loaded again', async () => {
  const storage = createMemoryStorage();
  await storage.saveDataset(stored);
  const lab = scriptedSession({ link: '#data=cifar-10&v=1', storage: async () => storage });
  await lab.settle();
  lab.session.actions.drop([new File([], 'a')]);
  lab.engineSide.break();
  expect(lab.session.get().drop).toMatchObject({ status: 'failed' });
  await lab.settle();
  expect(loads(lab).filter(({ from }) => from.kind === 'cache')).toHaveLength(2);
  expect(lab.session.get().data['cifar-10']?.status).toBe('ready');
});
