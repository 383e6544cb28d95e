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

/**
 * Reads float32 tensors. Strict: every byte of the data belongs to exactly one tensor, in order and without holes.
 * Throws LabError `checkpoint-incompatible` that names the tensor and the size.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const start = dataStart(bytes);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start));
  const metadata = readMetadata(header['__metadata__']);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const size = bytes.length - start;
  const tensors = new Map<string, NamedTensor>();
  let position = 0;
  for (const { name, shape, begin, end } of entries) {
    if (begin !== position || end > size)
      throw invalid(
        `Tensor ${name} stands at bytes ${begin} to ${end}; ${position} to at most ${size} was expected.`,
      );
    const values = new Float32Array((end - begin) / FLOAT_BYTES);
    new Uint8Array(values.buffer).set(bytes.subarray(start + begin, start + end));
    tensors.set(name, { name, shape, values });
    position = end;
  }
  if (position !== size) throw invalid(`The file has ${size - position} bytes after its last tensor.`);
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

function readEntry(
  name: string,
  value: unknown,
): { name: string; shape: number[]; begin: number; end: number } {
  if (!isRecord(value)) throw invalid(`Tensor ${name} has no description.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== 'F32') throw invalid(`Tensor ${name} is ${String(dtype)}; only F32 can be read.`);
  if (!Array.isArray(shape) || !shape.every(isSize)) throw invalid(`Tensor ${name} has no legal shape.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw invalid(`Tensor ${name} has no legal offsets.`);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== elements(shape) * FLOAT_BYTES)
    throw invalid(
      `Tensor ${name} of shape [${shape.join(', ')}] has ${end - begin} bytes, not ${elements(shape) * FLOAT_BYTES}.`,
    );
  return { name, shape, begin, end };
}
