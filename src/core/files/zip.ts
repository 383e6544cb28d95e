// zip archives, strictly: the central directory is believed only where the entries' own headers agree with it. Own code,
// because fflate (which inflates here) checks neither checksums nor overlaps, and inflates whatever an entry holds.
// PKWARE's APPNOTE 6.3; zip64 too, since archives of more than 65,535 pictures need it.
import { Inflate, inflateSync } from 'fflate';
import type { Pause } from './byte-reader.ts';
import { crc32 } from './crc32.ts';
import { invalid, messageOf } from './invalid.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes of the content. */
  readonly size: number;
  /** Of the packed bytes in the archive. */
  readonly offset: number;
  readonly packed: number;
  readonly isDeflated: boolean;
  readonly crc: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_ENTRIES = 1_000_000;
/** Pieces that are inflated at once: 64 KiB can become 66 MiB at most. */
const PIECE = 1 << 16;
const AGAIN = 'Make the zip file again';

interface Reading {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Files of the archive in the order of its directory; folders are left out.
 * @param bytes the whole archive
 * @throws LabError `dataset-invalid`: damaged, encrypted, names that leave the archive, entries that overlap
 */
export function zipEntries(bytes: Uint8Array, file: string): readonly ZipEntry[] {
  const reading = { file, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const directory = findDirectory(reading);
  const entries: (ZipEntry & { readonly header: number })[] = [];
  const names = new Set<string>();
  let at = directory.offset;
  for (let index = 0; index < directory.count; index++) {
    const { next, ...entry } = readEntry(reading, at, directory.offset + directory.size);
    at = next;
    if (names.has(entry.name))
      throw invalid(inside(file, entry.name), '', 'the zip file has it twice', AGAIN);
    names.add(entry.name);
    entries.push(entry);
  }
  if (at !== directory.offset + directory.size)
    throw invalid(
      file,
      `byte ${at}`,
      `its directory holds more than the ${directory.count} files announced`,
      AGAIN,
    );
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.header - b.header)) {
    if (entry.header < end || entry.offset + entry.packed > directory.offset)
      throw invalid(
        inside(file, entry.name),
        `byte ${entry.header}`,
        'it overlaps another part of the zip file',
        AGAIN,
      );
    end = entry.offset + entry.packed;
  }
  return entries.filter(({ name }) => !name.endsWith('/'));
}

/** "pictures.zip › cats/1.png": how messages name a file in an archive. */
export const inside = (file: string, name: string): string => `${file} › ${name}`;

/**
 * The content of an entry, held against its size and checksum.
 * @throws LabError `dataset-invalid` that names the entry
 */
export async function unzipped(
  bytes: Uint8Array,
  entry: ZipEntry,
  file: string,
  pause: Pause,
): Promise<Uint8Array<ArrayBuffer>> {
  const packed = bytes.subarray(entry.offset, entry.offset + entry.packed);
  const wrong = (reason: string): Error => invalid(inside(file, entry.name), '', reason, AGAIN);
  if (!entry.isDeflated && entry.size !== entry.packed)
    throw wrong(`${entry.size} bytes are announced and ${entry.packed} are there`);
  const content = new Uint8Array(entry.size);
  let length = 0;
  const take = (piece: Uint8Array): void => {
    if (length + piece.length > entry.size)
      throw wrong(`it holds more than the ${entry.size} bytes announced`);
    content.set(piece, length);
    length += piece.length;
  };
  try {
    if (!entry.isDeflated) take(packed);
    else if (packed.length <= PIECE) take(inflateSync(packed, { out: new Uint8Array(entry.size + 1) }));
    else {
      const inflater = new Inflate(take);
      for (let from = 0; from < packed.length; from += PIECE) {
        inflater.push(packed.subarray(from, from + PIECE), from + PIECE >= packed.length);
        await pause();
      }
    }
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'LabError') throw thrown;
    throw wrong(`it is damaged (${messageOf(thrown)})`);
  }
  if (length !== entry.size) throw wrong(`${entry.size} bytes are announced and ${length} are there`);
  if (crc32(content) !== entry.crc) throw wrong('its checksum is wrong: it is damaged');
  return content;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

