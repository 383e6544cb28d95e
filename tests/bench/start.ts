// The start that all engines share: network, initial weights, one batch. Made from the lab's own config and seeded draws.

import type { Dataset } from '../../src/core/dataset.ts';
import type { Layer } from '../../src/core/layers.ts';
import { stream } from '../../src/core/rng.ts';
import type { NamedTensor } from '../../src/core/safetensors.ts';
import { gather, pixels } from '../../src/engine/gather.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { decode } from '../../src/experiment/address.ts';
import { type Config, withSetting } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import type { Rule } from './cases.ts';

const shape = { channels: 3, height: 32, width: 32 } as const;
export const MEAN = [0.5, 0.5, 0.5] as const;
export const STD = [0.25, 0.25, 0.25] as const;
export const LEARNING_RATE = 1e-4;

export interface Start {
  readonly config: Config;
  readonly layers: readonly Layer[];
  readonly weights: readonly NamedTensor[];
  readonly dataset: Dataset;
  readonly inputs: number;
  readonly classes: number;
  /** batch × inputs, normalised. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
}

export function startOf(text: string, batch: number, rule: Rule): Start {
  const decoded = decode(`#v=1&data=cifar-10&${text}`);
  const config = withSetting(decoded.config, {
    optimizer: rule,
    'optimizer.learningRate': LEARNING_RATE,
    'train.batchSize': batch,
    'train.steps': 1,
  });
  const { layers, inputs, outputs: classes } = plan(config);
  const random = stream(7, 99);
  const bytes = new Uint8Array(batch * inputs);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.integer(256, i);
  const labels = Uint8Array.from({ length: batch }, (_, row) => (row * 7) % classes);
  const split = { images: bytes, labels };
  const rows = Uint32Array.from(labels, (_, row) => row);
  const images = new Float32Array(batch * inputs);
  gather(pixels(shape, MEAN, STD), bytes, rows, null, images);
  const names = Array.from({ length: classes }, (_, index) => String(index));
  const dataset = {
    id: 'bench',
    order: 'made',
    sha256: 'bench',
    shape,
    classes: names,
    train: split,
    test: split,
  };
  return { config, layers, weights: initialWeights(layers, 0), dataset, inputs, classes, images, labels };
}
