// What a file is, from its first bytes, so that a wrong file gets a message of its own.
import { isGzip } from './gunzip.ts';
import { invalid } from './invalid.ts';

export type FileKind =
  | 'empty'
  | 'gzip'
  | 'tar'
  | 'parquet'
  | 'zip'
  | 'png'
  | 'html'
  | 'text'
  | 'idx'
  | 'safetensors'
  | 'pickle'
  | 'binary';

/** Bytes that `sniff` wants to see. */
export const SNIFF_BYTES = 512;

/** @param head the first `SNIFF_BYTES` bytes, fewer where the file is shorter */
export function sniff(head: Uint8Array): FileKind {
  if (head.length === 0) return 'empty';
  if (isGzip(head)) return 'gzip';
  if (ascii(head, 257, 5) === 'ustar') return 'tar';
  const magic = ascii(head, 0, 4);
  if (magic === 'PAR1') return 'parquet';
  if (magic === 'PK\x03\x04') return 'zip';
  if (magic === '\x89PNG') return 'png';
  if (isSafetensors(head)) return 'safetensors';
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(ascii(head, 0, 64))) return 'html';
  if (
    head.length >= 8 &&
    head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127))
  ) {
    return 'text';
  }
  const [first, second, type, dimensions] = head;
  if (first === 0 && second === 0 && type === 8 && (dimensions === 1 || dimensions === 3)) return 'idx';
  if (first === 0x80 && (second === 2 || second === 3 || second === 4)) return 'pickle';
  return 'binary';
}

/** The error for a file that no dataset comes in, or null for kinds that may hold one. */
export function refusal(file: string, kind: FileKind, head: Uint8Array, wanted: string): Error | null {
  const next = `Choose ${wanted}`;
  switch (kind) {
    case 'empty':
      return invalid(file, '', 'the file is empty', next);
    case 'html':
      return invalid(file, 'byte 0', 'this is a web page, not the data', next);
    case 'text':
      return invalid(
        file,
        'byte 0',
        `this is a text file (it begins "${ascii(head, 0, 24).replace(/\s+/g, ' ').trim()}")`,
        next,
      );
    case 'zip':
      return invalid(file, 'byte 0', 'this is a zip file', `Unpack it, then choose ${wanted}`);
    case 'png':
      return invalid(file, 'byte 0', 'this is a single PNG picture', next);
    case 'gzip':
    case 'tar':
    case 'parquet':
    case 'idx':
    case 'safetensors':
    case 'pickle':
    case 'binary':
      return null;
    default:
      return kind satisfies never;
  }
}

/** Eight bytes of header length, then a JSON object. */
function isSafetensors(head: Uint8Array): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false;
  return head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

export function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
