// The slider of the family: one path from the hourglass to the inverted bottleneck that changes the shape alone.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Config, makeConfig, type Named, withSetting } from '../../src/experiment/config.ts';
import { nearestRatio, ratioOf, ratios, withRatio } from '../../src/experiment/family.ts';
import { plan } from '../../src/experiment/plan.ts';

const member = fc.record({
  model: fc.constantFrom('hourglass', 'inverted-bottleneck'),
  'model.width': fc.integer({ min: 16, max: 600 }),
  'model.norm': fc.constantFrom('layer', 'batch', 'none'),
  'model.activation': fc.constantFrom('gelu', 'relu'),
  'model.bias': fc.boolean(),
  'model.skip': fc.boolean(),
  'model.dropout': fc.constantFrom(0, 0.1),
  'model.lift': fc.constantFrom('trained', 'fixed-orthogonal'),
});
const moved = (config: Config, k: number): Config => withSetting(config, withRatio(config, k));
const inners = (config: Config) =>
  plan(config).layers.flatMap((layer) => {
    const branch = layer.kind === 'residual' ? layer.branch : [layer];
    return branch.flatMap((one) =>
      one.kind === 'linear' && one.name.endsWith('block.0') ? [one.outputs] : [],
    );
  });

describe('the family slider', () => {
  test('sets the width inside every block to k times the width', () => {
    fc.assert(
      fc.property(member, fc.constantFrom(...ratios), (named, k) => {
        const config = moved(makeConfig(named as Named), k);
        const inner = Math.max(1, Math.round(k * config['model.width']));
        expect(new Set(inners(config))).toEqual(new Set([inner]));
        expect(ratioOf(config)).toEqual({
          width: config['model.width'],
          inner,
          k: inner / config['model.width'],
        });
        expect(config.model).toBe(k < 1 ? 'hourglass' : 'inverted-bottleneck');
      }),
      { numRuns: 60 },
    );
  });

  test('changes the shape alone, over and back', () => {
    fc.assert(
      fc.property(member, fc.constantFrom(...ratios), fc.constantFrom(...ratios), (named, a, b) => {
        const start = moved(makeConfig(named as Named), a);
        const over = moved(start, b);
        for (const key of [
          'model.norm',
          'model.activation',
          'model.bias',
          'model.skip',
          'model.dropout',
          'model.lift',
          'model.width',
        ] as const)
          expect(over[key]).toBe(start[key]);
        expect(moved(over, a)).toEqual(start);
      }),
    );
  });

  test('stands where the config is', () => {
    expect(ratioOf(makeConfig({}))).toEqual({ width: 128, inner: 512, k: 4 });
    expect(ratioOf(makeConfig({ model: 'isotropic' }))).toBeNull();
    expect(nearestRatio(0.24)).toBe(1 / 4);
    expect(nearestRatio(64)).toBe(8);
    for (const k of ratios) expect(nearestRatio(k)).toBe(k);
  });
});
