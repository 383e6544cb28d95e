// idx, the format of MNIST and its kin: two zero bytes, a type, the number of dimensions, the dimensions as
// big-endian uint32, then the data. http://yann.lecun.com/exdb/mnist/ ("The IDX file format").
import { invalid } from './invalid.ts';

export interface Idx {
  readonly dimensions: readonly number[];
  /** Shares the buffer of the file. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const AGAIN = 'Get the file again';
const TYPES: Readonly<Record<number, string>> = {
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};

/**
 * Reads an idx file of unsigned bytes.
 * @param dimensions how many dimensions it must have: 3 for grey images (count, height, width), 1 for labels
 * @throws LabError `dataset-invalid` with file, byte and reason
 */
export function readIdx(bytes: Uint8Array<ArrayBuffer>, file: string, dimensions: number): Idx {
  const magic = `0x${[...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const wanted = `0x0000080${dimensions}`;
  if (bytes.length < 4) throw invalid(file, `byte ${bytes.length}`, 'the file ends within its header', AGAIN);
  const [first, second, type, rank] = bytes as unknown as [number, number, number, number];
  if (first !== 0 || second !== 0) {
    const swapped = rank === 0 && type === 0 && second === 8;
    const why = swapped ? ' (its byte order is swapped)' : '';
    throw invalid(
      file,
      'byte 0',
      `this is no idx file: it begins with ${magic} and not with ${wanted}${why}`,
      AGAIN,
    );
  }
  if (type !== 8) {
    const name = TYPES[type];
    throw invalid(
      file,
      'byte 2',
      `its numbers are ${name ?? `of the unknown type ${type}`}, not unsigned bytes`,
      'Choose the file of bytes',
    );
  }
  if (rank !== dimensions) {
    const hint =
      dimensions === 3 && rank === 1
        ? ': these are labels'
        : dimensions === 1 && rank === 3
          ? ': these are images'
          : '';
    throw invalid(
      file,
      'byte 3',
      `it has ${rank} dimensions and not ${dimensions}${hint}`,
      'Check which file is which',
    );
  }
  const header = 4 + 4 * dimensions;
  if (bytes.length < header)
    throw invalid(file, `byte ${bytes.length}`, 'the file ends within its header', AGAIN);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const empty = sizes.indexOf(0);
  if (empty >= 0)
    throw invalid(file, `byte ${4 + 4 * empty}`, `dimension ${empty} is 0: there is nothing in it`, AGAIN);
  const product = sizes.reduce((total, size) => total * size, 1);
  const present = bytes.length - header;
  if (present !== product) {
    const reason = present < product ? 'the file was cut off' : 'something follows the data';
    throw invalid(
      file,
      `byte ${Math.min(bytes.length, header + product)}`,
      `${sizes.join(' × ')} = ${product} bytes are announced and ${present} are there: ${reason}`,
      AGAIN,
    );
  }
  return { dimensions: sizes, data: bytes.subarray(header) };
}
