// What a link carries beside the settings, as the session lives with it: undo, lessons, results shown and reproduced.
import { expect, test } from 'vitest';
import { decode } from '../../src/experiment/address.ts';
import { isLinked } from '../../src/experiment/run.ts';
import { createConsole } from '../../src/session/console.ts';
import { type Scripted, scriptedSession } from './scripted.ts';

test('edits, presets and links are undone and done again, the address with them', () => {
  const lab = scriptedSession({ link: '#seed=3&v=1' });
  const { actions } = lab.session;
  actions.edit({ 'model.width': 64 });
  actions.edit({ 'model.width': 64 });
  actions.openLink('model=hourglass&note=Look');
  actions.undo();
  expect(lab.address.read()).toBe('#model.width=64&seed=3&v=1');
  actions.undo();
  expect(lab.address.read()).toBe('#seed=3&v=1');
  actions.undo();
  expect(lab.address.read()).toBe('#seed=3&v=1');
  actions.redo();
  actions.redo();
  expect(lab.address.read()).toBe('#model=hourglass&note=Look&v=1');
  expect(lab.session.get().lesson?.note).toBe('Look');
  actions.undo();
  actions.edit({ seed: 4 });
  actions.redo();
  expect(lab.address.read()).toBe('#model.width=64&seed=4&v=1');
});

test('a lesson stays through edits and goes with a full reset', () => {
  const lab = scriptedSession({ link: '#hide=optimizer.*&note=Try+it&v=1' });
  lab.session.actions.edit({ 'model.width': 64 });
  expect(lab.address.read()).toBe('#hide=optimizer.*&model.width=64&note=Try%2Bit&v=1');
  lab.session.actions.reset();
  expect(lab.session.get().lesson).toBeNull();
});

/** The link with result of a run that was trained here. */
async function trainedLink(lab: Scripted): Promise<string> {
  const key = await lab.trainNow();
  lab.metrics(1, 2.3);
  lab.metrics(70, 0.5);
  lab.checkpoint(70);
  lab.ended('finished', 70);
  await lab.settle();
  const link = await lab.session.actions.resultLink(key);
  return (link ?? '').replace('http://localhost/', '');
}

test('a result is shown as a run from a link: on the charts, not stored, not trained, not in the console', async () => {
  const link = await trainedLink(scriptedSession({ link: '#data=digits&seed=5&v=1' }));
  expect(link.length).toBeLessThan(1600);
  const lab = scriptedSession({ link });
  await lab.settle();
  const { runs, shown, problems, active, draft } = lab.session.get();
  expect(problems).toEqual([]);
  expect({ active, data: draft.data, seed: draft.seed }).toEqual({ active: null, data: 'digits', seed: 5 });
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ state: 'finished', step: 70, data: null, checkpointStep: null });
  const key = runs[0]?.key ?? '';
  expect(shown.map((one) => one.key)).toEqual([key]);
  expect([...(lab.session.log(key)?.column('train/loss').values ?? [])]).toEqual([2.3, 0.5]);
  expect(lab.engineSide.commands.some(({ kind }) => kind === 'start')).toBe(false);
  expect(await (await lab.keeping.opened).runs()).toEqual([]);
  expect(await createConsole(lab).runs()).toEqual([]);
  // Reading the list again, as another tab may make it, keeps the run.
  await lab.runs.refresh();
  expect(lab.session.get().runs.some(isLinked)).toBe(true);
});

test('reproducing trains the link’s config anew, by what computed it', async () => {
  const link = await trainedLink(scriptedSession({ link: '#data=digits&v=1' }));
  const lab = scriptedSession({ link });
  await lab.settle();
  await lab.session.actions.reproduce();
  const { config, options } = lab.engineSide.started();
  expect(config.data).toBe('digits');
  expect(options.execution).toEqual({ backend: 'cpu', runner: 'tfjs', threads: 1 });
  expect(options.from).toBeUndefined();
});

test('the link of a view says what is seen, where it differs from the defaults', () => {
  const lab = scriptedSession({ link: '#seed=2&v=1' });
  lab.session.actions.setView({ x: 'flops', logX: true, smoothing: 0.5 });
  lab.session.actions.goTo('guide');
  const link = lab.session.actions.viewLink().split('#')[1] ?? '';
  expect(decode(link).view).toEqual({ x: 'flops', logX: 'true', smoothing: '0.5', page: 'guide' });
  const other = scriptedSession({ link: `#${link}` });
  expect(other.session.get()).toMatchObject({
    page: 'guide',
    view: { x: 'flops', logX: true, smoothing: 0.5 },
  });
  expect(lab.session.actions.link()).toBe('http://localhost/#seed=2&v=1');
});

