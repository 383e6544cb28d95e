// Proof 7: the tuner on a fake device with coarse and noisy clocks, failures and loss, in fake time.
import { expect, test } from 'vitest';
import { type Choice, choiceName } from '../../src/engine/webgpu/kernels/matmul.ts';
import { type TuningDevice, type TuningRequest, tune } from '../../src/engine/webgpu/tuner.ts';
import { adapterKey, bucket, generatorText, tuningRequests } from '../../src/engine/webgpu/tuning-key.ts';
import type { AdapterFacts } from '../../src/engine/webgpu/variants.ts';
import { product } from './webgpu-cases.ts';

interface Fault {
  readonly quantumMs?: number;
  readonly noise?: number;
  /** Every so many samples, one takes three times as long. */
  readonly outlierEvery?: number;
  /** Names of variants. */
  readonly zeroSpans?: readonly string[];
  readonly neverCompiles?: readonly string[];
  readonly fails?: readonly string[];
  readonly wrong?: readonly string[];
  readonly notANumber?: readonly string[];
  readonly lostAt?: string;
  readonly hasTimestamps?: boolean;
  readonly roundTripMs?: number;
  readonly hiddenAfterMs?: number;
  readonly seed?: number;
}

interface Fake extends TuningDevice<Choice> {
  readonly released: string[];
  readonly longestMs: () => number;
}

/** `ms`: what one run of each variant truly takes. */
function fake(ms: Readonly<Record<string, number>>, fault: Fault = {}): Fake {
  let clock = 0;
  let state = fault.seed ?? 1;
  let samples = 0;
  let longest = 0;
  const released: string[] = [];
  const sleepers: { at: number; wake: () => void }[] = [];
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const advance = (by: number): void => {
    clock += by;
    for (const { at, wake } of sleepers) if (at <= clock) wake();
  };
  const has = (names: readonly string[] | undefined, choice: Choice): boolean =>
    names?.includes(choiceName(choice)) === true;
  return {
    hasTimestamps: fault.hasTimestamps ?? true,
    released,
    longestMs: () => longest,
    now: () => clock,
    sleep: (wait) =>
      new Promise((wake) => {
        sleepers.push({ at: clock + wait, wake });
        // Nothing else may move the clock while all wait for a compiler.
        setTimeout(() => {
          clock = Math.max(clock, clock + wait);
          wake();
        }, 5);
      }),
    isIdle: () => clock < (fault.hiddenAfterMs ?? Number.POSITIVE_INFINITY),
    compile(_, choice) {
      if (has(fault.neverCompiles, choice)) return new Promise(() => undefined);
      return Promise.resolve(has(fault.fails, choice) ? null : choice);
    },
    error(choice) {
      if (has(fault.notANumber, choice)) return Promise.resolve(Number.NaN);
      return Promise.resolve(has(fault.wrong, choice) ? 1e-3 : 1e-7);
    },
    time(choice, repeats) {
      if (choiceName(choice) === fault.lostAt) return Promise.reject(new Error('The device was lost.'));
      const noise = 1 + (fault.noise ?? 0) * (2 * random() - 1);
      samples++;
      const outlier = fault.outlierEvery && samples % fault.outlierEvery === 0 ? 3 : 1;
      const truly = (ms[choiceName(choice)] ?? 1) * repeats;
      longest = Math.max(longest, truly);
      const span = truly * noise * outlier + (fault.roundTripMs ?? 0);
      advance(span + 0.1);
      if (has(fault.zeroSpans, choice)) return Promise.resolve(0);
      const quantum = fault.quantumMs ?? 0;
      return Promise.resolve(quantum ? Math.floor(span / quantum) * quantum : span);
    },
    release: (choice) => void released.push(choiceName(choice)),
  };
}

const choices: readonly Choice[] = [
  { variant: 'tile32' },
  { variant: 'tile64' },
  { variant: 'reg44' },
  { variant: 'kgroup' },
];
const request: TuningRequest = { key: 'one', product: product('NT', 128, 512, 512), candidates: choices };
const speeds = { tile32: 0.1, tile64: 0.07, reg44: 0.12, kgroup: 0.11 };

