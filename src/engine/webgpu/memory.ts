// The GPU buffers of a program: one for each flat buffer, one for each bank of the arena, and the executor's own.
// Sizes are checked before anything is allocated, and allocation is watched.
import { LabError } from '../../core/failure.ts';
import type { Program } from '../../experiment/program/program.ts';
import type { BufferName, Ref } from '../../experiment/program/ref.ts';
import type { OwnName } from './kernels-of-op.ts';

interface Slice {
  readonly buffer: GPUBuffer;
  readonly offset: number;
}

export interface DeviceMemory {
  /** `part`: of what is too large for one binding. */
  readonly find: (ref: Ref | OwnName, part?: number) => Slice;
  readonly bytes: number;
  readonly dispose: () => void;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** Rounded up to whole vectors; empty buffers still need a place. */
const roomFor = (bytes: number): number => Math.max(256, Math.ceil(bytes / 16) * 16);

/** The largest buffer that can be made and bound whole. */
export const largestBinding = ({ limits }: GPUDevice): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);

const partName = (name: string, part: number): string => (part === 0 ? name : `${name}, part ${part + 1}`);

/**
 * `own`: bytes of the executor's buffers, of each part where they are several. Throws LabError `out-of-memory` where a buffer is larger than the device
 * allows or the device has no room.
 */
export async function allocate(
  device: GPUDevice,
  program: Program,
  own: Readonly<Record<OwnName, number | readonly number[]>>,
): Promise<DeviceMemory> {
  const limit = largestBinding(device);
  const sizes = new Map<string, number>();
  for (const [name, bytes] of Object.entries(program.bytes))
    if (name !== 'arena' && bytes > 0) sizes.set(name, bytes);
  program.banks.forEach(({ bytes }, index) => void sizes.set(`bank ${index}`, bytes));
  for (const [name, all] of Object.entries(own))
    for (const [part, bytes] of [all].flat().entries()) if (bytes > 0) sizes.set(partName(name, part), bytes);
  for (const [name, bytes] of sizes)
    if (bytes > limit)
      throw new LabError(
        'out-of-memory',
        `This network needs a buffer of ${megabytes(bytes)} (${name}); this device allows ${megabytes(limit)}. Choose a smaller width or batch size.`,
      );

  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const buffers = new Map<string, GPUBuffer>();
  let total = 0;
  for (const [name, bytes] of sizes) {
    const isUniform = name === 'settings' || name === 'draw';
    const kind = isUniform ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE;
    const usage = kind | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const size = roomFor(bytes);
    buffers.set(name, device.createBuffer({ label: name, size, usage }));
    total += size;
  }
  const dispose = (): void => {
    for (const buffer of buffers.values()) buffer.destroy();
  };
  const error = (await device.popErrorScope()) ?? (await device.popErrorScope());
  if (error) {
    dispose();
    throw new LabError('out-of-memory', `The device has no room for ${megabytes(total)}.`, error.message);
  }

  const named = (name: BufferName | OwnName | string): GPUBuffer => {
    const buffer = buffers.get(name);
    if (!buffer) throw new Error(`There is no buffer ${name}.`);
    return buffer;
  };
  const find = (ref: Ref | OwnName, part = 0): Slice => {
    if (typeof ref === 'string') return { buffer: named(partName(ref, part)), offset: 0 };
    if (ref.buffer !== 'arena') return { buffer: named(ref.buffer), offset: ref.byteOffset };
    const index = program.banks.findIndex(
      ({ byteOffset, bytes }) => ref.byteOffset >= byteOffset && ref.byteOffset < byteOffset + bytes,
    );
    const bank = program.banks[index];
    if (!bank) throw new Error(`${ref.name} lies in no bank.`);
    return { buffer: named(`bank ${index}`), offset: ref.byteOffset - bank.byteOffset };
  };
  return { find, bytes: total, dispose };
}
