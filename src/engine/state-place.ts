// Where a compiled program keeps the tensors of a checkpoint: what both compiled runners load and export by.
import { LabError } from '../core/failure.ts';
import type { Program } from '../experiment/program/program.ts';
import type { BufferName, Ref } from '../experiment/program/ref.ts';
import { AVERAGE, slotName } from '../experiment/state-names.ts';

/** The place of a state tensor: `optimizer.<slot>.<name>` lies in the slot's buffer, at the parameter's offset. */
export function statePlace({ tensors, slots }: Pick<Program, 'tensors' | 'slots'>, name: string): Ref {
  const kept: readonly (readonly [string, BufferName])[] = [
    ...slots.map((slot, index) => [slot, index === 0 ? 'slot-0' : 'slot-1'] as const),
    [AVERAGE, 'average'],
  ];
  const [slot, buffer] = kept.find(([one]) => name.startsWith(slotName(one, ''))) ?? [];
  const base = slot === undefined ? name : name.slice(slotName(slot, '').length);
  const tensor = tensors.find((one) => one.name === base);
  if (!tensor) throw new LabError('internal', `The program has no tensor ${name}.`);
  return buffer ? { ...tensor, buffer } : tensor;
}
