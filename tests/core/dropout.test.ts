// Dropout's masks: the share that is kept, its scale, and what a draw depends on.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropoutMask } from '../../src/core/dropout.ts';
import { type Layer, withoutDropout } from '../../src/core/layers.ts';

test('a share of 1 − rate is kept and multiplied by 1 / (1 − rate)', () => {
  for (const rate of [0.05, 0.2, 0.5, 0.95]) {
    const mask = dropoutMask(7, 11, { rate, site: 3 }, 100_000);
    const scale = Math.fround(1 / (1 - rate));
    expect(new Set(mask)).toEqual(new Set([0, scale]));
    const kept = mask.filter((value) => value > 0).length / mask.length;
    // Five standard deviations of a share of 100,000 draws.
    expect(Math.abs(kept - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / mask.length));
  }
});

test('a draw depends on seed, step, site and element alone', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 31 - 1),
      fc.nat(1e8),
      fc.nat(1000),
      fc.integer({ min: 1, max: 40 }),
      (seed, step, site, count) => {
        const mask = dropoutMask(seed, step, { rate: 0.5, site }, 80);
        expect(dropoutMask(seed, step, { rate: 0.5, site }, count)).toEqual(mask.subarray(0, count));
        for (const other of [
          dropoutMask(seed + 1, step, { rate: 0.5, site }, 80),
          dropoutMask(seed, step + 1, { rate: 0.5, site }, 80),
          dropoutMask(seed, step, { rate: 0.5, site: site + 1 }, 80),
        ])
          expect(other).not.toEqual(mask);
      },
    ),
  );
});

test('in evaluation the layers have no dropout, inside branches neither', () => {
  const dropout = { kind: 'dropout', rate: 0.1, site: 0 } as const;
  const gelu = { kind: 'activation', function: 'gelu' } as const;
  const layers: readonly Layer[] = [dropout, gelu, { kind: 'residual', branch: [gelu, dropout] }];
  expect(withoutDropout(layers)).toEqual([gelu, { kind: 'residual', branch: [gelu] }]);
});
