// Where parameters and running statistics lie: flat buffers, trainable tensors first, so that gradients and slots
// need room for those alone and share their offsets.
import { elements, type Layer, tensors } from '../../core/layers.ts';
import type { UpdateGroup } from '../update-groups.ts';
import type { PlacedGroup, StateTensor } from './program.ts';
import { ALIGNMENT, ELEMENT_BYTES, type Ref } from './ref.ts';

export interface State {
  /** In order of execution. */
  readonly tensors: readonly StateTensor[];
  readonly parameterBytes: number;
  /** The first so many bytes of `parameters`: the size of `gradients` and of each slot. */
  readonly trainableBytes: number;
  readonly statisticsBytes: number;
  /** In order of their place; together they are the trainable part. */
  readonly groups: readonly PlacedGroup[];
  /** By name in the state dict. Throws where there is none. */
  readonly tensor: (name: string) => Ref;
  /** The gradient of a trainable parameter, by the parameter's name. */
  readonly gradient: (name: string) => Ref;
}

/** Bytes of float32 elements, rounded up to the next place where a slice may start. */
export const alignedBytes = (count: number): number =>
  Math.ceil((count * ELEMENT_BYTES) / ALIGNMENT) * ALIGNMENT;

/** Groups lie one after the other; without groups all tensors are updated alike. Throws where a tensor is in none. */
export function layOutState(layers: readonly Layer[], groups?: readonly UpdateGroup[]): State {
  const specs = tensors(layers);
  const offsets = new Map<string, number>();
  const place = (start: number, chosen: typeof specs): number => {
    let end = start;
    for (const { name, shape } of chosen) {
      offsets.set(name, end);
      end += alignedBytes(elements(shape));
    }
    return end;
  };
  const parameters = specs.filter(({ kind }) => kind === 'parameter');
  const trainable = parameters.filter((spec) => spec.trainable);
  let trainableBytes = 0;
  const placedGroups = (groups ?? [everything(trainable)]).map(({ rate, decays, names }): PlacedGroup => {
    const byteOffset = trainableBytes;
    trainableBytes = place(
      byteOffset,
      trainable.filter(({ name }) => names.includes(name)),
    );
    return { rate, decays, byteOffset, bytes: trainableBytes - byteOffset };
  });
  const parameterBytes = place(
    trainableBytes,
    parameters.filter((spec) => !spec.trainable),
  );
  const statisticsBytes = place(
    0,
    specs.filter(({ kind }) => kind === 'buffer'),
  );
  const placed = specs.map(({ name, shape, kind, trainable }): StateTensor => {
    const buffer = kind === 'parameter' ? 'parameters' : 'statistics';
    const byteOffset = offsets.get(name);
    if (byteOffset === undefined) throw new Error(`No update group has ${name}.`);
    return { name, shape, buffer, byteOffset, trainable };
  });
  const byName = new Map(placed.map((tensor) => [tensor.name, tensor]));
  const find = (name: string): StateTensor => {
    const tensor = byName.get(name);
    if (!tensor) throw new Error(`No tensor is named ${name}.`);
    return tensor;
  };
  return {
    tensors: placed,
    parameterBytes,
    trainableBytes,
    statisticsBytes,
    groups: placedGroups,
    tensor: (name) => {
      const { shape, buffer, byteOffset } = find(name);
      return { name, shape, buffer, byteOffset };
    },
    gradient: (name) => {
      const { shape, byteOffset } = find(name);
      return { name: `d ${name}`, shape, buffer: 'gradients', byteOffset };
    },
  };
}

const everything = (specs: readonly { readonly name: string }[]): UpdateGroup => ({
  rate: 1,
  decays: true,
  names: specs.map(({ name }) => name),
});