async function pick(ms: Readonly<Record<string, number>>, fault?: Fault) {
  const device = fake(ms, fault);
  const tuning = await tune(device, [request]);
  expect(tuning.ms).toBeLessThanOrEqual(2100);
  const choice = tuning.tuned[0]?.choice;
  return { choice: choice && choiceName(choice), tuning, device };
}

test('a clear winner replaces the default; all that was compiled is released', async () => {
  const { choice, tuning, device } = await pick(speeds);
  expect(choice).toBe('tile64');
  expect(tuning.end).toBe('complete');
  expect(device.released.toSorted()).toEqual(['kgroup', 'reg44', 'tile32', 'tile64']);
  expect(tuning.ms).toBeLessThan(1000);
});

test('a default within 5 % of the best stays', async () => {
  expect((await pick({ ...speeds, tile64: 0.097 })).choice).toBe('tile32');
});

for (const quantumMs of [0.065536, 0.1])
  test(`a clock of ${quantumMs} ms, 10 % noise and an outlier in seven: the best or the default, never another`, async () => {
    let wins = 0;
    for (let seed = 1; seed <= 60; seed++)
      for (const scale of [1, 0.01, 20]) {
        const ms = Object.fromEntries(Object.entries(speeds).map(([name, one]) => [name, one * scale]));
        const { choice } = await pick(ms, { quantumMs, noise: 0.1, outlierEvery: 7, seed });
        expect(['tile64', 'tile32']).toContain(choice);
        if (choice === 'tile64') wins++;
      }
    expect(wins).toBeGreaterThan(60);
  });

test('equal candidates under noise keep the default nearly always', async () => {
  const same = { tile32: 0.1, tile64: 0.1, reg44: 0.1, kgroup: 0.1 };
  let kept = 0;
  for (let seed = 1; seed <= 100; seed++)
    if ((await pick(same, { noise: 0.05, quantumMs: 0.1, seed })).choice === 'tile32') kept++;
  expect(kept).toBeGreaterThanOrEqual(95);
});

test('zero spans are failed samples, not wins', async () => {
  const { choice, tuning } = await pick(speeds, { zeroSpans: ['reg44'] });
  expect(choice).toBe('tile64');
  const row = tuning.tuned[0]?.measurements.find((one) => one.choice.variant === 'reg44');
  expect(row?.ms).toBeNull();
  expect(row?.samples.every((sample) => sample === null)).toBe(true);
});

test('zero spans of every candidate leave the static table', async () => {
  const { choice, tuning } = await pick(speeds, { zeroSpans: choices.map(choiceName) });
  expect(choice).toBeUndefined();
  expect(tuning.ms).toBeLessThanOrEqual(2100);
});

test('what never compiles is no candidate after 1.2 s; what fails to compile is none at once', async () => {
  const slow = await pick(speeds, { neverCompiles: ['tile64'] });
  expect(slow.choice).toBe('tile32');
  expect(slow.tuning.tuned[0]?.measurements[1]?.outcome).toBe('not compiled');
  const refused = await pick({ ...speeds, reg44: 0.05 }, { fails: ['tile64'] });
  expect(refused.choice).toBe('reg44');
});

test('a wrong result or a NaN disqualifies, however fast', async () => {
  expect((await pick({ ...speeds, reg44: 0.01 }, { wrong: ['reg44'] })).choice).toBe('tile64');
  expect((await pick({ ...speeds, reg44: 0.01 }, { notANumber: ['reg44'] })).choice).toBe('tile64');
});

test('a wrong default gives way', async () => {
  expect((await pick(speeds, { wrong: ['tile32'] })).choice).toBe('tile64');
});

test('device loss leaves the static table and names what ran', async () => {
  const { choice, tuning } = await pick(speeds, { lostAt: 'reg44' });
  expect(choice).toBeUndefined();
  expect(tuning.end).toBe('device lost');
  expect(tuning.culprit).toEqual({ variant: 'reg44' });
});

