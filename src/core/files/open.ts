// Opens a file whatever it is wrapped in: looks at the first bytes, inflates gzip, refuses what holds no data.
import { type ByteReader, byteReader, type Chunks, type NamedFile } from './byte-reader.ts';
import { gunzip } from './gunzip.ts';
import { invalid } from './invalid.ts';
import { type FileKind, refusal, SNIFF_BYTES, sniff } from './sniff.ts';

export interface Opened {
  /** What the content is, inflated. */
  readonly kind: Exclude<FileKind, 'gzip'>;
  readonly gzipped: boolean;
  /** Stands at the first byte of the inflated content. */
  readonly reader: ByteReader;
  /** Bytes of the content; null where the file is inflated on the way. */
  readonly size: number | null;
}

/**
 * @param wanted what should be chosen instead, for messages: "cifar-10-binary.tar.gz or its .bin files"
 * @param maxBytes bytes of inflated content beyond which the file is refused
 * @param takesZip a zip file is opened too, as it is
 * @throws LabError `dataset-invalid` for empty files, web pages, texts, zip files, single pictures, gzip in gzip
 */
export async function openFile(
  file: NamedFile,
  wanted: string,
  maxBytes: number,
  takesZip = false,
): Promise<Opened> {
  const outer = byteReader(file.chunks());
  try {
    const first = await look(file.name, outer, wanted, takesZip);
    if (first !== 'gzip') {
      if (file.size !== null && file.size > maxBytes) {
        throw invalid(
          file.name,
          '',
          `the file has ${file.size} bytes, more than the ${maxBytes} allowed`,
          `Choose ${wanted}`,
        );
      }
      return { kind: first, gzipped: false, reader: outer, size: file.size };
    }
    const reader = byteReader(gunzip(file.name, rest(outer), maxBytes));
    const kind = await look(file.name, reader, wanted);
    if (kind === 'gzip')
      throw invalid(file.name, 'byte 0', 'the file is gzipped twice', 'Unpack it once and choose the result');
    return { kind, gzipped: true, reader, size: null };
  } catch (thrown) {
    await outer.close();
    throw thrown;
  }
}

async function look(name: string, reader: ByteReader, wanted: string, takesZip = false): Promise<FileKind> {
  const head = await reader.peek(SNIFF_BYTES);
  const kind = sniff(head);
  const refused = takesZip && kind === 'zip' ? null : refusal(name, kind, head, wanted);
  if (refused) throw refused;
  return kind;
}

async function* rest(reader: ByteReader): Chunks {
  try {
    for (;;) {
      const piece = await reader.read(1 << 17);
      if (piece.length > 0) yield piece;
      if (piece.length < 1 << 17) return;
    }
  } finally {
    await reader.close();
  }
}
