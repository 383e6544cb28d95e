import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { countParameters, macsPerExample, outputWidth, tensors, walk } from '../../src/core/layers.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';

const layersOf = (settings: Named) => {
  const config = makeConfig(settings);
  return architectures[config.model].layers(config, { inputs: 3072, outputs: 10 });
};
const names = (settings: Named): Record<string, string> =>
  Object.fromEntries(tensors(layersOf(settings)).map(({ name, shape }) => [name, shape.join('×')]));

describe('names and layouts are those of the official PyTorch code', () => {
  test('inverted bottleneck', () => {
    expect(names({ model: 'inverted-bottleneck', 'model.width': 8, 'model.depth': 1 })).toEqual({
      'linear_in.weight': '8×3072',
      'linear_in.bias': '8',
      'layernorms.0.weight': '8',
      'layernorms.0.bias': '8',
      'blocks.0.block.0.weight': '32×8',
      'blocks.0.block.0.bias': '32',
      'blocks.0.block.2.weight': '8×32',
      'blocks.0.block.2.bias': '8',
      'linear_out.weight': '10×8',
      'linear_out.bias': '10',
    });
  });

  test('isotropic', () => {
    expect(names({ model: 'isotropic', 'model.width': 8, 'model.depth': 2 })).toEqual({
      'linear_in.weight': '8×3072',
      'linear_in.bias': '8',
      'layernorms.0.weight': '8',
      'layernorms.0.bias': '8',
      'layers.0.weight': '8×8',
      'layers.0.bias': '8',
      'linear_out.weight': '10×8',
      'linear_out.bias': '10',
    });
  });

  test('hourglass', () => {
    expect(names({ model: 'hourglass', 'model.width': 8, 'model.depth': 1, 'model.bottleneck': 2 })).toEqual({
      'linear_in.weight': '8×3072',
      'norms.0.running_mean': '8',
      'norms.0.running_var': '8',
      'blocks.0.block.0.weight': '2×8',
      'blocks.0.block.2.weight': '8×2',
      'linear_out.weight': '10×8',
    });
  });
});

test('the published size of the hourglass (3546, 270, 5) with a fixed lift', () => {
  // Rethinking the shape convention of an MLP: 31,360,824 parameters with 3072 outputs, 20,467,512 of them trained.
  const config = makeConfig({
    model: 'hourglass',
    'model.width': 3546,
    'model.bottleneck': 270,
    'model.depth': 5,
    'model.lift': 'fixed',
  });
  const layers = architectures.hourglass.layers(config, { inputs: 3072, outputs: 3072 });
  const count = countParameters(layers);
  expect(count.total).toBe(31_360_824);
  expect(count.trainable).toBe(20_467_512);
  expect(macsPerExample(layers)).toBe(31_360_824);
});

test('walk unfolds branches in order of execution', () => {
  const kinds = [...walk(layersOf({ 'model.depth': 1 }))].map(({ kind }) => kind);
  expect(kinds).toEqual(['linear', 'layer-norm', 'linear', 'activation', 'linear', 'linear']);
  expect(outputWidth(layersOf({}), 3072)).toBe(10);
});
