// What is dropped: a config and weights wait for a word, everything else is asked of the engine.
import { expect, test } from 'vitest';
import { encodeSafetensors } from '../../src/core/safetensors.ts';
import { scriptedSession } from './scripted.ts';

const file = (name: string, text: string): File => new File([text], name);

test('a config is offered, put into the form on a word, and undone', async () => {
  const lab = scriptedSession({ link: '#seed=1&v=1' });
  const { actions, get } = lab.session;
  actions.goTo('guide');
  actions.drop([file('run.json', '{"config":{"model.width":64,"colour":"red"},"outcome":"finished"}')]);
  await lab.settle();
  await expect.poll(() => get().offer).toMatchObject({ kind: 'settings', name: 'run.json' });
  expect(get()).toMatchObject({ page: 'train', draft: { 'model.width': 128, seed: 1 } });
  await actions.takeOffer();
  expect(get()).toMatchObject({ offer: null, draft: { 'model.width': 64, seed: 0 } });
  expect(get().problems.map(({ key }) => key)).toEqual(['colour']);
  actions.undo();
  expect(lab.address.read()).toBe('#seed=1&v=1');
});

test.each([
  ['not JSON', 'config.json', '{', /config\.json is not JSON/],
  ['a list', 'list.json', '[1]', /one flat object of settings/],
  ['far too large', 'large.json', ' '.repeat(300_000), /too large to be a config/],
])('%s is refused with its name and a reason', async (_what, name, text, message) => {
  const lab = scriptedSession();
  lab.session.actions.drop([file(name, text)]);
  await expect
    .poll(() => lab.session.get().drop)
    .toMatchObject({ failure: { message: expect.stringMatching(message) } });
  expect(lab.session.get().offer).toBeNull();
});

test('weights start a run only on a word, and the run says so', async () => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions, get } = lab.session;
  actions.drop([file('start.safetensors', 'bytes')]);
  await expect.poll(() => get().offer).toEqual({ kind: 'weights', name: 'start.safetensors', bytes: 5 });
  expect(lab.engineSide.commands.some(({ kind }) => kind === 'start')).toBe(false);
  await actions.takeOffer();
  const { options } = lab.engineSide.started();
  expect(new TextDecoder().decode(options.init)).toBe('bytes');
  expect(get().runs[0]?.remarks.note).toBe('Started from the weights of start.safetensors.');
  expect(get().offer).toBeNull();
});

test('safetensors with images and labels are a dataset, not weights', async () => {
  const lab = scriptedSession();
  const { actions, get } = lab.session;
  const values = new Float32Array(4);
  const bytes = encodeSafetensors([
    { name: 'x', shape: [1, 4], values },
    { name: 'y', shape: [1], values: values.subarray(0, 1) },
  ]);
  actions.drop([new File([bytes], 'own.safetensors')]);
  await expect.poll(() => get().drop?.status).toBe('loading');
  expect(get().offer).toBeNull();
});

test('a link is offered; other files are asked of the engine', () => {
  const lab = scriptedSession();
  const { actions, get } = lab.session;
  actions.dropLink('http://localhost/#model.width=32');
  expect(get().offer).toMatchObject({ kind: 'settings', link: 'http://localhost/#model.width=32' });
  actions.dismissOffer();
  expect(get().offer).toBeNull();
  actions.drop([file('data_batch_1.bin', 'x'), file('test_batch.bin', 'y')]);
  expect(get().drop?.status).toBe('loading');
});
