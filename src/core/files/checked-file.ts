// A stream that is compared with the length and the SHA-256 that are known of it, while it is read.
import type { Chunks, NamedFile } from './byte-reader.ts';
import { digest } from './digest.ts';
import { invalid } from './invalid.ts';

export interface KnownFile {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The same file; its stream throws `dataset-invalid` in place of ending where length or hash are not the known ones,
 * and as soon as it is too long. Whoever reads it to the end has read the right bytes.
 */
export function checkedFile(file: NamedFile, known: KnownFile): NamedFile {
  return { name: file.name, size: known.bytes, chunks: () => checked(file, known) };
}

async function* checked(file: NamedFile, known: KnownFile): Chunks {
  const hash = digest();
  let length = 0;
  for await (const chunk of file.chunks()) {
    length += chunk.length;
    if (length > known.bytes) {
      throw invalid(
        file.name,
        `byte ${known.bytes}`,
        `it is longer than the ${known.bytes} bytes known of it`,
        'Get the file again',
      );
    }
    hash.add(chunk);
    yield chunk;
  }
  if (length < known.bytes) {
    throw invalid(
      file.name,
      `byte ${length}`,
      `it ended early: ${known.bytes} bytes are known of it`,
      'Get the file again',
    );
  }
  const found = hash.hex();
  if (found !== known.sha256) {
    throw invalid(
      file.name,
      '',
      `its SHA-256 is ${found} and not the known ${known.sha256}: the file was changed or damaged`,
      'Get the file again',
    );
  }
}
