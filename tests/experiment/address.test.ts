import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Setting, Value } from '../../src/core/setting.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import {
  type Config,
  canonical,
  defaults,
  makeConfig,
  type Named,
  runId,
  settingsOf,
} from '../../src/experiment/config.ts';

const legal = (setting: Setting): fc.Arbitrary<Value> => {
  if (setting.options) return fc.constantFrom(...setting.options.map((option) => option.value));
  if (setting.legal) return fc.stringMatching(/^[0-9a-f]{8,64}$/);
  if (!setting.range) return fc.boolean();
  const [min, max] = setting.range;
  const whole = fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, 2 ** 31 - 1)) });
  return setting.schema.safeParse(0.5).success || setting.schema.safeParse(min + 0.015625).success
    ? fc.oneof(whole, fc.double({ min, max, noNaN: true }))
    : whole;
};

/** Configs reached as a person would: one setting after another, whatever is offered then. */
const configs: fc.Arbitrary<Config> = fc
  .array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 })
  .chain((picks) =>
    picks.reduce(
      (before, [which]) =>
        before.chain((config) => {
          const active = settingsOf(config);
          const { key, setting } = active[which % active.length] as (typeof active)[number];
          return legal(setting).map((value) => makeConfig({ ...config, [key]: value } as Named));
        }),
      fc.constant(defaults),
    ),
  );

describe('link', () => {
  test('decode(encode(config)) is the config, without problems', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { config: read, problems } = decode(encode(config));
        expect(read).toEqual(config);
        expect(problems).toEqual([]);
        expect(runId(read)).toBe(runId(config));
      }),
      { numRuns: 300 },
    );
  });

  test('any text decodes to a legal config', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const { config } = decode(text);
        for (const { key, setting } of settingsOf(config)) {
          expect(setting.schema.safeParse(config[key]).success).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['__proto__=1'],
    ['constructor=1'],
    ['model=constructor'],
    ['model=__proto__'],
    ['model.width=NaN'],
    ['model.width=Infinity'],
    ['model.width=1e999'],
    ['model.width=1e308'],
    ['model.width=0.1'],
    ['model.width=0x10'],
    ['model.width='],
    ['model.width=-0'],
    ['data=toString'],
    ['optimizer.learningRate=-1'],
    ['seed=1.5'],
    ['v=-1'],
    ['%E0%A4%A=%'],
    ['nonsense'],
  ])('%s is listed as a problem and does no harm', (text) => {
    const { config, problems } = decode(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(config).toEqual(defaults);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a link of a newer lab opens read-only', () => {
    expect(decode('model.width=64&v=2')).toMatchObject({ readOnly: true, config: { 'model.width': 64 } });
    expect(decode('v=1')).toMatchObject({ readOnly: false, problems: [] });
  });

  test('a link over 8 kB is not read', () => {
    const { config, problems } = decode(`#model.width=64&note=${'x'.repeat(9000)}`);
    expect(config).toEqual(defaults);
    expect(problems[0]?.message).toContain('8192');
  });

  test('keys are sorted, defaults are left out, the version stands last', () => {
    const config = makeConfig({ 'train.batchSize': 64, model: 'hourglass', 'model.bottleneck': 7 });
    expect(encode(config)).toBe('model=hourglass&model.bottleneck=7&train.batchSize=64&v=1');
    expect(encode(config, { x: 'epoch' })).toContain('&view.x=epoch');
    expect(decode('view.x=epoch').view).toEqual({ x: 'epoch' });
  });

  test('a preset expands; an explicit key wins and is said', () => {
    expect(decode('model.preset=B_6-Wi_512').config).toMatchObject({
      model: 'inverted-bottleneck',
      'model.width': 512,
      'model.depth': 6,
      'model.expansion': 4,
    });
    const { config, problems } = decode('model.preset=B_6-Wi_512_2&model.width=64');
    expect(config).toMatchObject({ 'model.width': 64, 'model.depth': 6, 'model.expansion': 2 });
    expect(problems).toMatchObject([{ key: 'model.width', ignored: false }]);
    expect(decode('model.preset=big').problems).toMatchObject([{ key: 'model.preset', ignored: true }]);
  });

  test('a setting that has no effect is named as such', () => {
    expect(decode('model=isotropic&model.expansion=2').problems).toMatchObject([{ key: 'model.expansion' }]);
    expect(decode('train.steps=100&train.epochs=3').problems).toMatchObject([{ key: 'train.epochs' }]);
  });
});

describe('run id', () => {
  test('is the SHA-256 of the sorted settings that differ from the defaults', () => {
    const config = makeConfig({ seed: 3, 'model.width': 64 });
    expect(canonical(config)).toBe('model.width=64&seed=3');
    expect(runId(defaults)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('does not change when a default is written out', () => {
    expect(runId(decode('model.width=128&optimizer.learningRate=0.001').config)).toBe(runId(defaults));
  });
});
