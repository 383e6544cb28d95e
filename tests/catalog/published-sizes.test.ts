// Sizes that the papers publish, counted from the layer lists.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { parsePreset } from '../../src/catalog/architectures/preset.ts';
import { countParameters, macsPerExample } from '../../src/core/layers.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';

describe('Scaling MLPs, 64 × 64 pixels and 11,230 classes, and CIFAR-10', () => {
  const sizes = [
    ['B_6-Wi_256', 9_188_574, 9.17, 3_945_738],
    ['B_12-Wi_256', 12_345_054, 12.31, 7_102_218],
    ['B_6-Wi_512', 24_657_374, 24.62, 14_182_922],
    ['B_12-Wi_512', 37_261_790, 37.21, 26_787_338],
    ['B_6-Wi_1024', 74_469_342, 74.41, 53_531_658],
    ['B_12-Wi_1024', 124_843_998, 124.75, 103_906_314],
  ] as const;
  const layersOf = (named: Named, pixels: number, outputs: number) => {
    const config = makeConfig(named);
    const ends = { inputs: 3 * pixels * pixels, outputs };
    return config.model === 'isotropic'
      ? architectures.isotropic.layers(config, ends)
      : architectures['inverted-bottleneck'].layers(config, ends);
  };

  test.each(sizes)('%s', (name, large, millionMacs, small) => {
    const preset = parsePreset(name) as Named;
    const layers = layersOf(preset, 64, 11_230);
    expect(countParameters(layers)).toMatchObject({ total: large, trainable: large });
    expect(macsPerExample(layers) / 1e6).toBeCloseTo(millionMacs, 1);
    expect(countParameters(layersOf(preset, 32, 10)).total).toBe(small);
  });

  test.each([
    ['coded', 69_180_382],
    ['written', 69_180_382],
  ] as const)('the S-MLP of depth 6 and width 2048 as %s', (order, total) => {
    const named = {
      model: 'isotropic',
      'model.width': 2048,
      'model.depth': 6,
      'model.order': order,
    } as const;
    expect(countParameters(layersOf(named, 64, 11_230)).total).toBe(total);
    expect(countParameters(layersOf(named, 32, 10)).total).toBe(27_316_234);
  });
});

interface Point {
  readonly params: number;
  readonly d_z: number;
  readonly d_h: number;
  readonly L: number;
}

const points = resolve(import.meta.dirname, '../../../shared/data/hourglass_published_points.json');

const isHere = existsSync(points);
const title = 'the measured architectures of the hourglass paper';

describe.skipIf(!isHere)(isHere ? title : `${title} (not run: the development data is not here)`, () => {
  /** Features that enter and leave each task. */
  const ends: Readonly<Record<string, readonly [number, number]>> = {
    imagenet32_denoising: [3072, 3072],
    imagenet32_super_resolution: [768, 3072],
    mnist_denoising: [784, 784],
    mnist_generative_classification: [784, 784],
    mnist_super_resolution: [196, 784],
  };

  test('all 506 have the published number of parameters, and as many MACs', () => {
    const published = JSON.parse(readFileSync(points, 'utf8')) as Record<
      string,
      { points: readonly Point[] }
    >;
    let count = 0;
    for (const [task, { points: measured }] of Object.entries(published)) {
      const [inputs, outputs] = ends[task] as readonly [number, number];
      for (const { params, d_z, d_h, L } of measured) {
        const named = { 'model.width': d_z, 'model.bottleneck': d_h, 'model.depth': L } as const;
        for (const lift of ['trained', 'fixed'] as const) {
          const config = makeConfig({ model: 'hourglass', ...named, 'model.lift': lift });
          const layers = architectures.hourglass.layers(config, { inputs, outputs });
          const fixed = lift === 'fixed' ? inputs * d_z : 0;
          const title = `${task} ${d_z}, ${d_h}, ${L}, ${lift}`;
          const sizes = { total: params, trainable: params - fixed, block: 2 * L * d_z * d_h };
          expect(countParameters(layers), title).toEqual(sizes);
          expect(macsPerExample(layers), title).toBe(params);
        }
        count++;
      }
    }
    expect(count).toBe(506);
  });
});
