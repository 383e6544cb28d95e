// gzip as a stream (RFC 1952), several members too, by fflate; CRC and length of every member are checked here,
// because fflate does not. What it may inflate to is capped in bytes and in ratio.
import { Gunzip } from 'fflate';
import type { Chunks } from './byte-reader.ts';
import { crc32 } from './crc32.ts';
import { invalid, messageOf } from './invalid.ts';

/** Input given to the inflater at once: 64 KiB can become 66 MiB at most. */
const PIECE = 1 << 16;
/** Real images never shrink this far; only looked at beyond RATIO_FROM bytes. */
const MAX_RATIO = 200;
const RATIO_FROM = 16 << 20;

const AGAIN = 'Get the file again';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Inflates a gzip stream.
 * @param file its name, for messages
 * @param maxBytes inflated bytes beyond which it is refused
 * @throws LabError `dataset-invalid`: truncated, damaged, bytes after the end, or too large
 */
export async function* gunzip(file: string, chunks: Chunks, maxBytes: number): AsyncGenerator<Uint8Array> {
  const state: Member = { crc: 0, size: 0, inflated: 0, read: 0, tail: new Uint8Array(0), out: [] };
  const inflater = new Gunzip((data) => {
    state.crc = crc32(data, state.crc);
    state.size = (state.size + data.length) >>> 0;
    state.inflated += data.length;
    if (data.length > 0) state.out.push(data);
  });
  inflater.onmember = (start) => {
    checkTrailer(file, state, start);
    state.crc = 0;
    state.size = 0;
  };
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PIECE) {
      const piece = chunk.subarray(from, from + PIECE);
      state.tail = lastBytes(state.tail, piece);
      state.read += piece.length;
      push(file, inflater, piece, false, state);
      if (state.inflated > maxBytes) {
        throw invalid(
          file,
          `byte ${state.read}`,
          `the gzip data inflates to more than ${maxBytes} bytes`,
          'Choose the original file',
        );
      }
      if (state.inflated > RATIO_FROM && state.inflated > MAX_RATIO * state.read) {
        throw invalid(
          file,
          `byte ${state.read}`,
          `the gzip data inflates more than ${MAX_RATIO} times, which images do not`,
          'Choose the original file',
        );
      }
      yield* state.out.splice(0);
    }
  }
  push(file, inflater, new Uint8Array(0), true, state);
  checkTrailer(file, state, state.read);
  yield* state.out.splice(0);
}

interface Member {
  crc: number;
  size: number;
  inflated: number;
  read: number;
  /** The newest input: always enough to hold the trailer of the member before the current one. */
  tail: Uint8Array;
  out: Uint8Array[];
}

/** A member's header can be as long as its file name; so is what has to be kept to look back at the trailer. */
const TAIL = PIECE + 64;

function lastBytes(tail: Uint8Array, piece: Uint8Array): Uint8Array {
  const kept = tail.subarray(Math.max(0, tail.length - (TAIL - piece.length)));
  const both = new Uint8Array(kept.length + piece.length);
  both.set(kept);
  both.set(piece, kept.length);
  return both;
}

function push(file: string, inflater: Gunzip, piece: Uint8Array, final: boolean, state: Member): void {
  try {
    inflater.push(piece, final);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'LabError') throw thrown;
    const reason = messageOf(thrown);
    throw reason === 'unexpected EOF'
      ? truncated(file, state.read)
      : invalid(
          file,
          `byte ${state.read}`,
          `the gzip data is damaged, or is followed by something else (${reason})`,
          AGAIN,
        );
  }
}

const truncated = (file: string, read: number) =>
  invalid(file, `byte ${read}`, 'the file ends in the middle of its gzip data: it was cut off', AGAIN);

/** The eight bytes before `end` (offset in the input) must be CRC and length of the member before. */
function checkTrailer(file: string, state: Member, end: number): void {
  const at = state.tail.length - (state.read - end) - 8;
  if (state.read < 18) throw truncated(file, state.read);
  if (at < 0) throw invalid(file, `byte ${end}`, 'the header of a gzip member is too long', AGAIN);
  const trailer = new DataView(state.tail.buffer, state.tail.byteOffset + at, 8);
  if (trailer.getUint32(0, true) !== state.crc || trailer.getUint32(4, true) !== state.size) {
    throw invalid(
      file,
      `byte ${end - 8}`,
      'checksum or length at the end of the gzip data is wrong: the file is damaged or cut off',
      AGAIN,
    );
  }
}
