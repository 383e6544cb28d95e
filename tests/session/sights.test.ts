// What is to be seen inside a network: kept as it comes while a run trains, asked for of stored weights.
import { expect, test } from 'vitest';
import type { Gallery } from '../../src/experiment/sight.ts';
import { scriptedSession } from './scripted.ts';

const shape = { channels: 1, height: 1, width: 1 };
const pictures = { shape, pixels: Uint8Array.of(7) };
const sight: Gallery = {
  kind: 'gallery',
  rows: [3],
  labels: [1],
  input: pictures,
  output: pictures,
  target: pictures,
  psnr: [20],
  inputPsnr: null,
};

const seen = (step: number) => ({ isAsked: false, seen: { step, sight }, failure: null });

test('the newest sight of a run that trains is kept', async () => {
  const lab = scriptedSession({ link: 'task=denoise' });
  const runId = await lab.trainNow();
  for (const step of [0, 40]) lab.engineSide.say({ kind: 'inspected', runId, step, sight });
  expect(lab.session.get().sights[runId]).toEqual({ gallery: seen(40) });
});

test('stored weights are looked into once a kind, and what went wrong is said beside what was seen', async () => {
  const lab = scriptedSession({ link: 'task=denoise' });
  const runId = await lab.trainNow();
  lab.checkpoint(40);
  lab.ended('stopped', 40);
  await lab.settle();
  const asked = () => lab.engineSide.commands.filter((command) => command.kind === 'inspect');
  void lab.session.actions.look(runId, { kind: 'gallery' });
  void lab.session.actions.look(runId, { kind: 'gallery' });
  void lab.session.actions.look(runId, { kind: 'filters' });
  await lab.settle();
  const waiting = { isAsked: true, seen: null, failure: null };
  expect(lab.session.get().sights[runId]).toEqual({ gallery: waiting, filters: waiting });
  expect(asked().map(({ wish }) => wish.kind)).toEqual(['gallery', 'filters']);
  expect(asked()[0]).toMatchObject({ runId, step: 40, config: { task: 'denoise' } });

  lab.engineSide.say({ kind: 'inspected', runId, step: 40, sight });
  expect(lab.session.get().sights[runId]?.gallery).toEqual(seen(40));

  await lab.session.actions.look(runId, { kind: 'gallery' });
  expect(lab.session.get().sights[runId]?.gallery).toEqual({ ...seen(40), isAsked: true });
  const failure = { code: 'checkpoint-incompatible', message: 'of another config' } as const;
  lab.engineSide.say({ kind: 'failed', inspection: { runId, sight: 'gallery' }, failure });
  expect(lab.session.get().sights[runId]?.gallery).toEqual({ ...seen(40), failure });
  expect(lab.session.get().engine.status).toBe('ready');
});

test('without a checkpoint there is nothing to look into; a broken engine answers nothing', async () => {
  const lab = scriptedSession({ link: 'task=denoise' });
  const runId = await lab.trainNow();
  await lab.session.actions.look(runId, { kind: 'gallery' });
  expect(lab.session.get().sights[runId]?.gallery).toMatchObject({
    isAsked: false,
    failure: { code: 'checkpoint-incompatible' },
  });
  lab.checkpoint(40);
  lab.ended('stopped', 40);
  await lab.settle();
  await lab.session.actions.look(runId, { kind: 'gallery' });
  expect(lab.session.get().sights[runId]?.gallery?.isAsked).toBe(true);
  lab.engineSide.break();
  expect(lab.session.get().sights[runId]?.gallery).toEqual({ isAsked: false, seen: null, failure: null });
});

test('sights of a few runs are kept', async () => {
  const lab = scriptedSession();
  await lab.settle();
  for (let run = 0; run < 20; run++)
    lab.engineSide.say({ kind: 'inspected', runId: `run ${run}`, step: 1, sight });
  expect(Object.keys(lab.session.get().sights)).toEqual(
    [12, 13, 14, 15, 16, 17, 18, 19].map((run) => `run ${run}`),
  );
});