test('what is stored is counted by kind, and deleted by kind', async () => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions, get } = lab.session;
  await trainedLink(lab);
  const before = await actions.usage();
  expect(before.runs.count).toBe(1);
  expect(before.checkpoints).toEqual({ count: 1, bytes: 'at 70'.length });
  expect(before.runs.bytes).toBeGreaterThan(200);
  await actions.clear('checkpoints');
  expect(get().runs[0]?.checkpointStep).toBeNull();
  expect((await actions.usage()).checkpoints.count).toBe(0);
  expect((await (await lab.keeping.opened).runs())[0]?.checkpointStep).toBeNull();
  await actions.clear('runs');
  expect(get().runs).toEqual([]);
  await actions.undoRemove();
  expect(get().runs).toHaveLength(1);
  await actions.clear('settings');
  expect((await actions.usage()).settings.count).toBe(0);
});

test('the browser is asked to tell of an end only when it was allowed to, and nobody looks', async () => {
  const told: string[] = [];
  let [allowed, visible] = [false, true];
  const lab = scriptedSession({
    isVisible: () => visible,
    notifier: { allow: async () => allowed, tell: (title, text) => told.push(`${title}: ${text}`) },
  });
  const train = async (): Promise<void> => {
    await lab.trainNow();
    lab.checkpoint(9);
    lab.ended('finished', 9);
    await lab.settle();
  };
  await lab.session.actions.setNotify(true);
  expect(lab.session.get().notify).toBe(false);
  allowed = true;
  await lab.session.actions.setNotify(true);
  await train();
  expect(told).toEqual([]);
  visible = false;
  await train();
  expect(told).toEqual(['Inverted bottleneck 128 × 2: Finished after 9 steps.']);
  await lab.session.actions.setNotify(false);
  await train();
  expect(told).toHaveLength(1);
});

test('a view link says which page it is of: a sweep opens in Studies unless it was looked at elsewhere', () => {
  const lab = scriptedSession({ link: '#data=digits&sweep.train.batchSize=16,64' });
  expect(lab.session.get().page).toBe('studies');
  const { actions } = lab.session;
  expect(actions.viewLink()).not.toContain('view.page');
  actions.goTo('train');
  expect(actions.viewLink()).toContain('view.page=train');
  const other = scriptedSession({ link: `#${actions.viewLink().split('#')[1] ?? ''}` });
  expect(other.session.get().page).toBe('train');
});

test('the address of a sweep that is looked at side by side leads back to it', () => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions } = lab.session;
  actions.editSweep({ 'train.batchSize': '16,64' });
  expect(lab.address.read()).toBe('#data=digits&sweep.train.batchSize=16,64&view.page=train&v=1');
  expect(scriptedSession({ link: lab.address.read() }).session.get().page).toBe('train');
  // What is sent as settings, and what the queue is asked for, stays the sweep alone.
  expect(actions.link()).not.toContain('view.');
  actions.goTo('studies');
  expect(lab.address.read()).toBe('#data=digits&sweep.train.batchSize=16,64&v=1');
  actions.goTo('train');
  actions.editSweep({ 'train.batchSize': null });
  expect(lab.address.read()).toBe('#data=digits&v=1');
  const newer = scriptedSession({ link: '#data=digits&sweep.train.batchSize=16,64&new=1&v=9' });
  newer.session.actions.goTo('train');
  expect(newer.address.read()).toBe('#data=digits&sweep.train.batchSize=16,64&new=1&v=9');
});

test('a run that is looked into is named in the link of the view, and nobody else needs to have it', async () => {
  const lab = scriptedSession({ link: '#data=digits&seed=5&v=1' });
  const { actions, get } = lab.session;
  await trainedLink(lab);
  const [run] = get().runs;
  actions.lookInside(run?.key ?? '');
  expect(get()).toMatchObject({ page: 'inside', subject: run?.key });
  const link = actions.viewLink().split('#')[1] ?? '';
  expect(decode(link).view).toEqual({ page: 'inside', run: run?.id.slice(0, 16) });
  expect(decode(link).problems).toEqual([]);
  const other = scriptedSession({ link: `#${link}` });
  expect(other.session.get()).toMatchObject({ page: 'inside', subject: run?.id.slice(0, 16) });
  expect(other.session.actions.viewLink().split('#')[1]).toBe(link);
  // Chosen for this look alone; no name, no choice.
  actions.goTo('inside');
  expect(get().subject).toBeNull();
  expect(scriptedSession({ link: '#view.page=inside&view.run=..%2F&v=1' }).session.get().subject).toBeNull();
});
