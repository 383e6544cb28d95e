// The start of a transfer: the body of given weights under a head that is drawn as for a run of its own.
import type { ImageShape } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { type Layer, tensors } from '../core/layers.ts';
import type { NamedTensor } from '../core/safetensors.ts';
import { bodyRefusal } from '../experiment/transfer.ts';
import { initialWeights } from './initial-weights.ts';

/**
 * All tensors of the layers, in order. The given head is not looked at: its classes are another dataset's. Throws LabError
 * `checkpoint-incompatible` where the body does not fit.
 */
export function transferredWeights(
  layers: readonly Layer[],
  seed: number,
  given: ReadonlyMap<string, NamedTensor>,
  image: ImageShape,
): ReadonlyMap<string, NamedTensor> {
  const shapes = new Map([...given].map(([name, { shape }]) => [name, shape]));
  const refusal = bodyRefusal(layers, shapes, image);
  if (refusal !== null) throw new LabError('checkpoint-incompatible', refusal);
  const heads = new Set(
    tensors(layers)
      .filter(({ role }) => role === 'head')
      .map(({ name }) => name),
  );
  const start = initialWeights(layers, seed).map((tensor): [string, NamedTensor] => [
    tensor.name,
    heads.has(tensor.name) ? tensor : (given.get(tensor.name) ?? tensor),
  ]);
  return new Map(start);
}
