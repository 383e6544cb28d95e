// The safetensors format (Hugging Face): eight bytes of header length, a JSON header, then the tensors' bytes.
// The lab writes float32 only; reading is strict, since a checkpoint may come from anywhere.
import { LabError } from './failure.ts';
import { elements } from './layers.ts';

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** The reference implementation refuses longer headers. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;

const invalid = (message: string): LabError => new LabError('checkpoint-incompatible', message);

/**
 * A safetensors file as pieces that follow one another: length and header, then one view of each tensor's bytes, no
 * copy. The header is padded with spaces to a multiple of eight, so that the data is aligned.
 */
export function safetensorsPieces(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer>[] {
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', metadata]);
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    if (elements(shape) !== values.length)
      throw invalid(
        `Tensor ${name} has ${values.length} values, its shape [${shape.join(', ')}] needs ${elements(shape)}.`,
      );
    const end = offset + values.byteLength;
    header.push([name, { dtype: 'F32', shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES;
  const head = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, LENGTH_BYTES);
  return [
    head,
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}

/** The same in one array. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const pieces = safetensorsPieces(tensors, metadata);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** A tensor of any type as it stands in the file; `data` is a view. */
interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * All tensors of a file. Strict: every byte of the data belongs to exactly one tensor, in order and without holes.
 * Throws LabError `checkpoint-incompatible` that names the tensor and the size.
 */
export function safetensorsEntries(bytes: Uint8Array): {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
} {
  const start = dataStart(bytes);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  const metadata = readMetadata(header['__metadata__']);
  const places = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const size = bytes.length - start;
  let position = 0;
  const entries = places.map(({ name, dtype, shape, begin, end }): Entry => {
    if (begin !== position || end > size)
      throw invalid(
        `Tensor ${name} stands at bytes ${begin} to ${end}; ${position} to at most ${size} was expected.`,
      );
    position = end;
    return { name, dtype, shape, data: bytes.subarray(start + begin, start + end) };
  });
  if (position !== size) throw invalid(`The file has ${size - position} bytes after its last tensor.`);
  return { metadata, entries };
}

/** Names of the tensors, from the beginning of a file alone. Throws LabError `checkpoint-incompatible`. */
export function safetensorsNames(beginning: Uint8Array): readonly string[] {
  const header = parseHeader(beginning.subarray(LENGTH_BYTES, dataStart(beginning)));
  return Object.keys(header).filter((name) => name !== '__metadata__');
}

/** Reads float32 tensors, in memory of their own. Throws like `safetensorsEntries`. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { metadata, entries } = safetensorsEntries(bytes);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, dtype, shape, data } of entries) {
    if (dtype !== 'F32') throw invalid(`Tensor ${name} is ${dtype}; only F32 can be read.`);
    const values = new Float32Array(data.length / FLOAT_BYTES);
    new Uint8Array(values.buffer).set(data);
    tensors.set(name, { name, shape, values });
  }
  return { metadata, tensors };
}

function dataStart(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES)
    throw invalid(`A safetensors file has at least 8 bytes, this one has ${bytes.length}.`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES) || Number(length) > bytes.length - LENGTH_BYTES)
    throw invalid(`The header is said to have ${length} bytes, the file has ${bytes.length}.`);
  return LENGTH_BYTES + Number(length);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid('The header of the safetensors file is not JSON.');
  }
  if (!isRecord(header)) throw invalid('The header of the safetensors file is not an object.');
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string'))
    throw invalid('The metadata of the safetensors file is not an object of texts.');
  return value as Record<string, string>;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Bytes of a value, by type; the names are the format's. */
const VALUE_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

function readEntry(
  name: string,
  value: unknown,
): { name: string; dtype: string; shape: number[]; begin: number; end: number } {
  if (!isRecord(value)) throw invalid(`Tensor ${name} has no description.`);
  const { dtype, shape, data_offsets: offsets } = value;
  const bytes =
    typeof dtype === 'string' && Object.hasOwn(VALUE_BYTES, dtype) ? VALUE_BYTES[dtype] : undefined;
  if (bytes === undefined) throw invalid(`Tensor ${name} is ${String(dtype)}; only F32 can be read.`);
  if (!Array.isArray(shape) || !shape.every(isSize)) throw invalid(`Tensor ${name} has no legal shape.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw invalid(`Tensor ${name} has no legal offsets.`);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== elements(shape) * bytes)
    throw invalid(
      `Tensor ${name} of shape [${shape.join(', ')}] has ${end - begin} bytes, not ${elements(shape) * bytes}.`,
    );
  return { name, dtype: String(dtype), shape, begin, end };
}
