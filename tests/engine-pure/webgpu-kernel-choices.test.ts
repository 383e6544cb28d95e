// Which variant a run gets: the record wins, then what was measured, then the table; measuring is a fake device's here.
import { expect, test } from 'vitest';
import { type Adapter, chooseKernels, type KernelWish } from '../../src/engine/webgpu/kernel-choices.ts';
import { choiceName, choiceOf, type VariantId } from '../../src/engine/webgpu/kernels/matmul.ts';
import type { TuningDevice } from '../../src/engine/webgpu/tuner.ts';
import { browserName, bucket, productKey } from '../../src/engine/webgpu/tuning-key.ts';
import { type AdapterFacts, candidates, defaultChoice } from '../../src/engine/webgpu/variants.ts';
import { type KernelTuning, withTuning } from '../../src/experiment/kernel-tuning.ts';
import { product } from './webgpu-cases.ts';

const facts: AdapterFacts = {
  vendor: 'nvidia',
  architecture: 'ada',
  device: '',
  description: '',
  isFallback: false,
  hasSubgroups: false,
  subgroupMinSize: 0,
  subgroupMaxSize: 0,
};
const untuned: KernelTuning = {
  key: 'here',
  adapter: 'nvidia ada',
  browser: 'Chrome 156',
  buckets: {},
  avoided: [],
  backends: {},
};

/** `reg44` is twice as fast as all others; the device is lost under `lostAt`. */
function adapter(lostAt?: string, changes: Partial<AdapterFacts> = {}) {
  const compiled: string[] = [];
  let clock = 0;
  const device: TuningDevice<string> = {
    hasTimestamps: true,
    compile: async (_, choice) => {
      compiled.push(choiceName(choice));
      return choiceName(choice);
    },
    error: async () => 0,
    time: async (name, repeats) => {
      if (name === lostAt) throw new Error('The device was lost.');
      const ms = repeats * (name === 'reg44' ? 0.05 : 0.1);
      clock += ms;
      return ms;
    },
    now: () => clock,
    sleep: () => new Promise(() => undefined),
    isIdle: () => true,
    release: () => undefined,
  };
  const one: Adapter = {
    facts: { ...facts, ...changes },
    untuned,
    measure: (work) => work(device as TuningDevice<unknown>),
  };
  return { one, compiled };
}

const products = [product('NT', 128, 512, 512), product('NT', 100, 512, 512), product('TN', 512, 512, 128)];
const [large, ragged] = products as [(typeof products)[0], (typeof products)[0]];

async function chosen(wish: KernelWish, lostAt?: string, changes?: Partial<AdapterFacts>) {
  const { one, compiled } = adapter(lostAt, changes);
  const reports: { readonly tuning: KernelTuning; readonly isLost: boolean }[] = [];
  const onTuned = (tuning: KernelTuning, isLost: boolean): void => void reports.push({ tuning, isLost });
  const choices = await chooseKernels(one, products, { ...wish, onTuned });
  return { ...choices, reports, compiled };
}

test('with nothing known and nothing to be measured the table chooses', async () => {
  const { variants, reports, compiled } = await chosen({});
  expect(variants[productKey(large)]).toBe(choiceName(defaultChoice(large, facts)));
  expect([reports, compiled]).toEqual([[], []]);
});

test('what is not known is measured once for a bucket, and reported with all timings', async () => {
  const { variants, reports } = await chosen({ measures: true });
  expect(bucket(ragged)).toBe(bucket(large));
  expect(variants[productKey(large)]).toBe('reg44');
  expect(variants[productKey(ragged)]).toBe('reg44');
  const { tuning, isLost } = reports[0] as (typeof reports)[0];
  expect(isLost).toBe(false);
  const one = tuning.buckets[bucket(large)];
  expect(one?.variant).toBe('reg44');
  const best = one?.timings.find(({ variant }) => variant === 'reg44');
  expect(best?.ms).toBeCloseTo(0.05, 6);
  expect(best?.gflops).toBe(Math.round((2 * 128 * 512 * 512) / 0.05 / 1e6));
  expect(JSON.parse(JSON.stringify(tuning))).toEqual(tuning);

  const again = await chosen({ measures: true, known: [tuning] });
  expect(again.compiled).toEqual([]);
  expect(again.variants).toEqual(variants);
});

test('the record wins over what was measured, and asks for no measurement', async () => {
  const recorded = Object.fromEntries(products.map((one) => [productKey(one), 'tile64']));
  const { reports } = await chosen({ measures: true });
  const { variants, compiled } = await chosen({
    measures: true,
    recorded,
    known: reports.map((r) => r.tuning),
  });
  expect(variants).toEqual(recorded);
  expect(compiled).toEqual([]);
});

test('a recorded variant that is not there, or not on this adapter, is named', async () => {
  const recorded = { [productKey(large)]: 'tile9', [productKey(ragged)]: 'intel' };
  const { variants, missing } = await chosen({ recorded });
  expect(missing.toSorted()).toEqual(['intel', 'tile9']);
  expect(variants[productKey(large)]).toBe(choiceName(defaultChoice(large, facts)));
});

test('what ran when the device was lost is reported, and never tried again', async () => {
  const culprit = candidates(large, facts).map(choiceName).at(-1) as string;
  const { reports, variants } = await chosen({ measures: true }, culprit);
  expect(reports).toMatchObject([{ isLost: true, tuning: { avoided: [culprit], buckets: {} } }]);
  expect(variants[productKey(large)]).toBe(choiceName(defaultChoice(large, facts)));
  const { compiled } = await chosen({ measures: true, known: reports.map((r) => r.tuning) });
  expect(compiled.length).toBeGreaterThan(0);
  expect(compiled).not.toContain(culprit);
});

test('a default that cost the device is replaced by the safest variant', async () => {
  const avoided = [choiceName(defaultChoice(large, facts))];
  const { variants } = await chosen({ known: [{ ...untuned, avoided }] });
  expect(variants[productKey(large)]).toBe('tile32');
});

test('on a software adapter nothing is measured', async () => {
  expect((await chosen({ measures: true }, undefined, { isFallback: true })).compiled).toEqual([]);
});

test('names of choices read back, and only those', () => {
  const variants: readonly VariantId[] = ['tile32', 'reg44', 'software-plain', 'dot', 'row-dot', 'intel'];
  for (const variant of variants) expect(choiceOf(choiceName({ variant }))).toEqual({ variant });
  expect(choiceOf('tile32/4')).toEqual({ variant: 'tile32', slices: 4 });
  for (const wrong of ['', 'tile9', 'reg44/4', 'tile32/99', 'toString', 'tile32/x'])
    expect(choiceOf(wrong)).toBeNull();
});

test('a browser is named with its major version', () => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0';
  expect(browserName(`${agent} Safari/537.36`)).toBe('Chrome 156');
  expect(browserName('Mozilla/5.0 (X11; rv:150.0) Gecko/20100101 Firefox/150.0')).toBe('Firefox 150');
  expect(browserName('odd')).toBe('odd');
});

test('tunings are joined under their key, and the oldest are given up', () => {
  const timing = { webgpu: 1, wasm: 2 };
  const one = withTuning([{ ...untuned, avoided: ['a'] }], {
    ...untuned,
    avoided: ['b'],
    backends: { s: timing },
  });
  expect(one).toEqual([{ ...untuned, avoided: ['a', 'b'], backends: { s: timing } }]);
  const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
  const many = keys.map((key) => ({ ...untuned, key })).reduce(withTuning, [] as readonly KernelTuning[]);
  expect(many.map(({ key }) => key)).toEqual(keys.slice(-8));
});
