// A tar archive of plain files (ustar), the smallest that every reader takes.

const BLOCK = 512;

/**
 * The header block and the padding that surround a body of `size` bytes.
 * @param name at most 100 ASCII characters
 */
export function tarFrame(
  name: string,
  size: number,
): { readonly header: Uint8Array<ArrayBuffer>; readonly padding: number } {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  put(name, 0);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  put('        0', 148);
  put('ustar\x0000', 257);
  put(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    ),
    148,
  );
  return { header, padding: (BLOCK - (size % BLOCK)) % BLOCK };
}

/** A whole archive, end blocks included. */
export function tarArchive(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Uint8Array<ArrayBuffer> {
  const frames = files.map((file) => ({ ...tarFrame(file.name, file.bytes.length), bytes: file.bytes }));
  const total = frames.reduce((sum, frame) => sum + BLOCK + frame.bytes.length + frame.padding, 2 * BLOCK);
  const archive = new Uint8Array(total);
  let at = 0;
  for (const frame of frames) {
    archive.set(frame.header, at);
    archive.set(frame.bytes, at + BLOCK);
    at += BLOCK + frame.bytes.length + frame.padding;
  }
  return archive;
}
