// The start of a transfer: the given body under the head of a run of its own, or a refusal that says what to do.
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { LabError } from '../../src/core/failure.ts';
import type { Layer } from '../../src/core/layers.ts';
import type { NamedTensor } from '../../src/core/safetensors.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { transferredWeights } from '../../src/engine/transferred-weights.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';

const image = { channels: 3, height: 4, width: 4 };
const net = (named: Named, outputs: number, inputs = 48): readonly Layer[] => {
  const config = makeConfig({ 'model.width': 6, 'model.depth': 2, ...named });
  return architectures[config.model].layers(config, { inputs, outputs, image });
};
const weightsOf = (layers: readonly Layer[], seed: number): Map<string, NamedTensor> =>
  new Map(initialWeights(layers, seed).map((tensor) => [tensor.name, tensor]));

const refusal = (layers: readonly Layer[], given: ReadonlyMap<string, NamedTensor>): string => {
  try {
    transferredWeights(layers, 0, given, image);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as LabError).message;
  }
  throw new Error('nothing was refused');
};

test.each(['inverted-bottleneck', 'hourglass', 'isotropic', 'mlp-mixer'] as const)(
  '%s: the body is the given one, the head that of a run of its own',
  (model) => {
    const named = { model, 'model.patch': 2 } as Named;
    const [old, layers] = [net(named, 7), net(named, 10)];
    const [given, own] = [weightsOf(old, 5), weightsOf(layers, 0)];
    const start = transferredWeights(layers, 0, given, image);
    expect([...start.keys()]).toEqual([...own.keys()]);
    for (const [name, { values }] of start) {
      const isHead = /^(?:linear_out|head)\./.test(name);
      expect(values, name).toEqual((isHead ? own : given).get(name)?.values);
    }
  },
);

describe('what is refused', () => {
  const given = weightsOf(net({}, 7), 5);

  test('a body of another depth, deeper or less deep', () => {
    expect(refusal(net({ 'model.depth': 3 }, 10), given)).toContain('have no layernorms.2.weight');
    expect(refusal(net({ 'model.depth': 1 }, 10), given)).toContain('which this network has not');
  });

  test('images of another size, with the resolution that fits', () => {
    const large = weightsOf(net({}, 7, 3 * 64 * 64), 5);
    expect(refusal(net({}, 10), large)).toContain('set data.resolution=64');
    const grey = weightsOf(net({}, 7, 5), 5);
    expect(refusal(net({}, 10), grey)).toContain('in any resolution');
  });

  test('what an optimizer or PyTorch keeps beside is left aside', () => {
    const aside = ['optimizer.exp_avg.linear_in.weight', 'norms.0.num_batches_tracked'].map(
      (name): [string, NamedTensor] => [name, { name, shape: [1], values: new Float32Array(1) }],
    );
    expect(transferredWeights(net({}, 10), 0, new Map([...given, ...aside]), image).size).toBe(given.size);
  });
});
