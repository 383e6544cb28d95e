// What crosses between page and worker is plain data: it survives being cloned, and buffers can be transferred.
import { expect, test } from 'vitest';
import { LabError, toError, toFailure } from '../../src/core/failure.ts';
import { columnOf } from '../../src/core/metrics.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import type { KernelTuning } from '../../src/experiment/kernel-tuning.ts';
import type { Command, Event } from '../../src/experiment/protocol.ts';

const device = {
  backend: 'webgpu',
  runner: 'tfjs',
  threads: 1,
  adapter: 'a',
  fallbackAdapter: true,
  note: 'why',
} as const;

const tuning: KernelTuning = {
  key: 'k',
  adapter: 'a',
  browser: 'Chrome 156',
  buckets: {},
  avoided: ['tile128'],
  backends: { small: { webgpu: 1, wasm: 0.5 } },
};

const commands: readonly Command[] = [
  { kind: 'open', backend: 'auto', runner: 'auto' },
  { kind: 'start', runId: 'r', config: makeConfig(), options: { untilStep: 3, init: new Uint8Array([1]) } },
  { kind: 'stop', runId: 'r' },
  { kind: 'load', dataset: 'recognise', from: { kind: 'here' } },
  { kind: 'measure' },
  {
    kind: 'start',
    runId: 'r',
    config: makeConfig(),
    options: {
      execution: { backend: 'webgpu', runner: 'compiled', threads: 1, kernelVariants: { a: 'tile32' } },
      tuning: { known: [tuning], measures: true },
    },
  },
];

const events: readonly Event[] = [
  { kind: 'ready', device },
  { kind: 'metrics', runId: 'r', chunk: { 'train/loss': columnOf([[1, 2.5]]) }, step: 1, totalSteps: null },
  { kind: 'ended', runId: 'r', outcome: 'diverged', step: 1, seconds: 0.5 },
  { kind: 'tuned', tuning },
  { kind: 'failed', failure: toFailure(new LabError('device-lost', 'lost')) },
];

test('commands and events survive structured cloning', () => {
  for (const message of [...commands, ...events]) expect(structuredClone(message)).toEqual(message);
});

test('the buffers of a chunk are transferred, not copied', () => {
  const losses = columnOf([[1, 0.25]]);
  const event: Event = {
    kind: 'metrics',
    runId: 'r',
    chunk: { 'train/loss': losses },
    step: 1,
    totalSteps: 2,
  };
  const arrived = structuredClone(event, { transfer: [losses.steps.buffer, losses.values.buffer] });
  expect(losses.values.byteLength).toBe(0);
  expect(arrived.chunk['train/loss']?.values).toEqual(new Float64Array([0.25]));
});

test('a failure keeps code, message and detail on both sides', () => {
  const failure = { code: 'out-of-memory', message: 'too large', detail: 'stack' } as const;
  expect(toFailure(toError(structuredClone(failure)))).toEqual(failure);
  expect(toFailure('odd')).toEqual({ code: 'internal', message: 'odd' });
});
