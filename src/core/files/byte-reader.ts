// Reads a stream of chunks as if it were one file, without ever holding more than one chunk and one answer.

export type Chunks = AsyncIterable<Uint8Array>;

/** Lets other work of the thread happen, and throws where the loading was cancelled. Called every few milliseconds. */
export type Pause = () => Promise<void>;

/** A file by name whose bytes can be streamed: a picked file, a response, a file on disk. */
export interface NamedFile {
  readonly name: string;
  /** Bytes, or null where it is not known before the end. */
  readonly size: number | null;
  chunks(): Chunks;
}

export interface ByteReader {
  /** Bytes consumed so far. */
  readonly offset: number;
  /** The next bytes without consuming them; fewer than asked for only at the end. */
  peek(count: number): Promise<Uint8Array>;
  /** The next bytes in an array of their own; fewer than asked for only at the end. */
  read(count: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Consumes bytes; answers how many there were. */
  skip(count: number): Promise<number>;
  /** Consumes what is left; answers how many bytes there were. */
  drain(): Promise<number>;
  /** Ends the stream below, read or not. */
  close(): Promise<void>;
}

export function byteReader(chunks: Chunks): ByteReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let current = new Uint8Array(0) as Uint8Array;
  let offset = 0;
  let ended = false;

  const pull = async (): Promise<boolean> => {
    while (!ended && current.length === 0) {
      const next = await iterator.next();
      if (next.done) ended = true;
      else current = next.value;
    }
    return current.length > 0;
  };
  const take = async (count: number, target: Uint8Array | null): Promise<number> => {
    let done = 0;
    while (done < count && (await pull())) {
      const piece = current.subarray(0, count - done);
      target?.set(piece, done);
      done += piece.length;
      current = current.subarray(piece.length);
    }
    offset += done;
    return done;
  };

  return {
    get offset() {
      return offset;
    },
    async peek(count) {
      while (current.length < count && !ended) {
        const next = await iterator.next();
        if (next.done) ended = true;
        else current = joined(current, next.value);
      }
      return current.subarray(0, count);
    },
    async read(count) {
      const target = new Uint8Array(count);
      const done = await take(count, target);
      return done === count ? target : target.slice(0, done);
    },
    skip: (count) => take(count, null),
    drain: () => take(Number.POSITIVE_INFINITY, null),
    async close() {
      ended = true;
      current = new Uint8Array(0);
      await iterator.return?.();
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Everything that is left, or null where it is more than `limit` bytes. */
export async function readAll(
  reader: ByteReader,
  limit: number,
  sizeHint?: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  let bytes = new Uint8Array(Math.min(limit, Math.max(sizeHint ?? 0, 1 << 16)));
  let length = 0;
  for (;;) {
    const piece = await reader.read(1 << 20);
    if (length + piece.length > limit) return null;
    if (length + piece.length > bytes.length) {
      const grown = new Uint8Array(Math.min(limit, Math.max(bytes.length * 2, length + piece.length)));
      grown.set(bytes.subarray(0, length));
      bytes = grown;
    }
    bytes.set(piece, length);
    length += piece.length;
    if (piece.length < 1 << 20) return length === bytes.length ? bytes : bytes.slice(0, length);
  }
}
