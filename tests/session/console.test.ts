// `lab.*`: the verbs as promises, everything a script needs as plain data.
import { expect, test } from 'vitest';
import { tensors } from '../../src/core/layers.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/core/safetensors.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import type { TrainProgress } from '../../src/experiment/lab-api.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createConsole } from '../../src/session/console.ts';
import { fileName } from '../../src/session/download.ts';
import { cardOf, device, scriptedSession } from './scripted.ts';

const LINK = '#model.width=8&model.depth=1&train.batchSize=10&v=1';

const checkpointBytes = (() => {
  const { layers } = plan(makeConfig({ 'model.width': 8, 'model.depth': 1 }));
  const values = tensors(layers).map(({ name, shape }) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5),
  }));
  const slots = values.map((tensor) => ({ ...tensor, name: `slots.${tensor.name}` }));
  return {
    whole: encodeSafetensors([...values, ...slots]),
    network: encodeSafetensors(values, { format: 'pt' }),
  };
})();

test('trains a link to its end and hands everything out', async () => {
  const scripted = scriptedSession();
  const lab = createConsole(scripted);
  const progress: TrainProgress[] = [];
  const training = lab.train(LINK, { trace: 2, untilStep: 50, onEvent: (event) => progress.push(event) });
  await scripted.settle();
  const { runId: key, options } = scripted.engineSide.started();
  expect(options).toEqual({ trace: 2, untilStep: 50, tuning: { known: [], measures: true } });
  const { say } = scripted.engineSide;
  say({ kind: 'started', runId: key, step: 0, device, data: cardOf('fashion-mnist') });
  const line = { step: 1, indices: [3], augment: null, mixup: null, loss: 2.5 };
  say({ kind: 'initial', runId: key, weights: new Uint8Array([1, 2, 3]) });
  say({ kind: 'trace', runId: key, lines: [line] });
  scripted.metrics(25, 0.5);
  scripted.metrics(50, 0.25);
  say({ kind: 'checkpoint', runId: key, step: 50, seconds: 5, bytes: [new Blob([checkpointBytes.whole])] });
  scripted.ended('stopped', 50);
  const result = await training;
  expect(JSON.parse(JSON.stringify(result))).toEqual({
    key,
    runId: key.split('-')[0],
    outcome: 'stopped',
    device,
    steps: 50,
    seconds: 5,
    examplesPerSecond: 100,
    train: { loss: 0.25 },
    test: { loss: null, accuracy: null },
    failure: null,
    pruned: null,
  });
  expect(progress.map(({ step, trainLoss }) => [step, trainLoss])).toEqual([
    [25, 0.5],
    [50, 0.25],
  ]);
  expect(await lab.trace(key)).toEqual([line]);
  expect((await lab.metrics(key))['train/loss']).toEqual({ steps: [25, 50], values: [0.5, 0.25] });
  expect(await lab.weights(key, 'init')).toEqual(new Uint8Array([1, 2, 3]));
  const { metadata, tensors } = decodeSafetensors(await lab.weights(key, 'model'));
  expect(tensors).toEqual(decodeSafetensors(checkpointBytes.network).tensors);
  // Whoever starts from this file is told what it is.
  expect(metadata['run']).toBe(key.split('-')[0]);
  expect(metadata['config']).toContain('model.width=8');
  await expect(lab.weights(key, 'average')).rejects.toThrow('train.ema');
  expect(await lab.config(key)).toMatchObject({ 'model.width': 8, 'train.batchSize': 10 });
  expect(await lab.runs()).toMatchObject([{ key, state: 'stopped' }]);
  expect(await lab.data('fashion-mnist')).toMatchObject({ id: 'fashion-mnist', train: 1000 });
  const pieces: string[] = [];
  for (let offset = 0, total = 1; offset < total; offset += 300) {
    const piece = await lab.bytes(key, 'checkpoint', offset, 300);
    total = piece.total;
    pieces.push(piece.base64);
  }
  expect(new Uint8Array(Buffer.from(pieces.join(''), 'base64'))).toEqual(checkpointBytes.whole);
});

