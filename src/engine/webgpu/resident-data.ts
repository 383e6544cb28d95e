// The dataset on the device: bytes of images, in parts where they are too large for one binding, classes, and the tables
// that make inputs of them.
import { drawWords } from '../../catalog/augmentations/augmentation.ts';
import type { Program } from '../../experiment/program/program.ts';
import { DRAW_BYTES } from './kernels/draw.ts';
import { imagesPerPart, type Resident } from './kernels/gather.ts';
import type { DeviceMemory } from './memory.ts';

/** The dataset as it goes to the device. */
export interface ResidentData {
  readonly shape: Resident;
  /** count × features bytes; one class a byte. */
  readonly images: Uint8Array<ArrayBuffer>;
  readonly classes: Uint8Array<ArrayBuffer>;
  /** channels × 256 normalised values. */
  readonly table: Float32Array<ArrayBuffer>;
  /** Values of the noise, and `shape.prototypes` × features pixels; empty where the task has no use for them. */
  readonly noise: Float32Array<ArrayBuffer>;
  readonly prototypes: Float32Array<ArrayBuffer>;
}

/** Bytes of every buffer that belongs to the executor, not to the program. */
export const bytesOfData = (
  data: ResidentData | null,
  scratch: number,
  { batch, microBatches }: Program,
) => ({
  scratch,
  draw: DRAW_BYTES,
  draws: microBatches > 1 ? DRAW_BYTES * microBatches : 0,
  images: data ? partsOf(data).map(({ byteLength }) => byteLength) : 0,
  classes: data?.classes.byteLength ?? 0,
  order: 4 * (data?.shape.orderLength ?? 0),
  table: data?.table.byteLength ?? 0,
  noise: data?.noise.byteLength ?? 0,
  prototypes: data?.prototypes.byteLength ?? 0,
  windows: data?.shape.cut?.kind === 'resized' ? 4 * drawWords.resized * batch * microBatches : 0,
});

/** The data with as many images in a part as a binding of `limit` bytes holds. */
export function inParts(data: ResidentData, limit: number): ResidentData {
  if (data.images.byteLength <= limit) return data;
  const { channels, height, width } = data.shape;
  return { ...data, shape: { ...data.shape, perPart: imagesPerPart(channels * height * width, limit) } };
}

/** Views of the images, one a part. */
function partsOf({ images, shape }: ResidentData): readonly Uint8Array<ArrayBuffer>[] {
  const { perPart = shape.count, count, channels, height, width } = shape;
  const bytes = perPart * channels * height * width;
  return Array.from({ length: Math.max(1, Math.ceil(count / perPart)) }, (_, part) =>
    images.subarray(part * bytes, (part + 1) * bytes),
  );
}

export function writeResident(device: GPUDevice, memory: DeviceMemory, data: ResidentData): void {
  for (const [part, images] of partsOf(data).entries())
    device.queue.writeBuffer(memory.find('images', part).buffer, 0, padded(images));
  device.queue.writeBuffer(memory.find('classes').buffer, 0, padded(data.classes));
  for (const name of ['table', 'noise', 'prototypes'] as const)
    if (data[name].length > 0) device.queue.writeBuffer(memory.find(name).buffer, 0, data[name]);
}

/** writeBuffer takes multiples of four bytes. */
function padded(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength % 4 === 0) return bytes;
  const copy = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  copy.set(bytes);
  return copy;
}
