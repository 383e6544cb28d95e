// The npy format of NumPy (versions 1 to 3): a header that is a Python dictionary, then the values. The header is matched
// word by word and never run; Python objects are refused.
import { invalid } from './invalid.ts';
import { countOf, type NumberArray, type NumberType, numberTypes } from './number-array.ts';
import { ascii } from './sniff.ts';

const MAX_HEADER = 1 << 16;

const types: Readonly<Record<string, NumberType>> = {
  '|b1': 'bool',
  '|u1': 'u8',
  '|i1': 'i8',
  '<u1': 'u8',
  '<i1': 'i8',
  '<u2': 'u16',
  '<i2': 'i16',
  '<u4': 'u32',
  '<i4': 'i32',
  '<u8': 'u64',
  '<i8': 'i64',
  '<f2': 'f16',
  '<f4': 'f32',
  '<f8': 'f64',
};

/**
 * @param bytes the whole npy file
 * @param name of the array
 * @param file for messages
 * @throws LabError `dataset-invalid`: damaged, another order or type than can be read, Python objects
 */
export function readNpy(bytes: Uint8Array, name: string, file: string): NumberArray {
  const again = 'Save the array again with np.savez';
  if (ascii(bytes, 0, 6) !== '\x93NUMPY') throw invalid(file, 'byte 0', 'this is no npy array', again);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  if (version < 1 || version > 3 || bytes.length < start)
    throw invalid(file, 'byte 6', `npy version ${version} is not known`, again);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER || start + length > bytes.length)
    throw invalid(file, 'byte 8', `a header of ${length} bytes is announced in ${bytes.length} bytes`, again);
  const { descr, order, shape } = readHeader(ascii(bytes, start, length), file, again);
  const type = typeOf(descr, file);
  if (order === 'True')
    throw invalid(
      file,
      'fortran_order',
      'the array is stored column by column (Fortran order)',
      'Save np.ascontiguousarray(array)',
    );
  const data = bytes.subarray(start + length);
  const wanted = countOf(shape) * numberTypes[type];
  if (data.length !== wanted) {
    const needs = Number.isFinite(wanted) ? `needs ${wanted} bytes` : 'is larger than any file';
    throw invalid(
      file,
      'shape',
      `shape (${shape.join(', ')}) of ${descr} ${needs}; ${data.length} bytes are there`,
      again,
    );
  }
  return { name, type, shape, bytes: data };
}

interface Header {
  readonly descr: string;
  readonly order: string;
  readonly shape: readonly number[];
}

/** {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, the keys in any order, once each. */
function readHeader(header: string, file: string, again: string): Header {
  const body = /^\s*\{(.*)\}\s*$/s.exec(header)?.[1];
  const found = new Map<string, string>();
  let rest = body ?? '';
  const pair = /^\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|\[.*\]|True|False|\([\d\s,L]*\))\s*(?:,|$)/s;
  for (let match = pair.exec(rest); match; match = pair.exec(rest)) {
    if (found.has(match[1] as string)) break;
    found.set(match[1] as string, match[2] as string);
    rest = rest.slice(match[0].length);
  }
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key) ?? '') as [
    string,
    string,
    string,
  ];
  const isWhole = body !== undefined && rest.trim() === '' && found.size === 3;
  if (!isWhole || !/^(True|False)$/.test(order) || !shape.startsWith('('))
    throw invalid(
      file,
      'header',
      `the header is not an npy one: ${JSON.stringify(header.slice(0, 80).trim())}`,
      again,
    );
  const sizes = (shape.match(/\d+/g) ?? []).map(Number);
  return { descr, order, shape: sizes };
}

function typeOf(descr: string, file: string): NumberType {
  const known = types[descr.slice(1, -1)];
  if (known && descr.startsWith("'")) return known;
  if (descr.includes('O'))
    throw invalid(
      file,
      'descr',
      'the array holds Python objects (a pickle), which can run any code when they are read',
      'Save plain numbers: x of uint8 or float32, y of int64',
    );
  if (descr.startsWith("'>"))
    throw invalid(
      file,
      'descr',
      `the numbers are big-endian (${descr})`,
      "Save array.astype(array.dtype.newbyteorder('<'))",
    );
  throw invalid(
    file,
    'descr',
    `values of type ${descr} cannot be read`,
    'Save x as uint8 or float32 and y as int64',
  );
}
