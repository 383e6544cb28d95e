// An array of numbers as a file holds it (npy, safetensors): its bytes, and how one is read.
import { LabError } from '../failure.ts';

export const numberTypes = {
  bool: 1,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f16: 2,
  f32: 4,
  f64: 8,
} as const;

export type NumberType = keyof typeof numberTypes;

export interface NumberArray {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: readonly number[];
  /** Little-endian, rows first; as many bytes as shape and type say. */
  readonly bytes: Uint8Array;
}

export const isFloat = (type: NumberType): boolean => type.startsWith('f');

/** How many values a shape has; Infinity where that is beyond all files. */
export function countOf(shape: readonly number[]): number {
  const count = shape.reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(count) ? count : Number.POSITIVE_INFINITY;
}

/** Reads value `index` of the array. 64-bit integers beyond 2⁵³ come rounded. */
export function valueReader({ type, bytes }: NumberArray): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'bool':
    case 'u8':
      return (index) => bytes[index] as number;
    case 'i8':
      return (index) => view.getInt8(index);
    case 'u16':
      return (index) => view.getUint16(2 * index, true);
    case 'i16':
      return (index) => view.getInt16(2 * index, true);
    case 'u32':
      return (index) => view.getUint32(4 * index, true);
    case 'i32':
      return (index) => view.getInt32(4 * index, true);
    case 'u64':
      return (index) => view.getUint32(8 * index + 4, true) * 2 ** 32 + view.getUint32(8 * index, true);
    case 'i64':
      return (index) => view.getInt32(8 * index + 4, true) * 2 ** 32 + view.getUint32(8 * index, true);
    case 'f16':
      return (index) => half(view.getUint16(2 * index, true));
    case 'f32':
      return (index) => view.getFloat32(4 * index, true);
    case 'f64':
      return (index) => view.getFloat64(8 * index, true);
    default:
      throw new LabError('internal', `No reader for ${type satisfies never}.`);
  }
}

/** A float16 by its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
