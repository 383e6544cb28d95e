// The whole session on a real worker: what the page and `lab.*` do, without the screen.
import { expect, test } from 'vitest';
import { decodeSafetensors } from '../../src/core/safetensors.ts';
import { createSession } from '../../src/session/session.ts';

const LINK = '#data=digits&model.width=16&model.depth=1&train.batchSize=32&train.steps=40&v=1';

test('trains, stops, goes on and hands out weights', async () => {
  const session = createSession();
  const { lab } = globalThis;
  await lab.open('cpu');
  const part = await lab.train(LINK, { untilStep: 15, trace: 3 });
  expect(part).toMatchObject({ outcome: 'stopped', steps: 15, device: { backend: 'cpu' }, failure: null });
  expect(await lab.trace(part.key)).toHaveLength(3);
  const initial = decodeSafetensors(await lab.weights(part.key, 'init'));
  const whole = await lab.train(LINK, { resume: true });
  expect(whole).toMatchObject({ key: part.key, outcome: 'finished', steps: 40 });
  expect(whole.test.accuracy).toBeGreaterThan(0.1);
  const model = decodeSafetensors(await lab.weights(whole.key, 'model'));
  expect([...model.tensors.keys()]).toEqual([...initial.tensors.keys()]);
  const { steps } = (await lab.metrics(whole.key))['train/loss'] as { steps: readonly number[] };
  expect(steps).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(session.get().runs[0]).toMatchObject({ key: whole.key, state: 'finished', checkpointStep: 40 });
  expect(session.get().storage.failure).toBeNull();
});

test('the same link in one go gives the same numbers', async () => {
  const { lab } = globalThis;
  const [resumed] = await lab.runs();
  const once = await lab.train(LINK);
  expect((await lab.metrics(once.key))['train/loss']).toEqual(
    (await lab.metrics(resumed?.key ?? ''))['train/loss'],
  );
});

test('Stop ends a long run soon, with a checkpoint', async () => {
  const { lab } = globalThis;
  const link = LINK.replace('train.steps=40', 'train.steps=1000000');
  let stopped: Promise<void> | undefined;
  let since = 0;
  const result = await lab.train(link, {
    onEvent: () => {
      since ||= performance.now();
      stopped ??= lab.stop();
    },
  });
  await stopped;
  expect(performance.now() - since).toBeLessThan(3000);
  expect(result).toMatchObject({ outcome: 'stopped' });
  expect((await lab.runs())[0]).toMatchObject({ state: 'stopped', checkpointStep: result.steps });
});
