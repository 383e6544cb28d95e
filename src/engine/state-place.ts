// Where a compiled program keeps the tensors of a checkpoint: what both compiled runners load and export by.
import { LabError } from '../core/failure.ts';
import type { Program } from '../experiment/program/program.ts';
import type { Ref } from '../experiment/program/ref.ts';
import { slotName } from './runner.ts';

/** The place of a state tensor: `optimizer.<slot>.<name>` lies in the slot's buffer, at the parameter's offset. */
export function statePlace({ tensors, slots }: Pick<Program, 'tensors' | 'slots'>, name: string): Ref {
  const slot = slots.findIndex((one) => name.startsWith(slotName(one, '')));
  const base = slot < 0 ? name : name.slice(slotName(slots[slot] as string, '').length);
  const tensor = tensors.find((one) => one.name === base);
  if (!tensor) throw new LabError('internal', `The program has no tensor ${name}.`);
  return slot < 0 ? tensor : { ...tensor, buffer: slot === 0 ? 'slot-0' : 'slot-1' };
}
