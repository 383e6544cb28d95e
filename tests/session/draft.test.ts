// The draft, the address bar and the link: they mirror each other and start nothing.
import { expect, test } from 'vitest';
import { defaults, makeConfig } from '../../src/experiment/config.ts';
import { scriptedSession } from './scripted.ts';

test('an edit rewrites the address, and the address changes the draft', async () => {
  const lab = scriptedSession();
  lab.session.actions.edit({ 'model.width': 64 });
  expect(lab.address.read()).toBe('#model.width=64&v=1');
  expect(lab.session.actions.link()).toBe('http://localhost/#model.width=64&v=1');
  lab.address.go('#model.width=32&train.epochs=2&v=1');
  expect(lab.session.get().draft).toMatchObject({ 'model.width': 32, 'train.epochs': 2 });
  lab.session.actions.reset(['model.width']);
  expect(lab.address.read()).toBe('#train.epochs=2&v=1');
  lab.session.actions.reset();
  expect(lab.session.get().draft).toEqual(defaults);
});

test('a sweep stays in the link through edits, and goes with a reset', () => {
  const lab = scriptedSession({ link: '#sweep.train.batchSize=16..64*2&sweep.seeds=2&v=1' });
  expect(lab.session.get().sweep).toMatchObject({ seeds: 2, axes: [{ values: [16, 32, 64] }] });
  lab.session.actions.edit({ 'model.width': 64 });
  expect(lab.address.read()).toBe('#model.width=64&sweep.seeds=2&sweep.train.batchSize=16,32,64&v=1');
  lab.session.actions.reset();
  expect(lab.session.get().sweep).toBeNull();
  expect(lab.address.read()).toBe('#v=1');
});

test('a setting that held in every cell of a sweep gives way to an edit', () => {
  const lab = scriptedSession({ link: '#model.norm=layer&sweep.model=isotropic,hourglass&v=1' });
  expect(lab.session.get().sweep?.held).toEqual({ 'model.norm': 'layer' });
  lab.session.actions.edit({ 'model.norm': 'none' });
  expect(lab.session.get().sweep?.held).toEqual({});
  expect(lab.address.read()).toBe('#model.norm=none&sweep.model=isotropic,hourglass&v=1');
});

test('a link is read when the page opens, its problems are listed, nothing starts', async () => {
  const lab = scriptedSession({ link: '#model.width=banana&colour=red&model.depth=3&v=1' });
  await lab.settle();
  const { problems, draft } = lab.session.get();
  expect(problems.map(({ key }) => key).sort()).toEqual(['colour', 'model.width']);
  expect(draft['model.depth']).toBe(3);
  expect(lab.engineSide.commands.map(({ kind }) => kind).sort()).toEqual(['load', 'measure', 'open']);
  expect(lab.engineSide.commands.find(({ kind }) => kind === 'load')).toMatchObject({
    from: { kind: 'here' },
  });
  lab.session.actions.dismissProblems();
  expect(lab.session.get().problems).toEqual([]);
});

test('a link of a newer lab is shown and neither edited nor trained until it is reset', async () => {
  const lab = scriptedSession({ link: '#model.width=64&v=99' });
  lab.session.actions.edit({ 'model.width': 32 });
  expect(lab.session.get()).toMatchObject({ readOnly: true, draft: { 'model.width': 64 } });
  await lab.session.actions.train();
  expect(lab.session.get()).toMatchObject({ active: null, startFailure: { code: 'config-invalid' } });
  lab.session.actions.reset();
  await lab.session.actions.train();
  expect(lab.session.get().active).not.toBeNull();
});

test('the plan follows the draft and says why it cannot be trained', async () => {
  const lab = scriptedSession();
  lab.session.actions.edit({ 'train.batchSize': 65_536 });
  expect(lab.session.get().planned).toMatchObject({ failure: { code: 'config-invalid' } });
  lab.session.actions.edit({ 'train.batchSize': 2000 });
  expect(lab.session.get().planned).toHaveProperty('plan');
  await lab.settle();
  // The card says 1000 images: fewer than a batch.
  expect(lab.session.get().planned).toMatchObject({ failure: { code: 'config-invalid' } });
  await lab.session.actions.train();
  expect(lab.session.get().startFailure?.code).toBe('config-invalid');
});

test('adopting a run puts its config into the form', async () => {
  const lab = scriptedSession({ link: '#model.width=64&v=1' });
  const key = await lab.trainNow();
  lab.session.actions.edit({ 'model.width': 32 });
  lab.session.actions.adopt(key);
  expect(lab.session.get().draft).toEqual(makeConfig({ 'model.width': 64 }));
});
