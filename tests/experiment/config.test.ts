import { expect, test } from 'vitest';
import { defaults, effective, makeConfig, withSetting } from '../../src/experiment/config.ts';

// The frozen defaults of v=1: a change here breaks every link that was ever shared.
test('defaults of v=1', () => {
  expect(effective(defaults)).toEqual({
    data: 'fashion-mnist',
    'data.trainSize': 0,
    'data.validationSize': 0,
    'data.resolution': 0,
    'data.shufflePixels': false,
    'data.labelNoise': 0,
    augment: 'none',
    'augment.mixup': 0,
    task: 'classify',
    model: 'inverted-bottleneck',
    'model.width': 128,
    'model.depth': 2,
    'model.expansion': 4,
    'model.norm': 'layer',
    'model.normPosition': 'pre',
    'model.activation': 'gelu',
    'model.dropout': 0,
    'model.skip': true,
    'model.lift': 'trained',
    'model.bias': true,
    'model.parametrisation': 'standard',
    optimizer: 'adamw',
    'optimizer.learningRate': 0.001,
    'optimizer.scaling': 'none',
    'optimizer.weightDecay': 0,
    'optimizer.beta1': 0.9,
    'optimizer.beta2': 0.999,
    schedule: 'constant',
    'schedule.warmupSteps': 0,
    'train.batchSize': 128,
    'train.microBatch': 0,
    'train.accumulation': 1,
    'train.epochs': 10,
    'train.labelSmoothing': 0,
    'train.target': 0,
    'transfer.from': '',
    'train.clipNorm': 0,
    'train.ema': 0,
    'train.evaluateEvery': 1,
    seed: 0,
  });
});

test('defaults that depend on a choice', () => {
  expect(effective(makeConfig({ optimizer: 'lion' }))).toMatchObject({
    'optimizer.learningRate': 1e-4,
    'optimizer.beta2': 0.99,
  });
  expect(effective(makeConfig({ optimizer: 'sgd' }))).toMatchObject({
    'optimizer.learningRate': 0.05,
    'optimizer.momentum': 0.9,
  });
  expect(effective(makeConfig({ model: 'hourglass', 'model.width': 200 }))).toMatchObject({
    'model.bottleneck': 50,
    'model.norm': 'batch',
    'model.activation': 'relu',
    'model.bias': false,
  });
  expect(effective(makeConfig({ 'train.steps': 7 }))).not.toHaveProperty('train.epochs');
  expect(effective(makeConfig({ 'train.seconds': 7 }))).not.toHaveProperty('train.epochs');
});

test('a changed choice moves the defaults that follow it and keeps what was set', () => {
  const set = makeConfig({ 'model.width': 64, 'model.activation': 'relu' });
  const hourglass = withSetting(set, { model: 'hourglass' });
  expect(hourglass).toMatchObject({ 'model.width': 64, 'model.bottleneck': 16, 'model.norm': 'batch' });
  expect(withSetting(hourglass, { model: 'isotropic' })).toMatchObject({
    'model.width': 64,
    'model.norm': 'layer',
  });
});