function findDirectory(reading: Reading): Directory {
  const { file, bytes, view } = reading;
  const damaged = (reason: string): Error => invalid(file, `byte ${bytes.length}`, reason, AGAIN);
  let at = bytes.length - END_BYTES;
  const lowest = Math.max(0, at - 0xffff);
  while (
    at >= lowest &&
    !(view.getUint32(at, true) === END && view.getUint16(at + 20, true) === bytes.length - at - END_BYTES)
  )
    at--;
  if (at < lowest || at < 0) throw damaged('the zip file has no end record: it was cut off');
  let [count, size, offset] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 12, true),
    view.getUint32(at + 16, true),
  ];
  if (view.getUint16(at + 4, true) !== view.getUint16(at + 6, true))
    throw damaged('the zip file is one part of several');
  let end = at;
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    const locator = at - 20;
    if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64)
      throw damaged('the zip file announces a zip64 record that is not there');
    end = long(view, locator + 8);
    if (!(end <= locator - 56) || view.getUint32(end, true) !== END_64)
      throw damaged(`its zip64 record is said to stand at byte ${end}, where it is not`);
    [count, size, offset] = [long(view, end + 32), long(view, end + 40), long(view, end + 48)];
  }
  if (!(offset + size <= end))
    throw damaged(`its directory is said to end at byte ${offset + size}, beyond byte ${end}`);
  if (count > MAX_ENTRIES || count * 46 > size)
    throw damaged(`${count} files are announced in a directory of ${size} bytes`);
  return { offset, size, count };
}

/** An unsigned 64-bit number; beyond 2⁵³ it is only known to be too large. */
function long(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

const text = new TextDecoder();

function readEntry({ file, bytes, view }: Reading, at: number, end: number) {
  const wrong = (reason: string): Error => invalid(file, `byte ${at}`, reason, AGAIN);
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw wrong('its directory is damaged');
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
    view.getUint16(at + field, true),
  ) as [number, number, number];
  const next = at + 46 + nameBytes + extraBytes + commentBytes;
  if (next > end) throw wrong('its directory is damaged');
  const rawName = bytes.subarray(at + 46, at + 46 + nameBytes);
  const name = text.decode(rawName);
  checkName(file, name, at);
  const entryWrong = (reason: string, todo = AGAIN): Error => invalid(inside(file, name), '', reason, todo);
  if ((view.getUint16(at + 8, true) & 1) === 1)
    throw entryWrong('it is encrypted', 'Make the zip file without a password');
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8)
    throw entryWrong(`it is packed by method ${method}`, 'Make the zip file with the usual method, deflate');
  const sizes = withZip64(view, at, at + 46 + nameBytes, extraBytes);
  if (!sizes) throw entryWrong('it announces zip64 sizes that are not there');
  const { size, packed, header } = sizes;
  if (!(header + 30 <= bytes.length) || view.getUint32(header, true) !== LOCAL)
    throw entryWrong(`it is said to stand at byte ${header}, where it is not`);
  const localName = view.getUint16(header + 26, true);
  const offset = header + 30 + localName + view.getUint16(header + 28, true);
  if (!(offset + packed <= bytes.length))
    throw entryWrong(`its ${packed} bytes reach beyond the end of the zip file`);
  const isSame = localName === nameBytes && rawName.every((byte, i) => byte === bytes[header + 30 + i]);
  if (!isSame) throw entryWrong('its own header has another name than the directory');
  return {
    name,
    size,
    packed,
    offset,
    header,
    isDeflated: method === 8,
    crc: view.getUint32(at + 16, true),
    next,
  };
}

/** The sizes and the place of an entry; null where zip64 numbers are announced and missing. */
function withZip64(view: DataView, at: number, extra: number, extraBytes: number) {
  const fields = {
    size: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    header: view.getUint32(at + 42, true),
  };
  const open = (['size', 'packed', 'header'] as const).filter((name) => fields[name] === 0xffffffff);
  if (open.length === 0) return fields;
  for (let field = extra; field + 4 <= extra + extraBytes; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    if (view.getUint16(field + 2, true) < 8 * open.length || field + 4 + 8 * open.length > extra + extraBytes)
      return null;
    for (const [index, name] of open.entries()) fields[name] = long(view, field + 4 + 8 * index);
    return fields;
  }
  return null;
}

function checkName(file: string, name: string, at: number): void {
  const leaves = name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..');
  const isPlain = [...name].every((letter) => letter >= ' ' && letter !== '\\');
  if (!leaves && name !== '' && isPlain) return;
  throw invalid(
    file,
    `byte ${at}`,
    leaves
      ? `the name ${JSON.stringify(name)} leaves the archive`
      : `${JSON.stringify(name)} is no name of a file`,
    AGAIN,
  );
}
