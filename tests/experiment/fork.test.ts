// What a fork may change: everything that leaves the checkpoint's tensors and slots as they are; and who it is.
import { describe, expect, test } from 'vitest';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { canonical, identityText, idOf, makeConfig, type Named, runId } from '../../src/experiment/config.ts';
import { forkRefusal, parentAt } from '../../src/experiment/fork.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createRun, type Run } from '../../src/experiment/run.ts';

const base: Named = { data: 'digits', 'model.width': 32, 'train.steps': 100 };
const config = makeConfig(base);
const { shape, classes, train, test: scored } = datasets.digits;
const data = { sha256: 'ab', order: 'official', facts: { shape, classes, train, test: scored } };
const parent: Run = {
  ...createRun({ key: 'p', config, planned: plan(config), data, parent: null, createdAt: 0 }),
  state: 'stopped',
  step: 60,
  seconds: 12,
  checkpointStep: 60,
};

describe('what may change', () => {
  test.each<[string, Named]>([
    ['nothing', {}],
    ['learning rate', { 'optimizer.learningRate': 3e-4 }],
    ['weight decay', { 'optimizer.weightDecay': 0.1 }],
    ['schedule', { schedule: 'cosine' }],
    ['batch size', { 'train.batchSize': 32 }],
    ['budget', { 'train.steps': 61 }],
    ['augmentation', { augment: 'flip-crop' }],
    ['label smoothing', { 'train.labelSmoothing': 0.1 }],
    ['clipping', { 'train.clipNorm': 1 }],
    ['activation', { 'model.activation': 'relu' }],
    ['seed', { seed: 3 }],
    ['seconds for steps', { 'train.steps': 0, 'train.seconds': 13 }],
  ])('%s', (_name, changes) => {
    expect(forkRefusal(parent, makeConfig({ ...base, ...changes }))).toBeNull();
  });

  test.each<[string, Named, RegExp]>([
    ['width', { 'model.width': 64 }, /linear_in\.weight is \[32, 64\] in it and \[64, 64\] here/],
    ['depth', { 'model.depth': 3 }, /needs layernorms\.2\.weight/],
    ['fewer blocks', { 'model.depth': 1 }, /it holds layernorms\.1/],
    ['family', { model: 'isotropic' }, /does not fit/],
    ['a fixed lift', { 'model.lift': 'fixed' }, /is trained in it and fixed here/],
    ['rule', { optimizer: 'sgd' }, /holds the state of AdamW; SGD/],
    ['averaging the weights', { 'train.ema': 0.99 }, /has no average of the weights/],
    ['data', { data: 'fashion-mnist' }, /a fork keeps its data/],
    ['a budget that is spent', { 'train.steps': 60 }, /stands at step 60 and the budget ends at step 60/],
    ['seconds that are spent', { 'train.steps': 0, 'train.seconds': 12 }, /12 s of training behind it/],
    ['what cannot be trained at all', { 'train.batchSize': 5000 }, /train\.batchSize=5000/],
  ])('not %s', (_name, changes, why) => {
    expect(forkRefusal(parent, makeConfig({ ...base, ...changes }))).toMatch(why);
  });

  test('nothing without a checkpoint', () => {
    expect(forkRefusal({ ...parent, checkpointStep: null }, config)).toMatch(/no checkpoint/);
  });
});

describe('who it is', () => {
  test('never the plain run of its config, nor a fork from elsewhere', () => {
    const from = (id: string, step: number) => runId(config, { id, step });
    const ids = [runId(config), from('aa', 10), from('aa', 20), from('bb', 10)];
    expect(new Set(ids).size).toBe(4);
    expect(runId(config)).toBe(idOf(canonical(config)));
    expect(identityText(config, { id: 'aa', step: 10 })).toBe(`${canonical(config)}&fork=aa@10`);
  });

  test('it goes on counting where its parent stood, also through several forks', () => {
    const first = parentAt(parent, 60);
    const perEpoch = plan(config).stepsPerEpoch;
    expect(first).toMatchObject({ key: 'p', id: parent.id, step: 60 });
    expect(first.before).toMatchObject({ examples: 60 * 128, epochs: 60 / perEpoch });
    const half = makeConfig({ ...base, 'train.batchSize': 64 });
    const child = createRun({
      key: 'c',
      config: half,
      planned: plan(half),
      data,
      parent: first,
      createdAt: 1,
    });
    expect(child).toMatchObject({ step: 60, parent: { key: 'p' }, id: runId(half, first) });
    expect(parentAt(child, 80).before.examples).toBe(60 * 128 + 20 * 64);
  });
});
