// tar as a stream: ustar, old V7, pax and GNU long names. Strict: anything doubtful is an error, nothing is guessed.
// Own code, because the reader we had at hand (modern-tar) needs web streams and DOM types, and lets cut archives pass.
import type { ByteReader } from './byte-reader.ts';
import { invalid } from './invalid.ts';
import { ascii } from './sniff.ts';

const BLOCK = 512;
const MAX_ENTRIES = 10_000;
const MAX_EXTENSION = 1 << 20;
/** The largest body that `read` accepts: a forged size must not become an allocation. */
const MAX_BODY = 512 << 20;
const AGAIN = 'Get the archive again';

export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes of the body. */
  readonly size: number;
  /** Offset of the body in the archive. */
  readonly offset: number;
  /** The whole body. May be called once, before the next entry; otherwise the body is skipped. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The entries of an archive, in order. Ends only at the archive's end blocks, so that a cut archive is never taken
 * for a whole one; reads the stream to its end, so that a gzip checksum below is checked.
 * @throws LabError `dataset-invalid` with file and offset
 */
export async function* tarEntries(reader: ByteReader, file: string): AsyncGenerator<TarEntry> {
  let extension: Extension = {};
  for (let count = 0; ; count++) {
    const at = reader.offset;
    const header = await reader.read(BLOCK);
    if (header.length < BLOCK) {
      throw invalid(file, `byte ${at}`, 'the archive ends without its end marker: it was cut off', AGAIN);
    }
    if (header.every((byte) => byte === 0)) break;
    if (count >= MAX_ENTRIES)
      throw invalid(file, `byte ${at}`, `the archive has more than ${MAX_ENTRIES} entries`, AGAIN);
    checkHeader(header, file, at);
    const type = String.fromCharCode(header[156] as number);
    const size = extension.size ?? number(header, 124, 12, file, at);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ('xgLK'.includes(type)) {
      if (size > MAX_EXTENSION) throw invalid(file, `byte ${at}`, `a name record of ${size} bytes`, AGAIN);
      const body = await exactly(reader, size, file);
      await skipped(reader, padding, file);
      if (type === 'x') extension = { ...extension, ...pax(body, file, at) };
      if (type === 'L') extension = { ...extension, name: text(body, 0, body.length) };
      continue;
    }
    const offset = reader.offset;
    let taken = false;
    yield {
      name: checkedName(extension.name ?? ustarName(header), file, at),
      kind: kindOf(type),
      size,
      offset,
      read: async () => {
        taken = true;
        if (size > MAX_BODY) throw invalid(file, `byte ${at}`, `an entry of ${size} bytes`, AGAIN);
        return exactly(reader, size, file);
      },
    };
    await skipped(reader, (taken ? 0 : size) + padding, file);
    extension = {};
  }
  await reader.drain();
}

interface Extension {
  name?: string;
  size?: number;
}

function kindOf(type: string): TarEntry['kind'] {
  if (type === '0' || type === '\0' || type === '7') return 'file';
  if (type === '5') return 'directory';
  return type === '1' || type === '2' ? 'link' : 'other';
}

function checkHeader(header: Uint8Array, file: string, at: number): void {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] as number);
  if (number(header, 148, 8, file, at) !== sum) {
    throw invalid(file, `byte ${at}`, 'this is no tar header (its checksum is wrong)', AGAIN);
  }
}

/** An octal number, or GNU's base 256 where the first bit is set. */
function number(header: Uint8Array, from: number, length: number, file: string, at: number): number {
  const field = header.subarray(from, from + length);
  let value = 0;
  if (((field[0] as number) & 0x80) !== 0) {
    if (field[0] !== 0x80)
      throw invalid(file, `byte ${at + from}`, 'a size below zero or beyond all bounds', AGAIN);
    for (const byte of field.subarray(1)) value = value * 256 + byte;
  } else {
    const digits = /^ *([0-7]*)[ \0]*$/.exec(ascii(field, 0, length));
    if (!digits || digits[1] === '')
      throw invalid(file, `byte ${at + from}`, 'a number in a tar header is not octal', AGAIN);
    value = Number.parseInt(digits[1] as string, 8);
  }
  if (!Number.isSafeInteger(value))
    throw invalid(file, `byte ${at + from}`, 'a size beyond all bounds', AGAIN);
  return value;
}

function text(bytes: Uint8Array, from: number, length: number): string {
  const end = bytes.subarray(from, from + length).indexOf(0);
  return new TextDecoder().decode(bytes.subarray(from, end < 0 ? from + length : from + end));
}

function ustarName(header: Uint8Array): string {
  const name = text(header, 0, 100);
  const prefix = ascii(header, 257, 6) === 'ustar\0' ? text(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Records "<length> <key>=<value>\n", the length counting itself (POSIX pax). */
function pax(body: Uint8Array, file: string, at: number): Extension {
  const found: Extension = {};
  for (let from = 0; from < body.length; ) {
    const length = Number.parseInt(ascii(body, from, 12), 10);
    const record = body.subarray(from, from + length);
    const space = record.indexOf(32);
    if (!(length >= 5) || record.length < length || space < 1 || record[length - 1] !== 10) {
      throw invalid(file, `byte ${at}`, 'a damaged pax header', AGAIN);
    }
    const [, key, value] = /^([^=]*)=([\s\S]*)\n$/.exec(text(record, space + 1, length)) ?? [];
    if (key === 'path') found.name = value as string;
    if (key === 'size') {
      const size = Number(value);
      if (!Number.isSafeInteger(size) || size < 0)
        throw invalid(file, `byte ${at}`, `a pax size of ${value}`, AGAIN);
      found.size = size;
    }
    from += length;
  }
  return found;
}

/** Nothing is ever unpacked to a path; a name that tries to leave the archive says that the archive is not genuine. */
function checkedName(name: string, file: string, at: number): string {
  if (name === '' || name.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(name) || name.includes('\0')) {
    throw invalid(
      file,
      `byte ${at}`,
      `an entry is called "${name.slice(0, 80)}", which leaves the archive`,
      AGAIN,
    );
  }
  return name;
}

async function exactly(reader: ByteReader, size: number, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const body = await reader.read(size);
  if (body.length < size) throw cut(file, reader.offset, size - body.length);
  return body;
}

async function skipped(reader: ByteReader, size: number, file: string): Promise<void> {
  const done = await reader.skip(size);
  if (done < size) throw cut(file, reader.offset, size - done);
}

const cut = (file: string, at: number, missing: number) =>
  invalid(file, `byte ${at}`, `the archive was cut off: ${missing} bytes of an entry are missing`, AGAIN);
