// What a runner's state is made of, by PyTorch's names: the tensors of the layers, then what is kept beside each trainable
// one: the optimizer's slots, and its average.
import { LabError } from '../core/failure.ts';
import { elements, type Layer, tensors } from '../core/layers.ts';
import type { NamedTensor } from '../core/safetensors.ts';
import { slotName } from '../experiment/state-names.ts';

/** Every tensor that a checkpoint holds, in its order. */
export function stateSpecs(
  layers: readonly Layer[],
  slots: readonly string[],
): readonly { readonly name: string; readonly shape: readonly number[] }[] {
  const specs = tensors(layers);
  const trainable = specs.filter((spec) => spec.trainable);
  return [
    ...specs.map(({ name, shape }) => ({ name, shape })),
    ...slots.flatMap((slot) => trainable.map(({ name, shape }) => ({ name: slotName(slot, name), shape }))),
  ];
}

/** The whole state from what is given; slots that are not there are zero. Throws LabError `checkpoint-incompatible`. */
export function checkedState(
  layers: readonly Layer[],
  slots: readonly string[],
  initial: ReadonlyMap<string, NamedTensor>,
): readonly NamedTensor[] {
  return stateSpecs(layers, slots).map(({ name, shape }) => {
    const given = initial.get(name);
    if (!given && !name.startsWith('optimizer.'))
      throw new LabError(
        'checkpoint-incompatible',
        `Tensor ${name} of shape [${shape.join(', ')}] is missing.`,
      );
    if (given && String(given.shape) !== String(shape))
      throw new LabError(
        'checkpoint-incompatible',
        `Tensor ${name} has shape [${given.shape.join(', ')}], not [${shape.join(', ')}].`,
      );
    return given ?? { name, shape, values: new Float32Array(elements(shape)) };
  });
}
