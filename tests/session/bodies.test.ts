// The body that a run starts from: put into the form with the settings it needs, given to the engine, refused in words.
import { expect, test } from 'vitest';
import { sha256Hex } from '../../src/core/hash.ts';
import { tensors } from '../../src/core/layers.ts';
import { encodeSafetensors } from '../../src/core/safetensors.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { scriptedSession } from './scripted.ts';

const weightsOf = (named: Named): Uint8Array<ArrayBuffer> =>
  encodeSafetensors(initialWeights(plan(makeConfig(named)).layers, 1)) as Uint8Array<ArrayBuffer>;
const digits = { data: 'digits', 'model.width': 24, 'model.depth': 1 } as const;

test('a dropped body comes into the form with its shape, and the run starts from it', async () => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions, get } = lab.session;
  const bytes = weightsOf(digits);
  actions.drop([new File([bytes], 'body.safetensors')]);
  await expect.poll(() => get().offer?.kind).toBe('weights');
  await actions.takeBody('probe');
  expect(get().draft).toMatchObject({
    'transfer.from': sha256Hex(bytes).slice(0, 16),
    'transfer.mode': 'probe',
    'model.width': 24,
    'model.depth': 1,
  });
  const { planned } = get();
  const head = tensors('plan' in planned ? planned.plan.layers : []).filter(({ trainable }) => trainable);
  expect(head.map(({ role }) => role)).toEqual(['head', 'head']);
  await actions.train();
  expect(lab.engineSide.started().options.init).toEqual(bytes);
  actions.startFrom('');
  expect(get().draft['transfer.from']).toBe('');
});

test('a body in another resolution brings that along', async () => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions, get } = lab.session;
  actions.drop([new File([weightsOf({ ...digits, data: 'mnist' })], 'mnist.safetensors')]);
  await expect.poll(() => get().offer?.kind).toBe('weights');
  await actions.takeBody('finetune');
  expect(get().draft['data.resolution']).toBe(28);
});

test.each([
  ['that is not here', {}, /are not here: .* drop its file/],
  ['of another width', { 'model.width': 25 }, /linear_in\.weight is \[24, 64\].*\[25, 64\] here/],
  ['of images of another size', { 'data.resolution': 16 }, /set data\.resolution=8/],
] as const)('a body %s starts nothing, and it is said why', async (what, changes, message) => {
  const lab = scriptedSession({ link: '#data=digits&v=1' });
  const { actions, get } = lab.session;
  if (what === 'that is not here') actions.edit({ 'transfer.from': 'fedcba9876543210' });
  else {
    actions.drop([new File([weightsOf(digits)], 'body.safetensors')]);
    await expect.poll(() => get().offer?.kind).toBe('weights');
    await actions.takeBody('finetune');
    actions.edit(changes as Named);
  }
  await actions.train();
  expect(get().startFailure?.message).toMatch(message);
  expect(lab.engineSide.commands.some(({ kind }) => kind === 'start')).toBe(false);
  expect(get().runs).toEqual([]);
  // What was wrong can be put right: no lock is left behind.
  actions.edit({ 'transfer.from': '' });
  await actions.train();
  expect(get().active).not.toBeNull();
});
