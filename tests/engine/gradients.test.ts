// Every gradient of every architecture against central differences of the plain network.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { dropoutMask } from '../../src/core/dropout.ts';
import type { Dropout } from '../../src/core/layers.ts';
import { stream } from '../../src/core/rng.ts';
import type { NamedTensor } from '../../src/core/safetensors.ts';
import { targets } from '../../src/engine/gather.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { crossEntropy, forward } from '../../src/engine/tfjs/network.ts';
import { createScalars } from '../../src/engine/tfjs/scalars.ts';
import { createState } from '../../src/engine/tfjs/state.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { backends, deviceOf, relative } from './material.ts';
import { erf, plainLoss, SEED, STEP } from './plain-network.ts';

const ROWS = 6;
const INPUTS = 8;
const IMAGE = { channels: 2, height: 2, width: 2 };
const CLASSES = 4;
const SMOOTHING = 0.1;
const random = stream(11, 60);
const x = Array.from({ length: ROWS }, (_, row) =>
  Array.from({ length: INPUTS }, (_, column) => Math.fround(random.uniform(column, row) * 4 - 2)),
);
const labels = Array.from({ length: ROWS }, (_, row) => row % CLASSES);

const cases: readonly (readonly [string, Named])[] = [
  ['isotropic', { model: 'isotropic', 'model.width': 4, 'model.depth': 3 }],
  [
    'inverted bottleneck',
    { model: 'inverted-bottleneck', 'model.width': 3, 'model.depth': 2, 'model.expansion': 2 },
  ],
  [
    'hourglass',
    {
      model: 'hourglass',
      'model.width': 4,
      'model.depth': 2,
      'model.bottleneck': 2,
      'model.activation': 'gelu',
    },
  ],
  [
    'no lift, no norm',
    { model: 'inverted-bottleneck', 'model.width': INPUTS, 'model.lift': 'none', 'model.norm': 'none' },
  ],
  [
    'fixed lift',
    {
      model: 'hourglass',
      'model.width': 4,
      'model.bottleneck': 2,
      'model.lift': 'fixed',
      'model.activation': 'gelu',
    },
  ],
  [
    'isotropic as written, dropout',
    {
      model: 'isotropic',
      'model.width': 4,
      'model.depth': 3,
      'model.order': 'written',
      'model.activation': 'gelu',
      'model.dropout': 0.3,
    },
  ],
  [
    'norm after the sum, dropout',
    { 'model.width': 3, 'model.expansion': 2, 'model.normPosition': 'post', 'model.dropout': 0.3 },
  ],
  [
    'MLP-Mixer',
    {
      model: 'mlp-mixer',
      'model.width': 6,
      'model.depth': 2,
      'model.patch': 1,
      'model.tokenWidth': 2,
      'model.channelWidth': 5,
    },
  ],
  ['gMLP', { model: 'gmlp', 'model.width': 6, 'model.depth': 2, 'model.patch': 1, 'model.channelWidth': 12 }],
  [
    'no skip connections',
    { 'model.width': 3, 'model.expansion': 2, 'model.skip': false, 'model.dropout': 0.3 },
  ],
];

/** Central differences with a step of 1e-4, in float64. */
function differences(
  loss: (weights: ReadonlyMap<string, Float64Array>) => number,
  start: readonly NamedTensor[],
  name: string,
): Float64Array {
  const weights = new Map(start.map((tensor) => [tensor.name, Float64Array.from(tensor.values)]));
  const own = weights.get(name) as Float64Array;
  return own.map((value, index) => {
    const at = (moved: number): number => {
      own[index] = moved;
      const result = loss(weights);
      own[index] = value;
      return result;
    };
    return (at(value + 1e-4) - at(value - 1e-4)) / 2e-4;
  });
}

describe.each(backends)('tfjs on %s', (backend) => {
  test.each(cases)('%s', async (_title, settings) => {
    await deviceOf(backend);
    const config = makeConfig(settings);
    const layers = architectures[config.model].layers(config, {
      inputs: INPUTS,
      outputs: CLASSES,
      image: IMAGE,
    });
    // Off the zeros and ones where some tensors start and gradients vanish.
    const start = initialWeights(layers, 4).map((tensor, lane) => ({
      ...tensor,
      values: tensor.values.map((value, i) => value + 0.4 * random.uniform(i, 100 + lane) - 0.2),
    }));
    const scalars = createScalars();
    const state = createState(layers, [], new Map(start.map((tensor) => [tensor.name, tensor])));
    const goal = new Float32Array(ROWS * CLASSES);
    targets(Uint8Array.from(labels), Uint32Array.from(labels.keys()), CLASSES, SMOOTHING, goal);
    const gradients = new Map<string, tf.Tensor>();
    const context = {
      scalars,
      isTraining: true,
      tensor: state.get,
      gradient: (name: string, value: tf.Tensor) =>
        void gradients.set(name, tf.keep(value.rank === 2 ? tf.transpose(value) : value.clone())),
      dropout: (layer: Dropout, count: number) => dropoutMask(SEED, STEP, layer, count),
      buffer: () => {},
    };
    const loss = tf.tidy(() => {
      const pass = forward(context, layers, tf.tensor2d(x));
      const { loss, gradient } = crossEntropy(scalars, pass.output, tf.tensor2d(goal, [ROWS, CLASSES]));
      pass.backward(gradient);
      return loss;
    });
    const plain = (weights: ReadonlyMap<string, Float64Array>): number =>
      plainLoss(layers, weights, x, labels, SMOOTHING);
    const asWeights = new Map(start.map((tensor) => [tensor.name, Float64Array.from(tensor.values)]));
    expect(relative(await loss.data(), [plain(asWeights)])).toBeLessThan(1e-6);
    expect([...gradients.keys()].sort()).toEqual(state.trainable.map(({ name }) => name).sort());
    for (const [name, gradient] of gradients)
      expect(relative(await gradient.data(), differences(plain, start, name)), name).toBeLessThan(1e-5);
  });

  test('the error function is exact to 1e-6', async () => {
    await deviceOf(backend);
    const points = Array.from({ length: 601 }, (_, index) => Math.fround((index - 300) / 100));
    const found = await tf.erf(tf.tensor1d(points)).data();
    const worst = Math.max(...points.map((point, index) => Math.abs((found[index] as number) - erf(point))));
    expect(worst).toBeLessThan(1e-6);
  });
});
