// Text small enough for an address: deflated, in base64url. Reading stops at a cap, so that a small text cannot unfold
// into a large one.
import { deflateSync, Inflate } from 'fflate';
import { LabError } from './failure.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGITS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** Bytes given to the inflater at once: deflate makes at most 1,032 bytes of one, so the cap is overstepped little. */
const PIECE_BYTES = 32;

/** Base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at] as number, bytes[at + 1], bytes[at + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const letters = b === undefined ? 2 : c === undefined ? 3 : 4;
    for (let i = 0; i < letters; i++) text += ALPHABET[(word >> (18 - 6 * i)) & 63];
  }
  return text;
}

/** The bytes of base64url without padding; null where it is not that. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [word, bits, at] = [0, 0, 0];
  for (const letter of text) {
    const digit = DIGITS.get(letter);
    if (digit === undefined) return null;
    word = ((word << 6) | digit) & 0xff_ffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 255;
  }
  // Bits that say nothing have to be zero: one text, one meaning.
  return (word & ((1 << bits) - 1)) === 0 ? bytes : null;
}

/** Text as deflated base64url. */
export function packText(text: string): string {
  return toBase64Url(deflateSync(new TextEncoder().encode(text), { level: 9 }));
}

/** The text that was packed. Throws LabError `config-invalid` where it is damaged or unfolds to more than `cap` bytes. */
export function unpackText(packed: string, cap: number): string {
  const invalid = (what: string): LabError => new LabError('config-invalid', what);
  const bytes = fromBase64Url(packed);
  if (!bytes || bytes.length === 0) throw invalid('it is not base64url');
  const pieces: Uint8Array[] = [];
  let [size, isWhole] = [0, false];
  const inflate = new Inflate((piece, final) => {
    size += piece.length;
    if (size > cap) throw invalid(`it unfolds to more than ${cap} bytes`);
    pieces.push(piece);
    isWhole ||= final;
  });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      inflate.push(bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
  } catch (error) {
    throw error instanceof LabError ? error : invalid('it is damaged');
  }
  if (!isWhole) throw invalid('it is cut off');
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(whole);
  } catch {
    throw invalid('it is not text');
  }
}