test('hands out averaged weights under the names of the network', async () => {
  const scripted = scriptedSession();
  const lab = createConsole(scripted);
  const training = lab.train(`${LINK}&train.ema=0.9&model=hourglass&model.lift=fixed`);
  await scripted.settle();
  const { runId: key, config } = scripted.engineSide.started();
  const { say } = scripted.engineSide;
  say({ kind: 'started', runId: key, step: 0, device, data: cardOf('fashion-mnist') });
  const specs = tensors(plan(config).layers);
  const filled = (name: string, shape: readonly number[], value: number) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
  });
  const raw = specs.map(({ name, shape }) => filled(name, shape, 1));
  const mean = specs.flatMap(({ name, shape, trainable }) =>
    trainable ? [filled(`optimizer.average.${name}`, shape, 2)] : [],
  );
  const bytes = [new Blob([encodeSafetensors([...raw, ...mean])])];
  say({ kind: 'checkpoint', runId: key, step: 5, seconds: 1, bytes });
  scripted.ended('stopped', 5);
  await training;
  const { tensors: exported } = decodeSafetensors(await lab.weights(key, 'average'));
  expect([...exported.keys()]).toEqual(specs.map(({ name }) => name));
  for (const { name, trainable } of specs) expect(exported.get(name)?.values[0]).toBe(trainable ? 2 : 1);
});

test('goes on from a checkpoint that is handed in', async () => {
  const scripted = scriptedSession();
  const lab = createConsole(scripted);
  const training = lab.train(LINK, { resume: new Uint8Array([9]) });
  await scripted.settle();
  const { runId: key, options } = scripted.engineSide.started();
  expect(options.from?.[0]?.size).toBe(1);
  scripted.engineSide.say({ kind: 'started', runId: key, step: 40, device, data: cardOf('fashion-mnist') });
  scripted.metrics(50);
  scripted.checkpoint(50);
  scripted.ended('finished', 50);
  expect(await training).toMatchObject({ outcome: 'finished', steps: 50, seconds: 5 });
});

test('a run that fails is an answer; what cannot start is a rejection', async () => {
  const scripted = scriptedSession({ loads: false });
  const lab = createConsole(scripted);
  await expect(lab.train('#colour=red')).rejects.toThrow(/colour/);
  await expect(lab.describe('#train.batchSize=0')).rejects.toThrow(/batchSize/);
  await expect(lab.metrics('none')).rejects.toThrow(/no run none/);
  const failure = { code: 'dataset-unavailable', message: 'not here' } as const;
  const starting = lab.train('#data=cifar-10&v=1');
  await scripted.settle();
  scripted.engineSide.say({ kind: 'failed', dataset: 'cifar-10', failure });
  await expect(starting).rejects.toThrow('not here');
  const training = lab.train(LINK);
  await scripted.settle();
  await expect(lab.train(LINK)).rejects.toThrow(/trains already/);
  scripted.engineSide.say({ kind: 'loaded', card: cardOf('fashion-mnist'), keep: null });
  await scripted.settle();
  const { runId } = scripted.engineSide.started();
  const full = { code: 'out-of-memory', message: 'too large' } as const;
  scripted.engineSide.say({ kind: 'failed', runId, failure: full });
  expect(await training).toMatchObject({ outcome: 'failed', failure: full });
});

test('a backend that does not open is a rejection, and the newest of two openings counts', async () => {
  const scripted = scriptedSession({ opens: false });
  const lab = createConsole(scripted);
  await scripted.settle();
  const opening = lab.open('webgpu');
  scripted.engineSide.say({ kind: 'ready', device });
  expect(scripted.session.get().engine.status).toBe('starting');
  const failure = { code: 'webgpu-unavailable', message: 'no adapter' } as const;
  scripted.engineSide.say({ kind: 'failed', failure });
  await expect(opening).rejects.toThrow('no adapter');
});

test('file names are plain', () => {
  expect(fileName('Inverted bottleneck 512 × 6', 'abcdef0123', 'csv')).toBe(
    'inverted-bottleneck-512-6-abcdef01.csv',
  );
  expect(fileName('../../CON', 'abcdef0123', 'jsonl')).toBe('con-abcdef01.jsonl');
  expect(fileName('…', 'abcdef0123', 'safetensors')).toBe('run-abcdef01.safetensors');
});
