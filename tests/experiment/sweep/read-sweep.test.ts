import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../../src/catalog/studies/index.ts';
import type { Value } from '../../../src/core/setting.ts';
import { decode, encode } from '../../../src/experiment/address.ts';
import { canonical, declarations, type Key, makeConfig, settingsOf } from '../../../src/experiment/config.ts';
import { cells, gridAxes, type Sweep } from '../../../src/experiment/sweep/sweep.ts';
import { trials } from '../../../src/experiment/sweep/trials.ts';
import { readValues, writeValues } from '../../../src/experiment/sweep/values.ts';

const sweepOf = (link: string): Sweep => {
  const { sweep, problems } = decode(link);
  expect(problems).toEqual([]);
  if (!sweep) throw new Error('no sweep');
  return sweep;
};
const valuesOf = (text: string, key = 'train.batchSize'): readonly Value[] =>
  sweepOf(`sweep.${key}=${text}`).axes[0]?.values ?? [];

describe('values of an axis', () => {
  test.each([
    ['64,256,1024', [64, 256, 1024]],
    ['1024,64', [64, 1024]],
    ['16..1024*2', [16, 32, 64, 128, 256, 512, 1024]],
    ['16..100*2', [16, 32, 64]],
    ['1..9+2', [1, 3, 5, 7, 9]],
    ['9..1+-4', [1, 5, 9]],
    ['8,16..64*2,500', [8, 16, 32, 64, 500]],
    ['1..1000/4', [1, 10, 100, 1000]],
    ['3..11*1.5', [3, 5, 7, 10]],
  ])('%s', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('ranges are spaced on the scale of the setting, ends exact', () => {
    expect(valuesOf('1e-4..1e-2/5', 'optimizer.learningRate')).toEqual([
      0.0001, 0.000316228, 0.001, 0.00316228, 0.01,
    ]);
    expect(valuesOf('0..0.3/4', 'train.labelSmoothing')).toEqual([0, 0.1, 0.2, 0.3]);
    expect(valuesOf('0..0.3+0.1', 'train.labelSmoothing')).toEqual([0, 0.1, 0.2, 0.3]);
  });

  test.each([
    ['train.batchSize', '16..1024*2'],
    ['train.batchSize', '3,7,50'],
    ['optimizer.learningRate', '1e-4..1e-2/5'],
    ['optimizer.learningRate', '2.5e-4..0.016*2'],
    ['train.labelSmoothing', '0..0.8+0.1'],
  ])('%s=%s is written no longer than it was, and reads the same', (key, text) => {
    const [first, ...others] = declarations.get(key) ?? [];
    if (!first) throw new Error(key);
    const values = valuesOf(text, key);
    const written = writeValues([first, ...others], values);
    expect(readValues([first, ...others], written).build().values).toEqual(values);
    expect(written.length).toBeLessThanOrEqual(text.length + 6);
  });

  test('choices and switches are axes too, in the order in which they are written', () => {
    expect(valuesOf('isotropic,hourglass', 'model')).toEqual(['isotropic', 'hourglass']);
    expect(valuesOf('true,false', 'model.bias')).toEqual([true, false]);
  });
});

describe('what cannot be read is said and never thrown', () => {
  test.each([
    ['sweep.train.batchSize=NaN', 'sweep.train.batchSize', /NaN is not a whole number from 1 to 65536/],
    ['sweep.optimizer.learningRate=NaN,NaN', 'sweep.optimizer.learningRate', /NaN is not a number/],
    ['sweep.train.batchSize=', 'sweep.train.batchSize', /has no value/],
    ['sweep.train.batchSize=,,', 'sweep.train.batchSize', /has no value/],
    ['sweep.nonsense=1,2', 'sweep.nonsense', /not a setting/],
    ['sweep.__proto__=1,2', 'sweep.__proto__', /not a setting/],
    ['sweep.constructor=1,2', 'sweep.constructor', /not a setting/],
    ['sweep.=1', 'sweep.', /not a setting/],
    ['sweep.train.evaluateEvery=1,2', 'sweep.train.evaluateEvery', /cannot be swept/],
    ['sweep.train.batchSize=16..1024*1', 'sweep.train.batchSize', /16\.\.1024\*1 is not/],
    ['sweep.train.batchSize=16..1024*0.5', 'sweep.train.batchSize', /is not/],
    ['sweep.train.batchSize=16..NaN*2', 'sweep.train.batchSize', /is not/],
    ['sweep.train.batchSize=1..1e999*2', 'sweep.train.batchSize', /is not/],
    ['sweep.train.labelSmoothing=0..2+0.5', 'sweep.train.labelSmoothing', /1 is not a number from 0 to 0.99/],
    ['sweep.equal=steps', 'sweep.equal', /sweep\.horizon=steps:1000/],
    ['sweep.equal=parameters&sweep.budget=NaN', 'sweep.budget', /NaN/],
    ['sweep.budget=1e6', 'sweep.budget', /sweep\.equal/],
    ['sweep.horizon=epochs:0', 'sweep.horizon', /epochs:0 is not an amount/],
    ['sweep.horizon=epochs:1.5', 'sweep.horizon', /epochs:1.5/],
    ['sweep.horizon=seconds:NaN', 'sweep.horizon', /NaN/],
    ['sweep.seeds=0', 'sweep.seeds', /1 to 1000/],
    ['sweep.seeds=1e9', 'sweep.seeds', /1 to 1000/],
    ['seed=2147483647&sweep.seeds=2', 'sweep.seeds', /1 to 1000/],
    ['sweep.seed=1,2&sweep.seeds=2', 'sweep.seeds', /lists the seeds/],
    ['sweep.equal=parameters&sweep.model.width=8,16', 'sweep.model.width', /chooses model.width/],
    ['sweep.horizon=steps:9&sweep.train.epochs=1,2', 'sweep.train.epochs', /how long trials train/],
    ['sweep.train.batchSize=8,16&sweep.tune=model.width', 'sweep.tune', /not an axis/],
    ['sweep.train.batchSize=8,16&sweep.prune=2', 'sweep.prune', /sweep\.tune/],
    ['sweep.seed=1,2&sweep.tune=seed&sweep.prune=2', 'sweep.prune', /validationSize/],
    ['data.validationSize=99&sweep.seed=1,2&sweep.tune=seed&sweep.prune=1', 'sweep.prune', /above 1/],
    ['study=nothing', 'study', /batch-size/],
  ])('%s', (link, key, message) => {
    const { problems } = decode(link);
    expect(problems.find((problem) => problem.key === key)).toMatchObject({
      ignored: true,
      message: expect.stringMatching(message),
    });
  });

  test('an axis without a legal value leaves one run; with one, that value', () => {
    expect(decode('sweep.train.batchSize=NaN').sweep).toBeNull();
    expect(decode('sweep.train.batchSize=NaN,64').sweep?.axes).toEqual([
      { key: 'train.batchSize', values: [64] },
    ]);
  });

  test('a value that is named twice is tried once, and that is said', () => {
    const { sweep, problems } = decode('sweep.train.batchSize=64,64.0,128');
    expect(sweep?.axes[0]?.values).toEqual([64, 128]);
    expect(problems).toMatchObject([{ key: 'sweep.train.batchSize', ignored: false }]);
  });

  test.each([
    [
      'sweep.model.width=1..1000+1&sweep.train.batchSize=1..1000+1&sweep.seed=1..1000+1&sweep.train.steps=1..1000+1',
      '1,000,000,000,000',
    ],
    ['sweep.seed=0..1e12+1', '1,000,000,000,001'],
    ['sweep.seed=0..1e300+1e-9', 'more than 10¹⁵'],
    ['sweep.train.batchSize=1..100+1&sweep.seed=1..100+1', '10,000'],
  ])('%s is counted, not built', (link, count) => {
    const began = performance.now();
    const { sweep, problems } = decode(link);
    expect(performance.now() - began).toBeLessThan(50);
    expect(sweep).toBeNull();
    const [problem] = problems;
    expect(problem).toMatchObject({ key: 'sweep', ignored: true });
    expect(problem?.message).toContain(`${count} cells`);
    expect(problem?.message).toMatch(/at most .* Take values out of|has at most 256 values/);
  });

  test('any text of sweep keys decodes without throwing, into a sweep that can be listed', () => {
    const keys = [
      'sweep.model',
      'sweep.seed',
      'sweep.train.batchSize',
      'sweep.equal',
      'sweep.budget',
      'study',
    ];
    const others = [
      'sweep.horizon',
      'sweep.seeds',
      'sweep.tune',
      'sweep.prune',
      'sweep.optimizer.learningRate',
    ];
    const piece = fc.oneof(
      fc.constantFrom('hourglass', 'isotropic', 'parameters', 'flops', 'epochs:2', 'flops:1e9', 'shapes'),
      fc.constantFrom('1..3+1', '1e-4..1e-2/3', 'NaN', '-0', '1e999', '1..1e12+1', '', ',', '0', '64', '3'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const parts = fc.array(fc.tuple(fc.constantFrom(...keys, ...others), fc.array(piece, { maxLength: 3 })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(parts, (given) => {
        const link = given.map(([key, values]) => `${key}=${values.map(encodeURIComponent).join(',')}`);
        const { config, sweep, problems } = decode(['train.epochs=1', ...link].join('&'));
        for (const { message } of problems) expect(message).not.toBe('');
        if (!sweep) return;
        const { trials: list, refused } = trials(config, sweep);
        const covered = list.reduce((sum, trial) => sum + trial.cells.length, refused.length);
        expect(covered).toBe([...cells(gridAxes(sweep, config.seed))].length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('decode(encode(…)) is the same sweep', () => {
  const active = settingsOf(makeConfig()).filter(
    ({ setting, key }) => setting.axis && key !== 'train.epochs',
  );
  const textOf = (key: Key): fc.Arbitrary<string> => {
    const [setting] = declarations.get(key) ?? [];
    if (setting?.options) return fc.constantFrom(...setting.options.map(({ value }) => value));
    if (!setting?.range) return fc.constantFrom('true', 'false');
    const whole = fc.integer({
      min: Math.ceil(setting.range[0]),
      max: Math.floor(Math.min(60, setting.range[1])),
    });
    const any = fc.double({ min: setting.range[0], max: Math.min(1, setting.range[1]), noNaN: true });
    return setting.schema.safeParse(setting.range[0] + 0.015625).success
      ? fc.oneof(whole, any).map(String)
      : whole.map(String);
  };
  const axis = fc
    .constantFrom(...active.map(({ key }) => key))
    .chain((key) =>
      fc.tuple(fc.constant(`sweep.${key}`), fc.array(textOf(key), { minLength: 1, maxLength: 3 })),
    );
  const extra = fc.constantFrom(
    ['sweep.seeds', '2'],
    ['sweep.equal', 'parameters'],
    ['sweep.equal', 'macs'],
    ['sweep.budget', '1e4,2e4'],
    ['sweep.horizon', 'epochs:1,examples:1e4'],
    ['model.width', '128'],
    ['model.bottleneck', '9'],
    ['model.norm', 'layer'],
    ['train.steps', '7'],
    ['seed', '5'],
  );
  const study = fc.option(fc.constantFrom(...Object.keys(studies)), { nil: null });

  test('for sweeps of any settings, also beside a study', () => {
    fc.assert(
      fc.property(
        study,
        fc.array(axis, { maxLength: 3 }),
        fc.array(extra, { maxLength: 4 }),
        (id, axes, more) => {
          const given = new Map<string, string>([
            ...axes.map(([key, values]): [string, string] => [key, values.join(',')]),
            ...more.map(([key, value]): [string, string] => [key as string, value as string]),
            ...(id ? [['study', id] as [string, string]] : []),
          ]);
          const first = decode([...given].map((pair) => pair.join('=')).join('&'));
          const link = encode(first.config, {}, first.sweep);
          const again = decode(link);
          expect(again.problems).toEqual([]);
          expect(canonical(again.config)).toBe(canonical(first.config));
          expect(again.sweep).toEqual(first.sweep);
          expect(encode(again.config, {}, again.sweep)).toBe(link);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('values are written out, keys sorted', () => {
    const { config, sweep } = decode('sweep.train.batchSize=16..64*2&sweep.seeds=3&model.width=64');
    expect(encode(config, {}, sweep)).toBe('model.width=64&sweep.seeds=3&sweep.train.batchSize=16,32,64&v=1');
    const horizons = decode('sweep.horizon=epochs:2,steps:30');
    expect(encode(horizons.config, {}, horizons.sweep)).toBe('sweep.horizon=epochs:2,steps:30&v=1');
  });

  test('a study stays short, and says what was changed', () => {
    const plain = decode('study=shapes');
    expect(encode(plain.config, {}, plain.sweep)).toBe('study=shapes&v=1');
    const changed = decode('study=shapes&data=digits&sweep.seeds=1&train.epochs=3');
    expect(changed.config).toMatchObject({ data: 'digits', 'train.epochs': 3 });
    expect(changed.sweep).toMatchObject({ seeds: 1, study: 'shapes', equal: { what: 'parameters' } });
    expect(encode(changed.config, {}, changed.sweep)).toBe(
      'data=digits&study=shapes&sweep.seeds=1&train.epochs=3&v=1',
    );
  });

  test('a budget in steps beside a study with one in epochs leaves it the study', () => {
    const { config, sweep } = decode('study=augmentation&train.steps=7');
    expect(sweep?.study).toBe('augmentation');
    expect(encode(config, {}, sweep)).toBe('study=augmentation&train.steps=7&v=1');
  });

  test('a setting that the study sets and a link puts back to its default is written', () => {
    const { config, sweep } = decode('study=batch-size&model.width=128');
    expect(config['model.width']).toBe(128);
    expect(encode(config, {}, sweep)).toBe('model.width=128&study=batch-size&v=1');
  });
});
