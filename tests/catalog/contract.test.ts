// Every entry of every menu is held to its kind's contract here: a new entry is tested without writing a test.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { drawWords } from '../../src/catalog/augmentations/augmentation.ts';
import { augmentations } from '../../src/catalog/augmentations/index.ts';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { schedules } from '../../src/catalog/schedules/index.ts';
import { rateMultiplier } from '../../src/catalog/schedules/schedule.ts';
import { countParameters, flow, macsPerExample, outputWidth, tensors } from '../../src/core/layers.ts';
import { stream, streams } from '../../src/core/rng.ts';
import { type Config, declarations, defaults, makeConfig, settingsOf } from '../../src/experiment/config.ts';

test.each([...declarations])(
  '%s says what it does in one sentence, its range or choices, and its source',
  (_key, settings) => {
    for (const { help, source, range, options, legal, default: fallback } of settings) {
      expect(help.split(/(?<=[.?!])\s+(?=[A-Z])/)).toHaveLength(1);
      expect(source).toMatch(/\w/);
      expect(Boolean(range ?? options ?? legal) || typeof fallback === 'boolean').toBe(true);
    }
  },
);

describe.each(Object.keys(architectures) as Config['model'][])('architecture %s', (model) => {
  const layersOf = architectures[model].layers as (
    config: Config,
    ends: object,
  ) => ReturnType<typeof architectures.isotropic.layers>;

  const ends = { inputs: 48, outputs: 3, image: { channels: 3, height: 4, width: 4 } };

  test('every depth and width makes a network of the right ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }), (depth, width) => {
        const config = makeConfig({
          model,
          'model.depth': depth,
          'model.width': width,
          'model.patch': depth > 2 ? 2 : 4,
        });
        const layers = layersOf(config, ends);
        expect(outputWidth(layers, 48)).toBe(3);
        let at = 48;
        for (const { layer, rows, width: features } of flow(layers, 48)) {
          if (layer.kind === 'linear') expect(layer.inputs).toBe(at);
          if (layer.kind === 'layer-norm' || layer.kind === 'batch-norm') expect(layer.width).toBe(features);
          if (layer.kind === 'linear' && layer.role === 'head') expect(rows).toBe(1);
          at = features;
        }
      }),
    );
  });

  test('names of tensors are unique, counts add up', () => {
    const layers = layersOf(makeConfig({ model, 'model.depth': 3 }), ends);
    const names = tensors(layers).map((tensor) => tensor.name);
    expect(new Set(names).size).toBe(names.length);
    const { total, trainable, block } = countParameters(layers);
    expect(trainable).toBeLessThanOrEqual(total);
    expect(block).toBeLessThan(total);
    expect(macsPerExample(layers)).toBeGreaterThan(0);
  });

  test('every setting has a legal default, a label, a sentence of help', () => {
    for (const { setting, default: fallback } of settingsOf(makeConfig({ model }))) {
      expect(setting.schema.safeParse(fallback).success).toBe(true);
      expect(setting.label).not.toBe('');
      expect(setting.help).toMatch(/\.$/);
    }
  });
});

describe.each(Object.keys(optimizers) as Config['optimizer'][])('optimizer %s', (id) => {
  test('goes down a parabola', () => {
    const entry = optimizers[id];
    const config = makeConfig({ optimizer: id });
    const parameter = Float32Array.of(1, -2, 0.5);
    const gradient = new Float32Array(3);
    const slots = entry.slots.map(() => new Float32Array(3));
    const update = entry.update as (config: Config, ...rest: unknown[]) => void;
    for (let step = 1; step <= 400; step++) {
      gradient.set(parameter);
      update(config, 0.01, step, parameter, gradient, slots);
    }
    for (const value of parameter) expect(Math.abs(value)).toBeLessThan(0.2);
  });

  test('decays parameters without a gradient', () => {
    const config = makeConfig({ optimizer: id, 'optimizer.weightDecay': 0.1 });
    const parameter = Float32Array.of(1);
    const update = optimizers[id].update as (config: Config, ...rest: unknown[]) => void;
    update(
      config,
      0.1,
      1,
      parameter,
      Float32Array.of(0),
      optimizers[id].slots.map(() => new Float32Array(1)),
    );
    expect(parameter[0]).toBeLessThan(1);
  });
});

describe.each(Object.entries(schedules))('schedule %s', (_id, schedule) => {
  test('stays within 0 and 1, warms up in a straight line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(500), fc.nat(1200), (total, warmup, step) => {
        const multiplier = rateMultiplier(schedule, step, warmup, total);
        expect(multiplier).toBeGreaterThanOrEqual(0);
        expect(multiplier).toBeLessThanOrEqual(1);
        if (step < warmup) expect(multiplier).toBeCloseTo((step + 1) / warmup, 12);
      }),
    );
    expect(rateMultiplier(schedule, 0, 0, 10)).toBe(1);
  });
});

describe.each(Object.entries(augmentations))('augmentation %s', (id, augmentation) => {
  test('draws depend on (seed, step, row) only and stay in range', () => {
    const { variation } = augmentation;
    if (!variation) return expect(augmentation.label).toBe('None');
    const shape = { channels: 3, height: 32, width: 24 };
    const draw = variation.draws(defaults, shape);
    const seen = new Set<string>();
    for (let row = 0; row < 400; row++) {
      const one = draw(stream(7, streams.augment), 3, row);
      expect(one).toEqual(draw(stream(7, streams.augment), 3, row));
      expect(one).toHaveLength(drawWords[variation.cut]);
      expect(id === 'flips' ? [0, 1, 2, 3] : [0, 1]).toContain(one[0]);
      if (variation.cut === 'shifted') {
        expect(Math.abs(one[1])).toBeLessThanOrEqual(4);
        expect(Math.abs(one[2])).toBeLessThanOrEqual(4);
      } else {
        const [, x, y, width = 0, height = 0] = one;
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.min(width, height)).toBeGreaterThan(0);
        expect(x + width).toBeLessThanOrEqual(shape.width);
        expect(y + height).toBeLessThanOrEqual(shape.height);
      }
      seen.add(one.join());
    }
    // Four mirrorings; everything else varies almost without repeating.
    expect(seen.size).toBeGreaterThan(id === 'flips' ? 3 : 120);
  });
});

describe.each(Object.entries(datasets))('dataset %s', (_id, dataset) => {
  test('has a mean and deviation for each channel, a source and a licence', () => {
    expect(dataset.mean).toHaveLength(dataset.shape.channels);
    expect(dataset.std).toHaveLength(dataset.shape.channels);
    if (dataset.origin === 'own') expect([dataset.classes, dataset.train, dataset.test]).toEqual([[], 0, 0]);
    else expect(dataset.classes.length).toBeGreaterThan(1);
    expect(dataset.source).not.toBe('');
    expect(dataset.licence).not.toBe('');
  });
});

test('defaults are in every menu', () => {
  expect(Object.keys(architectures)).toContain(defaults.model);
  expect(Object.keys(datasets)).toContain(defaults.data);
});