test('without timestamps the round trip cancels', async () => {
  for (const roundTripMs of [0.45, 103]) {
    const { choice, tuning } = await pick(speeds, { hasTimestamps: false, roundTripMs, quantumMs: 0.1 });
    expect(choice === undefined || choice === 'tile64' || choice === 'tile32').toBe(true);
    if (roundTripMs < 1) {
      expect(choice).toBe('tile64');
      expect(tuning.tuned[0]?.measurements[1]?.ms).toBeCloseTo(0.07, 2);
    }
  }
});

test('six buckets end within two seconds, with what was decided by then', async () => {
  const all = Array.from({ length: 6 }, (_, index) => ({ ...request, key: String(index) }));
  const quick = await tune(fake(speeds), all);
  expect(quick.end).toBe('complete');
  expect(quick.tuned).toHaveLength(6);
  const slow = await tune(fake({ tile32: 12, tile64: 10, reg44: 12, kgroup: 12 }, { roundTripMs: 30 }), all);
  expect(slow.end).toBe('out of time');
  expect(slow.ms).toBeLessThanOrEqual(2100);
  expect(slow.tuned.length).toBeGreaterThan(0);
});

test('a hidden page or a run that begins ends tuning', async () => {
  expect((await tune(fake(speeds, { hiddenAfterMs: 0 }), [request])).end).toBe('interrupted');
  expect((await tune(fake(speeds, { hiddenAfterMs: 100 }), [request])).end).toBe('interrupted');
});

test('no submit is predicted to hold the device for more than 50 ms', async () => {
  const { device } = await pick({ ...speeds, kgroup: 3 });
  expect(device.longestMs()).toBeLessThanOrEqual(50);
});

const facts: AdapterFacts = {
  vendor: 'nvidia',
  architecture: 'ampere',
  device: '',
  description: '',
  isFallback: false,
  hasSubgroups: true,
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
};

test('only buckets that matter are tuned, at most six', () => {
  const small = product('NT', 8, 8, 8);
  const large = Array.from({ length: 9 }, (_, i) =>
    product('NT', 128 * 2 ** (i % 3), 512 * 2 ** Math.floor(i / 3), 512),
  );
  const requests = tuningRequests([small, ...large], facts);
  expect(requests.length).toBeLessThanOrEqual(6);
  expect(requests.map(({ key }) => key)).not.toContain(bucket(small));
  expect(requests[0]?.key).toBe(bucket(product('NT', 512, 2048, 512)));
  expect(tuningRequests(large, { ...facts, isFallback: true })).toEqual([]);
});

test('the cache key changes with whatever a choice depends on', () => {
  const parts = { facts, limits: { a: 1, b: 2 }, browser: 'Chromium 156', generator: 'abc' };
  const others = [
    { ...parts, browser: 'Chromium 157' },
    { ...parts, generator: 'abd' },
    { ...parts, limits: { a: 1, b: 3 } },
    { ...parts, facts: { ...facts, subgroupMinSize: 16 } },
    { ...parts, facts: { ...facts, isFallback: true } },
  ];
  const keys = new Set([parts, ...others].map(adapterKey));
  expect(keys.size).toBe(6);
  expect(adapterKey({ ...parts, limits: { b: 2, a: 1 } })).toBe(adapterKey(parts));
  const one = product('NT', 100, 500, 512);
  expect(bucket(one)).toBe(bucket(product('NT', 128, 512, 512)));
  expect(bucket(one)).not.toBe(bucket({ ...one, layout: 'NN' }));
  expect(bucket(one)).not.toBe(bucket({ ...one, activation: 'gelu' }));
});

test('the generator is named by the text of every variant that can be tuned', () => {
  const text = generatorText();
  expect(text).toBe(generatorText());
  for (const mark of ['tile_a', 'subgroupBroadcast', 'scratch[slice', 'sums[lane *', 'group == 3u'])
    expect(text).toContain(mark);
});
