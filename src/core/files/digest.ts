// SHA-256 in pieces, so that hashing 180 MB neither blocks a thread nor needs the bytes joined.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Split } from '../dataset.ts';
import type { Pause } from './byte-reader.ts';

export interface Digest {
  add(bytes: Uint8Array): void;
  /** 64 hex digits; nothing may be added after. */
  hex(): string;
}

export function digest(): Digest {
  const hash = sha256.create();
  return { add: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) };
}

/** Bytes hashed between two pauses: about 10 ms. */
const PIECE = 2 << 20;

/**
 * The SHA-256 that identifies a dataset: train images, train labels, test images, test labels, one after the other.
 * @param onBytes told how many bytes are hashed, now and then
 * @param about hashed after them: what else makes own data what it is
 */
export async function datasetSha256(
  train: Split,
  test: Split,
  pause: Pause,
  onBytes: (done: number, total: number) => void = () => {},
  about = '',
): Promise<string> {
  const parts = [train.images, train.labels, test.images, test.labels];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const hash = digest();
  let done = 0;
  for (const part of parts) {
    for (let from = 0; from < part.length; from += PIECE) {
      const piece = part.subarray(from, from + PIECE);
      hash.add(piece);
      done += piece.length;
      onBytes(done, total);
      await pause();
    }
  }
  hash.add(new TextEncoder().encode(about));
  return hash.hex();
}
